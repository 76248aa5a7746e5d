// A stand-in for the command `circleci` inside a job, with `run oidc get`. It writes its arguments, one line of JSON a call,
// to CALLS_FILE. How the real one gets the token is not published.
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const args = process.argv.slice(2);
appendFileSync(process.env['CALLS_FILE'] ?? '/dev/null', `${JSON.stringify(['circleci', ...args])}\n`);
await main().catch((error: unknown) => {
  process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { claims: { type: 'string', default: '{}' }, 'root-issuer': { type: 'boolean' } },
  });
  if (positionals.join(' ') !== 'run oidc get')
    throw new Error(`unknown command "${positionals.join(' ')}" for "circleci"`);
  const claims: unknown = JSON.parse(values.claims);
  const response = await fetch(process.env['TOKEN_URL'] ?? '', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${process.env['TOKEN_BEARER']}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(claims),
  });
  const body = Object(await response.json()) as { token?: string; message?: string };
  if (!response.ok) throw new Error(`${response.status}: ${body.message}`);
  process.stdout.write(body.token ?? '');
}
