// Builds the clients of a command, each when it is first asked for, with the credentials that the options name.
import { createHttp } from '../src/node/http.ts';
import { proxiesBy } from '../src/node/proxy.ts';
import type { Clock, Environment, Http } from '../src/ports.ts';
import type { Clients } from './command.ts';
import type { OciConnection } from './connect/connection.ts';
import { type Observer, observed } from './connect/observed.ts';
import type { ConnectionOptions } from './connect/options.ts';

const POLICY = { maxAttempts: 4, requestTimeoutMs: 30_000 };
/** For all attempts of one request. */
const BUDGET_MS = 3 * 60_000;

interface ClientsOptions {
  connection: ConnectionOptions;
  env: Environment;
  clock: Clock;
  /** Gets one line for each wait before another attempt. */
  log: (line: string) => void;
}

export function createClients({ connection, env, clock, log }: ClientsOptions): Clients {
  const http = httpFor(clock, log);
  const observers: Observer[] = [];
  const report: Observer = (request) => {
    for (const observer of observers) observer(request);
  };
  let oci: Promise<OciConnection> | undefined;
  const connect = () => {
    oci ??= import('./connect/connect.ts').then(({ connectOci }) =>
      observed(connectOci(connection, { env, http, clock }), report),
    );
    return oci;
  };
  return {
    http,
    observe: (observer) => void observers.push(observer),
    // The SDK is large.
    aws: async () => (await import('./aws/aws-client.ts')).createAwsIam(http, report),
    oci: connect,
    async scim(domain) {
      const { scimClient } = await import('./domain/scim-client.ts');
      const connection = await connect();
      return scimClient(domain, { connection, clock, log }, connection.advice);
    },
    async iam() {
      const { iamClient } = await import('./iam/iam-client.ts');
      return iamClient(await connect(), { clock, log });
    },
    async github(repository) {
      const { githubHost, githubToken } = await import('./github/github-access.ts');
      const { githubClient } = await import('./github/github-client.ts');
      const { isGitHubRedirect } = await import('./github/github-requests.ts');
      const { byBearer, httpConnection } = await import('./connect/http-connection.ts');
      const host = githubHost(env);
      const connection = httpConnection(http, byBearer(await githubToken(env, host)), isGitHubRedirect);
      return githubClient(host, repository, { connection: observed(connection, report), clock, log });
    },
  };
}

/** A command may wait for a person, so the time is limited for each request. */
function httpFor(clock: Clock, log: (line: string) => void): Http {
  const policy = {
    ...POLICY,
    get deadline() {
      return clock.now() + BUDGET_MS;
    },
  };
  // Nothing is masked: the commands never print a secret, and a mask would print it.
  return createHttp({ policy, clock, log, proxyFor: proxiesBy(() => {}) });
}
