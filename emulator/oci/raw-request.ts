// A stand-in for `oci raw-request` of Oracle's command-line tool: signs with a profile of `~/.oci/config`, prints the
// response as JSON, and ends with 0 whatever its status. As the real one it ignores HTTPS_PROXY: the proxy is in `--proxy`, or
// in `~/.oci/oci_cli_rc`. It writes its arguments to CALLS_FILE as the stand-in for `gh` does.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { parseArgs } from 'node:util';

const EXIT_ERROR = 1;
const EXIT_USAGE = 2;
const { values, positionals } = readArguments();

const missing = (['http-method', 'target-uri'] as const).find((name) => values[name] === undefined);
if (positionals.join(' ') !== 'raw-request') fail('Usage: oci [OPTIONS] COMMAND [ARGS]...', EXIT_USAGE);
else if (missing !== undefined) {
  fail(`Usage: oci raw-request [OPTIONS]\n\nError: Missing option(s) --${missing}.`, EXIT_USAGE);
} else {
  await main().catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error), EXIT_ERROR),
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
      'http-method': text,
      'target-uri': text,
      'request-body': text,
      'request-headers': text,
      profile: { ...text, default: process.env['OCI_CLI_PROFILE'] ?? 'DEFAULT' },
      'config-file': { ...text, default: process.env['OCI_CLI_CONFIG_FILE'] ?? '~/.oci/config' },
      auth: { ...text, default: process.env['OCI_CLI_AUTH'] ?? 'api_key' },
      region: text,
      output: text,
      proxy: text,
    },
  });
}

function fail(text: string, exitCode: number): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

async function main(): Promise<void> {
  const method = String(values['http-method']).toUpperCase();
  const url = new URL(String(values['target-uri']));
  const given = JSON.parse(readParameter(values['request-headers'] ?? '{}')) as Record<string, string>;
  const parameter = values['request-body'];
  const body = parameter === undefined ? undefined : JSON.stringify(JSON.parse(readParameter(parameter)));
  const { statusCode, statusMessage, headers, text } = await send(
    method,
    url,
    signedHeaders(method, url, body, given),
    body,
  );
  const output = { data: parsed(text), headers, status: `${statusCode} ${statusMessage}` };
  process.stdout.write(`${JSON.stringify(output, undefined, 2)}\n`);
}

/** A body that is no JSON is shown as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function storedProxy(): string | undefined {
  const file = expand('~/.oci/oci_cli_rc');
  return existsSync(file) ? /^proxy *= *(\S+)$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

function send(method: string, url: URL, headers: Record<string, string>, body: string | undefined) {
  const proxy = values.proxy ?? storedProxy();
  const agent = new Agent(proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: proxy } });
  return new Promise<IncomingMessage & { text: string }>((resolve, reject) => {
    const outgoing = httpsRequest(url, { method, headers, agent }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve(Object.assign(incoming, { text })));
    });
    outgoing.on('error', (error) => reject(new Error(`ConnectionError: ${error.message}`)));
    outgoing.end(body);
  });
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
  const { '(request-target)': _, ...sent } = covered;
  return { ...given, ...sent, authorization: `Signature ${parameters.join(',')}` };
}

function keyIdOf(profile: Readonly<Record<string, string>>): string {
  return values.auth === 'security_token'
    ? `ST$${readFileSync(expand(profile['security_token_file'] ?? ''), 'utf8').trim()}`
    : [profile['tenancy'], profile['user'], profile['fingerprint']].join('/');
}
