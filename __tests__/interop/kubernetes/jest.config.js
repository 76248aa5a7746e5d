/** `npm run kubernetes`: kubectl and Helm after a login, as rows of the matrix. Building them takes minutes. */
import usual from '../../../jest.config.js';

export default {
  ...usual,
  rootDir: '../../..',
  testMatch: ['<rootDir>/__tests__/interop/kubernetes/*.test.ts'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/__tests__/interop/kubernetes/setup.ts',
  reporters: ['default', ['<rootDir>/__tests__/interop/matrix-reporter.js', { script: 'kubernetes' }]],
};
