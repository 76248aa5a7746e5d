/** The slow suites: everything that could go wrong, tried one by one. `npm run torture`, and a table of figures. */
import usual from '../jest.config.js';

export default {
  ...usual,
  rootDir: '..',
  testMatch: ['<rootDir>/torture/**/*.test.ts'],
  // Mostly waits, and so has a command of its own, which can run beside.
  testPathIgnorePatterns: ['<rootDir>/torture/endurance/'],
  testTimeout: 900_000,
  reporters: ['default', '<rootDir>/torture/figures-reporter.js'],
};
