/** The slow suites: everything that could go wrong, tried one by one. `npm run stress`, and a table of figures. */
import usual from '../../jest.config.js';

export default {
  ...usual,
  rootDir: '../..',
  testMatch: ['<rootDir>/__tests__/stress/**/*.test.ts'],
  // Mostly waits, and so has a command of its own, which can run beside.
  testPathIgnorePatterns: ['<rootDir>/__tests__/stress/endurance/'],
  testTimeout: 900_000,
  reporters: ['default', '<rootDir>/__tests__/stress/figures-reporter.js'],
};
