// Builds the clients of a command with the credentials that its options name.
import { createHttp } from '../src/node/http.ts';
import { proxiesBy } from '../src/node/proxy.ts';
import type { Clock, Environment } from '../src/ports.ts';
import type { Clients } from './command.ts';
import type { Observer } from './connect/observed.ts';
import type { ConnectionOptions } from './connect/options.ts';

/** For one request and its retries. */
const POLICY = { maxAttempts: 4, requestTimeoutMs: 30_000 };
/** For a whole command, which may wait for a person. */
const COMMAND_MS = 60 * 60_000;

interface ClientsOptions {
  connection: ConnectionOptions;
  env: Environment;
  clock: Clock;
  /** Gets one line for each wait before a retry. */
  log: (line: string) => void;
}

export function createClients({ clock, log }: ClientsOptions): Clients {
  const policy = { ...POLICY, deadline: clock.now() + COMMAND_MS };
  // Nothing is masked: the commands never print a secret, and a mask would print it.
  const http = createHttp({ policy, clock, log, proxyFor: proxiesBy(() => {}) });
  // To be given to `observed` with each connection: (request) => { for (const observer of observers) observer(request) }.
  const pending = (): never => {
    throw new Error('not implemented yet');
  };
  // The SDK is large.
  const aws = async () => (await import('./aws/aws-client.ts')).createAwsIam(http);
  const observers: Observer[] = [];
  const observe: Clients['observe'] = (observer) => void observers.push(observer);
  return { http, oci: pending, scim: pending, iam: pending, github: pending, aws, observe };
}
