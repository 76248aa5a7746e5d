// Where main asks: how each endpoint is told from the others, and how main is led to it, or past it.
// Must not know any fault.
import { createServer } from 'node:net';
import type { Emulator, FaultOrder } from '../../../emulator/server/start.ts';
import type { Endpoint } from './fault-matrix.ts';

export interface Place {
  service: FaultOrder['service'];
  /** How the paths of its requests begin. */
  path: string;
  /** How the log calls it. */
  label: string;
  leg: 'oci' | 'aws';
}

const TOKEN = '/oauth2/v1/token';
export const PLACES: Readonly<Record<Endpoint, Place>> = {
  github: { service: 'github', path: '/', label: "GitHub's OIDC token", leg: 'oci' },
  exchange: { service: 'domain', path: TOKEN, label: 'the session token', leg: 'oci' },
  'access-token': { service: 'domain', path: TOKEN, label: 'the access token for AWS', leg: 'aws' },
  keys: { service: 'domain', path: '/.well-known/', label: "the domain's discovery document", leg: 'aws' },
  sts: { service: 'sts', path: '/', label: 'AWS STS', leg: 'aws' },
};

const AWS_ALONE = { 'token-type': 'none', region: '', 'aws-allowed-account-ids': '123456789012' };

/** Inputs that make main ask at this place. */
export function legInputs(emulator: Emulator, { leg }: Place): Record<string, string> {
  return leg === 'oci' ? { profile: 'CI' } : { ...emulator.awsInputs, ...AWS_ALONE };
}

/** Inputs and variables that lead the requests of one place to a port at which nothing listens. */
export function addressing(
  { env }: Emulator,
  { service }: Place,
  closed: string | undefined,
): [inputs: Record<string, string>, variables: Record<string, string>] {
  if (closed === undefined) return [{}, {}];
  if (service === 'domain') return [{ 'domain-url': closed }, {}];
  if (service === 'sts') return [{ 'aws-sts-endpoint': closed }, {}];
  const { pathname, search } = new URL(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  return [{}, { ACTIONS_ID_TOKEN_REQUEST_URL: `${closed}${pathname}${search}` }];
}

/** A port that was free a moment ago. */
export function closedPort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(`https://localhost:${port}`));
    });
  });
}
