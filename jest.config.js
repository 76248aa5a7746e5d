/** `npm run unit`. Tests are TypeScript in native ES modules; swc only strips the types. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  testMatch: ['<rootDir>/__tests__/{unit,e2e,repo}/**/*.test.ts'],
  // Installed clients of `npm run interop`.
  modulePathIgnorePatterns: ['<rootDir>/.interop/'],
  testTimeout: 60_000,
  // Most tests wait for processes that they start.
  maxWorkers: '100%',
};
