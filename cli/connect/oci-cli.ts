// A connection through `oci raw-request`, which signs with any kind of credentials that the OCI CLI knows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TransportError } from '../../src/errors/transport-error.ts';
import { proxiesBy } from '../../src/node/proxy.ts';
import { isPrintable, parseObject, quote } from '../../src/response.ts';
import { CommandError } from '../failure.ts';
import type { ApiRequest, ApiResponse, Connection } from './connection.ts';
import type { ConnectionOptions } from './options.ts';
import { type ProgramResult, runProgram } from './program.ts';

const INSTALL = 'Install the OCI CLI: https://docs.oracle.com/iaas/Content/API/SDKDocs/cliinstall.htm';

/** @param auth passed to the OCI CLI, whose default is an API key; undefined when its own settings decide */
export function ociCliConnection(options: ConnectionOptions, auth: string | undefined): Connection {
  const authArguments = auth === undefined ? [] : ['--auth', auth];
  return {
    secrets: [],
    async send(request) {
      const directory = mkdtempSync(path.join(tmpdir(), 'oci-wif-')); // mode 0700
      try {
        return parseResult(
          await runProgram('oci', [...argumentsFor(request, options, directory), ...authArguments], INSTALL),
        );
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/**
 * The body goes through a file: arguments are visible to other users of the machine. The OCI CLI ignores HTTPS_PROXY; a
 * proxy with a password must be in the settings of the OCI CLI.
 */
function argumentsFor(
  { method, url, headers = {}, body }: ApiRequest,
  options: ConnectionOptions,
  directory: string,
): string[] {
  const args = ['raw-request', '--http-method', method, '--target-uri', url.href];
  if (Object.keys(headers).length > 0) args.push('--request-headers', JSON.stringify(headers));
  if (body !== undefined) {
    const file = path.join(directory, 'body.json');
    writeFileSync(file, JSON.stringify(body), { mode: 0o600 });
    args.push('--request-body', `file://${file}`);
  }
  const proxy = proxiesBy(() => {})(url);
  if (proxy !== undefined && proxy.authorization === undefined) args.push('--proxy', proxy.url.origin);
  // The variables of the OCI CLI reach it by themselves. Only what is given here must be passed on.
  for (const name of ['profile', 'config-file', 'region'] as const) {
    const value = options[name];
    if (value !== undefined) args.push(`--${name}`, value);
  }
  return args;
}

/** Exit code 0 also for a refusal: the status is in `status`, such as "404 Not Found". */
function parseResult({ exitCode, stdout, stderr }: ProgramResult): ApiResponse {
  const result = parseObject(stdout);
  const status = Number(/^\d{3}\b/.exec(String(result?.['status'] ?? ''))?.[0]);
  if (result === undefined || Number.isNaN(status)) throw failure(exitCode, stderr);
  const entries = Object.entries((result['headers'] ?? {}) as Record<string, unknown>);
  const headers = Object.fromEntries(
    entries.map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : undefined]),
  );
  const data = result['data'];
  const body = data === '' || data === null ? undefined : data;
  const requestId = [headers['opc-request-id'], headers['x-oracle-dms-ecid']].find(isPrintable);
  return { status, headers, body, requestId };
}

/**
 * The OCI CLI failed before there was a response: no credentials, or no connection.
 * @param output its standard error. Its standard output may be a response with a secret
 */
function failure(exitCode: number | null, output: string): Error {
  const text = quote(output, []) || 'it printed no response';
  if (/(ConnectTimeout|ConnectionError|RequestException|Max retries|timed out)/i.test(output))
    return new TransportError('unreachable', `the OCI CLI got no response: ${text}`);
  return new CommandError(
    'CREDENTIALS_UNUSABLE',
    `\`oci raw-request\` failed (exit code ${exitCode}): ${text}.`,
    {
      remedy: 'Run `oci iam region list` with the same profile until it works.',
    },
  );
}
