/**
 * The commands of these tests are for a shell of POSIX systems, or their stand-ins for `gh`, `oci` and agents are shell scripts. What
 * differs on Windows is in __tests__/windows/exec.test.ts.
 */
const WITH_SHELL = [
  'by-hand|demo|hostile|network|packed',
  'audit.(audit|rules)|connect.(credentials|program)|doctor|domain|emit|exec.(exec|hostile|refresh|signals|sweep|tools)|github|iam',
  'journeys|login|remove|setup.(aws|fresh|refusals|runners|selection|shared|snippet|subject)|sources.command|token',
].join('|');

/** `npm run unit`. Tests are TypeScript in native ES modules; swc only strips the types. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  // Without braces: on Windows, Jest takes the slash before one for an escape.
  testMatch: ['unit', 'e2e', 'cli', 'repo'].map((name) => `<rootDir>/__tests__/${name}/**/*.test.ts`),
  // Installed clients of `npm run interop`.
  modulePathIgnorePatterns: ['<rootDir>/.interop/'],
  testPathIgnorePatterns:
    process.platform === 'win32' ? [`__tests__.cli.(${WITH_SHELL})\\b`] : ['/node_modules/'],
  testTimeout: 60_000,
  // Most tests wait for processes that they start.
  maxWorkers: '100%',
};
