// A stand-in for GitHub's command-line tool, with the commands that set up a repository: `secret`, `variable`, `auth` and
// `api`. Options, output and exit codes are those of gh 2. It writes its arguments, one line of JSON a call, to CALLS_FILE.
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { seal } from './sealed-box.ts';

const EXIT_ERROR = 1;
const EXIT_AUTH = 4;
const OPTIONS = {
  repo: { type: 'string', short: 'R' },
  env: { type: 'string', short: 'e' },
  body: { type: 'string', short: 'b' },
  method: { type: 'string', short: 'X' },
  input: { type: 'string' },
  'raw-field': { type: 'string', short: 'f', multiple: true },
  header: { type: 'string', short: 'H', multiple: true },
  hostname: { type: 'string', short: 'h' },
  include: { type: 'boolean', short: 'i' },
} as const;

class GhError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = EXIT_ERROR) {
    super(message);
    this.exitCode = exitCode;
  }
}

const args = process.argv.slice(2);
appendFileSync(process.env['CALLS_FILE'] ?? '/dev/null', `${JSON.stringify(['gh', ...args])}\n`);
const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
try {
  process.stdout.write(await run(positionals));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof GhError ? error.exitCode : EXIT_ERROR;
}

async function run([topic, command = '', name = '']: string[]): Promise<string> {
  switch (topic === 'api' ? topic : `${topic} ${command}`) {
    case 'auth token':
      return `${token()}\n`;
    case 'auth status':
      return `github.com\n  Logged in to github.com (${token() ? 'GH_TOKEN' : ''})\n`;
    case 'secret set':
      return setSecret(name);
    case 'secret delete':
      await request('DELETE', `${prefix()}/secrets/${name}`, 'failed to delete secret ');
      return '';
    case 'variable set':
      return setVariable(name);
    case 'variable delete':
      await request('DELETE', `${prefix()}/variables/${name}`, 'failed to delete variable ');
      return '';
    case 'api':
      return JSON.stringify(
        await request(
          values.method ?? (values['raw-field'] ? 'POST' : 'GET'),
          `/${command.replace(/^\//, '')}`,
          'gh: ',
          input(),
        ),
      );
    default:
      throw new GhError(`unknown command "${topic}" for "gh"`);
  }
}

async function setSecret(name: string): Promise<string> {
  const value = valueFromInput();
  const { key, key_id } = await request(
    'GET',
    `${prefix()}/secrets/public-key`,
    'failed to fetch public key: ',
  );
  const body = { encrypted_value: seal(value, String(key)), key_id };
  await request('PUT', `${prefix()}/secrets/${name}`, 'failed to set secret: ', body);
  return '';
}

async function setVariable(name: string): Promise<string> {
  const body = { name, value: valueFromInput() };
  const post = `failed to set variable "${name}": `;
  try {
    await request('POST', `${prefix()}/variables`, post, body);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('HTTP 409')) throw error;
    await request('PATCH', `${prefix()}/variables/${name}`, post, body);
  }
  return '';
}

/** As gh does, without line breaks at the end. A value in the arguments would be visible to every user of the machine. */
function valueFromInput(): string {
  return values.body ?? readFileSync(0, 'utf8').replace(/[\r\n]+$/, '');
}

function input(): unknown {
  if (values['raw-field'])
    return Object.fromEntries(values['raw-field'].map((field) => field.split(/=(.*)/s, 2)));
  return values.input === undefined
    ? undefined
    : JSON.parse(readFileSync(values.input === '-' ? 0 : values.input, 'utf8'));
}

function prefix(): string {
  if (values.repo === undefined) throw new GhError('failed to determine base repo: not a git repository');
  const repository = `/repos/${values.repo.split('/').slice(-2).join('/')}`;
  return values.env === undefined
    ? `${repository}/actions`
    : `${repository}/environments/${encodeURIComponent(values.env)}`;
}

function token(): string {
  const stored = () => /oauth_token: *(\S+)/.exec(readHosts())?.[1];
  const found = process.env['GH_TOKEN'] || process.env['GITHUB_TOKEN'] || stored();
  if (found) return found;
  if (positionals[0] === 'auth') throw new GhError('no oauth token found for github.com');
  throw new GhError('To get started with GitHub CLI, please run:  gh auth login', EXIT_AUTH);
}

function readHosts(): string {
  try {
    return readFileSync(path.join(process.env['HOME'] ?? '', '.config/gh/hosts.yml'), 'utf8');
  } catch {
    return '';
  }
}

async function request(
  method: string,
  target: string,
  failure: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const url = `https://api.github.com${target}`;
  const response = await fetch(url, {
    method,
    headers: {
      Authorization: `token ${token()}`,
      Accept: 'application/vnd.github+json',
      'User-Agent': 'GitHub CLI 2.83.0',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new GhError(`error connecting to api.github.com: ${String(error)}`);
  });
  const text = await response.text();
  const result = Object(text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  if (response.ok) return result;
  throw new GhError(`${failure}HTTP ${response.status}: ${result['message']} (${url})`);
}
