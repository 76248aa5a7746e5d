// Docker's credential helper: requests a new token of the registry each time.
// See the protocol of docker/docker-credential-helpers: an error is one line on standard output and exit code 1.
import { toFailure } from './errors/action-error.ts';
import { describeFailure } from './errors/failure.ts';
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

/** Where the helper finds the session, and the registries that it knows. */
export interface RegistrySession {
  /** Absolute paths. */
  keyFile: string;
  tokenFile: string;
  hosts: readonly string[];
}

type FindSession = () => RegistrySession;

async function get(find: FindSession): Promise<string> {
  const { keyFile, tokenFile, hosts } = find();
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

const ACTIONS: Readonly<Record<string, (find: FindSession) => string | Promise<string>>> = {
  get,
  // For `docker login` and `docker logout`. They change nothing, but must not fail: Docker would report that its command failed.
  store: ignore,
  erase: ignore,
  list: (find) => JSON.stringify(Object.fromEntries(find().hosts.map((host) => [host, REGISTRY_USER]))),
};

/** Runs one action of the protocol: reads standard input, prints the result, sets the exit code. Never throws. */
export async function runDockerCredential(find: FindSession, action = ''): Promise<void> {
  try {
    const run = ACTIONS[action] ?? (() => refuse('the action must be get, store, erase or list'));
    print(await run(find));
  } catch (error) {
    const text = textOf(error);
    print(text);
    fail(new Error(text)); // on standard error too, because Docker does not show the standard output of a helper
  }
}

function textOf(error: unknown): string {
  const failure = toFailure(error);
  // The errors of `readSessionFile` have no code.
  const isPlain = failure.code === 'UNEXPECTED' && error instanceof Error;
  return withoutCommands(isPlain ? error.message : describeFailure(failure));
}
