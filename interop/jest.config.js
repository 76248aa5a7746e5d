/** Real clients on what the action leaves. `npm run interop`, and a matrix of what works. */
import usual from '../jest.config.js';

export default {
  ...usual,
  rootDir: '..',
  testMatch: ['<rootDir>/interop/**/*.test.ts'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/interop/setup.ts',
  reporters: ['default', '<rootDir>/interop/matrix-reporter.js'],
};
