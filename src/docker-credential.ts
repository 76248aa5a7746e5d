// Docker's credential helper. Docker runs it for each request that needs a password; it requests a new token each time.
// See the protocol of docker/docker-credential-helpers: an error is one line on standard output and exit code 1.
import { toActionError } from './errors/action-error.ts';
import { tokenHostOf } from './inputs/registry-hosts.ts';
import { requestRegistryToken } from './login/registry-token.ts';
import { createHttp } from './node/http.ts';
import { fail, print, readSessionFile, readStandardInput } from './node/plug-in.ts';
import { proxiesBy } from './node/proxy.ts';
import { systemClock as clock } from './node/system.ts';
import { REGISTRY_USER } from './oci/registry.ts';
import { withoutCommands } from './response.ts';
import { Secret } from './secret.ts';

/** Clients recognize this text, and then go on without a password. */
const NOT_FOUND = 'credentials not found in native keychain';

/** A person waits for the client, so there are few attempts. */
const LIMITS = { maxAttempts: 3, requestTimeoutMs: 10_000 };
const DEADLINE_MS = 30_000;

const [keyFile = '', tokenFile = '', registries = '', action = ''] = process.argv.slice(2);
const hosts = registries.split(',');

async function get(): Promise<string> {
  const server = readStandardInput().trim();
  // Some clients write the host as a URL.
  const host = server
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/s, '')
    .toLowerCase();
  if (!hosts.includes(host)) return refuse(NOT_FOUND);
  const privateKeyPem = new Secret(readSessionFile(keyFile));
  const token = new Secret(readSessionFile(tokenFile));
  const policy = { ...LIMITS, deadline: clock.now() + DEADLINE_MS };
  const http = createHttp({ policy, clock, log: () => {}, proxyFor: proxiesBy(() => {}) });
  const deps = { http, clock };
  const { token: secret } = await requestRegistryToken(deps, tokenHostOf(host), { token, privateKeyPem });
  return JSON.stringify({ ServerURL: server, Username: REGISTRY_USER, Secret: secret.reveal() });
}

function refuse(text: string): string {
  process.exitCode = 1;
  return text;
}

function ignore(): string {
  readStandardInput();
  return '';
}

const ACTIONS: Readonly<Record<string, () => string | Promise<string>>> = {
  get,
  // For `docker login` and `docker logout`. They change nothing, but must not fail: Docker would report that its command failed.
  store: ignore,
  erase: ignore,
  list: () => JSON.stringify(Object.fromEntries(hosts.map((host) => [host, REGISTRY_USER]))),
};

try {
  const run = ACTIONS[action] ?? (() => refuse('the action must be get, store, erase or list'));
  print(await run());
} catch (error) {
  const text = textOf(error);
  print(text);
  fail(new Error(text)); // on standard error too, because Docker does not show the standard output of a helper
}

function textOf(error: unknown): string {
  const { code, message, remedy, requestId } = toActionError(error);
  const id = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
  // The errors of `readSessionFile` have no code.
  const isPlain = code === 'UNEXPECTED' && error instanceof Error;
  return withoutCommands(isPlain ? error.message : `${code}: ${message} ${remedy}${id}`);
}
