// OCI IAM over a connection: reads in the region of the profile, writes in the home region.
import type { ApiOptions } from '../connect/api.ts';
import type { OciConnection } from '../connect/connection.ts';
import type { Compartment, Iam, IdentityDomain } from './iam.ts';
import { iamRequests, read, readAll, text } from './iam-requests.ts';
import { policyCalls } from './policies.ts';

/** @throws CommandError CREDENTIALS_UNUSABLE without tenancy, region or signature */
export function iamClient(
  connection: OciConnection,
  options: Omit<ApiOptions, 'service' | 'connection'>,
): Iam {
  const client = iamRequests(connection, options);
  const { tenancy, homeRegion } = client;
  const policies = policyCalls(client);
  return {
    tenancy,
    homeRegion,
    ...policies,
    async domain(ocid) {
      return toDomain(
        await read(client, `domains/${encodeURIComponent(ocid)}`, 'Reading the identity domain'),
      );
    },
    async domains(compartmentId) {
      return (await readAll(client, 'domains', { compartmentId }, 'Reading the identity domains')).map(
        toDomain,
      );
    },
    async compartments() {
      const query = { compartmentId: tenancy, compartmentIdInSubtree: 'true' };
      const below = await readAll(client, 'compartments', query, 'Reading the compartments');
      const active = below.filter((one) => one['lifecycleState'] === 'ACTIVE');
      const root: Compartment = { id: tenancy, name: 'tenancy', compartmentId: tenancy };
      return [root, ...active.map(toCompartment)];
    },
  };
}

function toDomain(one: Record<string, unknown>): IdentityDomain {
  return {
    id: text(one['id']),
    compartmentId: text(one['compartmentId']),
    displayName: text(one['displayName']),
    url: text(one['url']),
    homeRegion: text(one['homeRegion']),
    licenseType: text(one['licenseType']),
  };
}

function toCompartment(one: Record<string, unknown>): Compartment {
  return { id: text(one['id']), name: text(one['name']), compartmentId: text(one['compartmentId']) };
}
