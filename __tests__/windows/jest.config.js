/** `npm run windows`: `dist/` with Windows' Node under Wine, against the emulator. Needs Linux on x64. */
import usual from '../../jest.config.js';

export default {
  ...usual,
  rootDir: '../..',
  testMatch: ['<rootDir>/__tests__/windows/**/*.test.ts'],
  testTimeout: 900_000,
  globalSetup: '<rootDir>/__tests__/windows/setup.ts',
  globalTeardown: '<rootDir>/__tests__/windows/teardown.ts',
};
