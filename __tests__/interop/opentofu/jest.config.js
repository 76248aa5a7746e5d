/** `npm run opentofu`: OpenTofu with its S3 backend after a login. Building it takes minutes. */
import usual from '../../../jest.config.js';

export default {
  ...usual,
  rootDir: '../../..',
  testMatch: ['<rootDir>/__tests__/interop/opentofu/*.test.ts'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/__tests__/interop/opentofu/setup.ts',
};
