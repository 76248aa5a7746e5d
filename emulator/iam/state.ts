// What IAM stores: the policies of the tenancy.
import { newOcid } from '../server/ocid.ts';
import { newEtag, type World } from '../server/world.ts';

export interface StoredPolicy {
  id: string;
  compartmentId: string;
  name: string;
  description: string;
  statements: string[];
  freeformTags: Record<string, string>;
  timeCreated: string;
  etag: string;
  /** Responses that still show CREATING. */
  creatingResponses: number;
}

export interface IamState {
  policies: Map<string, StoredPolicy>;
  /** Refusals already given for each new group, by its SCIM id. */
  refusedGroups: Map<string, number>;
  /** Ids of policies by the `opc-retry-token` of their creation. */
  retryTokens: Map<string, string>;
}

export function newIamState(): IamState {
  return { policies: new Map(), refusedGroups: new Map(), retryTokens: new Map() };
}

/** Adds a policy without any check. In the tenancy itself unless `compartmentId` is given. */
export function addPolicy(
  world: World,
  { name, statements, ...rest }: Pick<StoredPolicy, 'name' | 'statements'> & Partial<StoredPolicy>,
): StoredPolicy {
  const policy: StoredPolicy = {
    id: newOcid('policy'),
    compartmentId: world.settings.tenancy,
    name,
    description: name,
    statements: [...statements],
    freeformTags: {},
    timeCreated: new Date(world.now()).toISOString(),
    etag: newEtag(),
    creatingResponses: 0,
    ...rest,
  };
  world.iam.policies.set(policy.id, policy);
  return policy;
}
