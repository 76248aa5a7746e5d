// A stand-in for the agent of Buildkite, with the command `oidc request-token`. Flags, requests and exit codes are those of
// buildkite-agent 3 (clicommand/oidc_request_token.go). It writes its arguments, one line of JSON a call, to CALLS_FILE.
// It retries nothing, where the real one tries five times.
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const args = process.argv.slice(2);
appendFileSync(process.env['CALLS_FILE'] ?? '/dev/null', `${JSON.stringify(['buildkite-agent', ...args])}\n`);
await main().catch((error: unknown) => {
  process.stderr.write(`fatal: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values, positionals } = parse();
  if (positionals.join(' ') !== 'oidc request-token')
    throw new Error(`No help topic for '${positionals.join(' ')}'`);
  const { audience, lifetime = '0', job, 'agent-access-token': token, endpoint } = values;
  if (!/^-?\d+$/.test(lifetime))
    throw new Error(`invalid value "${lifetime}" for flag -lifetime: parse error`);
  if (Number(lifetime) < 0) throw new Error(`lifetime ${lifetime} must be a non-negative integer.`);
  if (!job) throw new Error('Missing job. See: `buildkite-agent oidc request-token --help`');
  if (!token) throw new Error('Missing agent-access-token. See: `buildkite-agent oidc request-token --help`');
  const response = await fetch(`${endpoint}/jobs/${job}/oidc/tokens`, {
    method: 'POST',
    headers: { Authorization: `Token ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...(audience && { audience }),
      ...(lifetime !== '0' && { lifetime: Number(lifetime) }),
    }),
  });
  const body = Object(await response.json()) as { token?: string; message?: string };
  if (!response.ok) {
    process.stderr.write(
      `error: Could not obtain OIDC token for ${audience ? `audience ${audience}` : 'default audience'}\n`,
    );
    throw new Error(`POST ${response.url}: ${response.status} ${body.message}`);
  }
  process.stdout.write(`${body.token}\n`);
}

function parse() {
  const { env } = process;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        audience: text,
        lifetime: text,
        job: { ...text, default: env['BUILDKITE_JOB_ID'] ?? '' },
        claim: { ...text, multiple: true },
        'skip-redaction': { type: 'boolean' },
        'agent-access-token': { ...text, default: env['BUILDKITE_AGENT_ACCESS_TOKEN'] ?? '' },
        endpoint: { ...text, default: env['BUILDKITE_AGENT_ENDPOINT'] ?? '' },
      },
    });
  } catch (error) {
    throw new Error(`Incorrect Usage: ${error instanceof Error ? error.message : String(error)}`);
  }
}
