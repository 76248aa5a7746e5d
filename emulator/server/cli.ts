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

function instructions({ urls, env, inputs, awsInputs }: Emulator): string {
  const variables = { ...env, OCI_EMULATOR_ENDPOINT: urls.oci, AWS_ENDPOINT_URL_S3: urls.s3 };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const given = Object.entries(inputs).map(inputLine);
  const added = Object.entries(awsInputs).map((input) => `#${inputLine(input)}`);
  return [
    '# The emulator is up; its keys and secrets are worth nothing outside it. Ctrl-C ends it.',
    `# GitHub's issuer  ${urls.github}`,
    `# identity domain  ${urls.domain}`,
    `# OCI APIs         ${urls.oci}`,
    `# AWS STS          ${urls.sts}`,
    `# S3, path style   ${urls.s3}`,
    '',
    '# What the runner and its machine would provide:',
    ...exports,
    '',
    '# To go on to AWS, add to the run below:',
    ...added,
    '',
    '# One run of the action. A shell cannot export names with dashes, hence env:',
    'env \\',
    ...given,
    '  node dist/main.js',
    '',
  ].join('\n');
}

function inputLine([name, value]: [string, string]): string {
  return `  ${quoted(`INPUT_${name.toUpperCase()}=${value}`)} \\`;
}

/** POSIX shell quoting. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
