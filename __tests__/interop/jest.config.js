/** `npm run interop`: real clients after a login. Ends with a matrix of what works. */
import usual from '../../jest.config.js';

export default {
  ...usual,
  rootDir: '../..',
  testMatch: ['<rootDir>/__tests__/interop/*.test.ts'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/__tests__/interop/setup.ts',
  reporters: ['default', '<rootDir>/__tests__/interop/matrix-reporter.js'],
};
