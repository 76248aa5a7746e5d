/** `npm run unit`. Tests are TypeScript in native ES modules; swc only strips the types. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  // Without braces: on Windows, Jest takes the slash before one for an escape.
  testMatch: ['unit', 'e2e', 'cli', 'repo'].map((name) => `<rootDir>/__tests__/${name}/**/*.test.ts`),
  // Installed clients of `npm run interop`.
  modulePathIgnorePatterns: ['<rootDir>/.interop/'],
  testTimeout: 60_000,
  // Most tests wait for processes that they start.
  maxWorkers: '100%',
};
