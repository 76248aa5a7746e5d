// `npm run emulator`: starts the emulator, prints how to run the action against it, and stops on SIGINT or
// SIGTERM, or when its parent has ended.
// `npm run emulator -- --contracts`: prints what it refuses, and how sure we are that the real services do.
import { describeContracts } from './contracts.ts';
import { type Emulator, startEmulator } from './start.ts';

const [option, ...others] = process.argv.slice(2);
if (option === '--contracts' && others.length === 0) {
  process.stdout.write(describeContracts());
} else if (option === undefined) {
  await run();
} else {
  process.stderr.write('Usage: npm run emulator [-- --contracts]\n');
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const emulator = await startEmulator();
  const close = () =>
    emulator.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close);
  const parent = process.ppid; // the shell of `npm run`, which passes no signal on
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    void close();
  }, 1000).unref();
  // Last: a program that waits for this text may send a signal immediately.
  process.stdout.write(instructions(emulator));
}

function instructions({ urls, env, inputs, awsInputs }: Emulator): string {
  const variables = { ...env, OCI_EMULATOR_ENDPOINT: urls.oci, AWS_ENDPOINT_URL_S3: urls.s3 };
  return [
    '# The emulator is running. Its keys and secrets are valid only here. Press Ctrl-C to stop it.',
    `# GitHub OIDC issuer  ${urls.github}`,
    `# Identity domain     ${urls.domain}`,
    `# OCI APIs            ${urls.oci}`,
    `# AWS STS             ${urls.sts}`,
    `# S3 (path style)     ${urls.s3}`,
    '',
    '# Variables that a runner would set:',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    '',
    '# For a login to AWS as well, add these lines to the command below:',
    ...Object.entries(awsInputs).map((input) => `#${inputLine(input)}`),
    '',
    '# Run the action once. It uses env because a shell cannot export names with dashes:',
    'env \\',
    ...Object.entries(inputs).map(inputLine),
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
