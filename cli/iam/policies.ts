// The policies of OCI IAM. They are read and written in the home region: elsewhere, a change arrives later.
import { randomUUID } from 'node:crypto';
import { objectIn } from '../connect/api.ts';
import type { ApiRequest, ApiResponse } from '../connect/connection.ts';
import { CommandError } from '../failure.ts';
import type { Iam, Policy } from './iam.ts';
import { type IamRequests, readAll, text } from './iam-requests.ts';

const POLL_MS = 1000;
const ACTIVE_MS = 120_000;

export function policyCalls(
  client: IamRequests,
): Pick<Iam, 'policies' | 'policy' | 'createPolicy' | 'updatePolicy' | 'deletePolicy'> {
  const { service, homeRegion } = client;
  const policy = async (ocid: string) => {
    const what = 'Reading the policy';
    const response = await send(client, { method: 'GET' }, pathOf(ocid), what);
    return response.status === 404 ? undefined : toPolicy(objectIn(response, service, what), response);
  };
  return {
    policy,
    async policies(compartmentId) {
      const found = await readAll(
        client,
        'policies',
        { compartmentId },
        'Reading the policies',
        await homeRegion(),
      );
      return found.map((one) => toPolicy(one));
    },
    async createPolicy(details) {
      const what = `Creating the policy ${details.name}`;
      // OCI carries out requests with the same token once.
      const headers = { 'opc-retry-token': randomUUID() };
      const response = await send(client, { method: 'POST', headers, body: details }, 'policies', what);
      return untilActive(client, toPolicy(objectIn(response, service, what), response), policy);
    },
    async updatePolicy(ocid, statements, etag) {
      const what = 'Changing the policy';
      const response = await send(
        client,
        { method: 'PUT', headers: ifMatch(etag), body: { statements } },
        pathOf(ocid),
        what,
      );
      return untilActive(client, toPolicy(objectIn(response, service, what), response), policy);
    },
    async deletePolicy(ocid, etag) {
      await send(client, { method: 'DELETE', headers: ifMatch(etag) }, pathOf(ocid), 'Deleting the policy');
    },
  };
}

const pathOf = (ocid: string) => `policies/${encodeURIComponent(ocid)}`;

/** In the home region. A policy that is absent is no failure of reading or deleting it. */
async function send(
  { api, at, homeRegion }: IamRequests,
  request: Omit<ApiRequest, 'url'>,
  path: string,
  what: string,
): Promise<ApiResponse> {
  const url = at(path, {}, await homeRegion());
  return api.call({ ...request, url }, what, ['GET', 'DELETE'].includes(request.method) ? [404] : []);
}

const ifMatch = (etag: string | undefined): Record<string, string> =>
  etag === undefined ? {} : { 'if-match': etag };

async function untilActive(
  { clock }: IamRequests,
  policy: Policy,
  read: (ocid: string) => Promise<Policy | undefined>,
): Promise<Policy> {
  const deadline = clock.now() + ACTIVE_MS;
  let current = policy;
  while (current.lifecycleState !== 'ACTIVE') {
    current = (await read(policy.id)) ?? current; // it may not be visible yet
    if (current.lifecycleState === 'ACTIVE') break;
    if (clock.now() + POLL_MS > deadline) {
      const text = `The policy ${policy.name} is ${current.lifecycleState} after ${ACTIVE_MS / 1000} s.`;
      throw new CommandError('SERVICE_REFUSED', text, { remedy: 'Run the command again in some minutes.' });
    }
    await clock.sleep(POLL_MS);
  }
  return current;
}

function toPolicy(one: Record<string, unknown>, response?: ApiResponse): Policy {
  const statements = one['statements'];
  return {
    id: text(one['id']),
    compartmentId: text(one['compartmentId']),
    name: text(one['name']),
    description: text(one['description']),
    statements: Array.isArray(statements) ? statements.map(String) : [],
    lifecycleState: text(one['lifecycleState']),
    freeformTags: (one['freeformTags'] ?? {}) as Record<string, string>,
    etag: response?.headers['etag'],
  };
}
