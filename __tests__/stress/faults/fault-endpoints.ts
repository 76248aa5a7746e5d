// The endpoints of a login, and inputs with which main calls them.
import { createServer } from 'node:net';
import type { Emulator, FaultOrder } from '../../../emulator/server/start.ts';
import type { Endpoint } from './fault-matrix.ts';

export interface EndpointDetails {
  service: FaultOrder['service'];
  /** Prefix of the paths of its requests. */
  path: string;
  /** Its name in the log. */
  label: string;
  cloud: 'oci' | 'aws';
}

const TOKEN = '/oauth2/v1/token';
export const ENDPOINT_DETAILS: Readonly<Record<Endpoint, EndpointDetails>> = {
  github: { service: 'github', path: '/_services/token', label: "GitHub's OIDC token", cloud: 'oci' },
  exchange: { service: 'domain', path: TOKEN, label: 'the session token', cloud: 'oci' },
  'access-token': { service: 'domain', path: TOKEN, label: 'the access token for AWS', cloud: 'aws' },
  sts: { service: 'sts', path: '/', label: 'AWS STS', cloud: 'aws' },
};

const AWS_ALONE = { 'token-type': 'none', region: '', 'aws-allowed-account-ids': '123456789012' };

/** Returns inputs with which main calls the endpoint. */
export function cloudInputs(emulator: Emulator, { cloud }: EndpointDetails): Record<string, string> {
  return cloud === 'oci' ? { profile: 'CI' } : { ...emulator.awsInputs, ...AWS_ALONE };
}

/** Returns inputs and variables with which main connects to a closed port. */
export function addressing(
  { env }: Emulator,
  { service }: EndpointDetails,
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
