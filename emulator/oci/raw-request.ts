// A stand-in for `oci raw-request` of Oracle's command-line tool: signs with a profile of `~/.oci/config`, prints the
// response as JSON, and ends with 0 whatever its status. It writes its arguments to CALLS_FILE as the stand-in for `gh` does.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { parseArgs } from 'node:util';

const EXIT_ERROR = 1;
const EXIT_USAGE = 2;
const { values, positionals } = readArguments();

if (positionals.join(' ') === 'raw-request' && values['target-uri'] !== undefined) {
  await main().catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error), EXIT_ERROR),
  );
} else {
  fail(
    "Usage: oci raw-request --http-method METHOD --target-uri URI\n\nError: Missing option '--target-uri'.",
    EXIT_USAGE,
  );
}

function readArguments() {
  const args = process.argv.slice(2);
  appendFileSync(process.env['CALLS_FILE'] ?? '/dev/null', `${JSON.stringify(['oci', ...args])}\n`);
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      'http-method': { ...text, default: 'GET' },
      'target-uri': text,
      'request-body': text,
      'request-headers': text,
      profile: { ...text, default: process.env['OCI_CLI_PROFILE'] ?? 'DEFAULT' },
      'config-file': { ...text, default: process.env['OCI_CLI_CONFIG_FILE'] ?? '~/.oci/config' },
      auth: { ...text, default: process.env['OCI_CLI_AUTH'] ?? 'api_key' },
      region: text,
      output: text,
    },
  });
}

function fail(text: string, exitCode: number): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

async function main(): Promise<void> {
  const method = values['http-method'].toUpperCase();
  const url = new URL(values['target-uri'] ?? '');
  const body = values['request-body'] === undefined ? undefined : readParameter(values['request-body']);
  const given = JSON.parse(readParameter(values['request-headers'] ?? '{}')) as Record<string, string>;
  const headers = signedHeaders(
    method,
    url,
    body === undefined ? undefined : JSON.stringify(JSON.parse(body)),
    given,
  );
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(JSON.parse(body)) }),
  });
  const text = await response.text();
  const output = {
    data: text === '' ? '' : JSON.parse(text),
    headers: Object.fromEntries(response.headers),
    status: `${response.status} ${STATUS_CODES[response.status]}`,
  };
  process.stdout.write(`${JSON.stringify(output, undefined, 2)}\n`);
}

/** `file://<path>`, or the value itself. */
function readParameter(value: string): string {
  return value.startsWith('file://') ? readFileSync(value.slice('file://'.length), 'utf8') : value;
}

function readProfile(): Readonly<Record<string, string>> {
  const text = readFileSync(expand(values['config-file']), 'utf8');
  const section = text.split(/^\[/m).find((part) => part.startsWith(`${values.profile}]`));
  if (section === undefined)
    throw new Error(`ERROR: The config file is invalid: profile ${values.profile} not found`);
  const pairs = [...section.matchAll(/^(\w+) *= *(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  return Object.fromEntries(pairs);
}

function expand(file: string): string {
  return file.replace(/^~/, process.env['HOME'] ?? '');
}

function signedHeaders(
  method: string,
  url: URL,
  body: string | undefined,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const profile = readProfile();
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const content = body ?? '';
  const covered: Record<string, string> = {
    date: new Date().toUTCString(),
    '(request-target)': `${method.toLowerCase()} ${url.pathname}${url.search}`,
    host: url.host,
    ...(hasBody && {
      'content-length': String(Buffer.byteLength(content)),
      'content-type': given['content-type'] ?? 'application/json',
      'x-content-sha256': createHash('sha256').update(content).digest('base64'),
    }),
  };
  const text = Object.entries(covered)
    .map((pair) => pair.join(': '))
    .join('\n');
  const pem = readFileSync(expand(profile['key_file'] ?? ''), 'utf8');
  const key = createPrivateKey({ key: pem, passphrase: profile['pass_phrase'] ?? '' });
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  const parameters = [
    'version="1"',
    `keyId="${keyIdOf(profile)}"`,
    'algorithm="rsa-sha256"',
    `headers="${Object.keys(covered).join(' ')}"`,
    `signature="${signature}"`,
  ];
  const { '(request-target)': _, host: __, 'content-length': ___, ...sent } = covered;
  return { ...given, ...sent, authorization: `Signature ${parameters.join(',')}` };
}

function keyIdOf(profile: Readonly<Record<string, string>>): string {
  return values.auth === 'security_token'
    ? `ST$${readFileSync(expand(profile['security_token_file'] ?? ''), 'utf8').trim()}`
    : [profile['tenancy'], profile['user'], profile['fingerprint']].join('/');
}
