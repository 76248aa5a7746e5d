/** `npm run stress`: faults, crashes, concurrency, fuzzing. Ends with a table of figures. */
import usual from '../../jest.config.js';

export default {
  ...usual,
  rootDir: '../..',
  testMatch: ['<rootDir>/__tests__/stress/**/*.test.ts'],
  // Mostly waits. It has its own command, which can run beside this one.
  testPathIgnorePatterns: ['<rootDir>/__tests__/stress/endurance/'],
  testTimeout: 900_000,
  reporters: ['default', '<rootDir>/__tests__/stress/figures-reporter.js'],
};
