// Starts the emulator by hand and says how to point a step at it; ends on SIGINT or SIGTERM.
// Must not know how any service works.
import { type Emulator, startEmulator } from './start.ts';

const emulator = await startEmulator();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    emulator.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  });
}
// Last, so that whoever waits for this text may send a signal at once.
process.stdout.write(instructions(emulator));

function instructions({ urls, env, inputs }: Emulator): string {
  const variables = { ...env, OCI_EMULATOR_ENDPOINT: urls.oci };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const given = Object.entries(inputs).map(
    ([name, value]) => `  ${quoted(`INPUT_${name.toUpperCase()}=${value}`)} \\`,
  );
  return [
    '# The emulator is up; its keys and secrets are worth nothing outside it. Ctrl-C ends it.',
    `# GitHub's issuer  ${urls.github}`,
    `# identity domain  ${urls.domain}`,
    `# OCI APIs         ${urls.oci}`,
    '',
    '# What the runner and its machine would provide:',
    ...exports,
    '',
    '# One run of the action. A shell cannot export names with dashes, hence env:',
    'env \\',
    ...given,
    '  node dist/main.js',
    '',
  ].join('\n');
}

/** POSIX shell quoting. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
