// Reads what Terraform has to state of the objects that exist: it updates by PUT, so what is not stated may be lost.
import type { App, Group, IdentityPropagationTrust, User } from '../domain/objects.ts';
import type { Scim } from '../domain/scim.ts';
import { GROUP_ATTRIBUTES, TRUST_ATTRIBUTES } from '../setup/inspect.ts';
import type { Snapshot } from '../setup/snapshot.ts';

export interface ExistingObjects {
  app: App | undefined;
  user: User | undefined;
  group: Group | undefined;
  trust: IdentityPropagationTrust | undefined;
}

const USER_ATTRIBUTES = ['userName', 'displayName', 'name', 'externalId', 'tags', 'ocid', 'active'];
export const APP_ATTRIBUTES = [
  'name',
  'displayName',
  'description',
  'active',
  'isOAuthClient',
  'clientType',
  'allowedGrants',
  'trustScope',
  'isOAuthResource',
  'audience',
  'scopes',
  'allowedScopes',
  'tags',
];
const MORE_OF_TRUST = [
  'subjectClaimName',
  'subjectMappingAttribute',
  'publicCertificate',
  'clockSkewSeconds',
  'description',
];

export async function readExisting(
  scim: Scim,
  { app, user, group, trust }: Snapshot,
): Promise<ExistingObjects> {
  return {
    app: app && (await scim.get('Apps', app.id, APP_ATTRIBUTES)),
    user: user && (await scim.get('Users', user.id, USER_ATTRIBUTES)),
    group: group && (await scim.get('Groups', group.id, [...GROUP_ATTRIBUTES, 'tags'])),
    trust:
      trust &&
      (await scim.get('IdentityPropagationTrusts', trust.id, [...TRUST_ATTRIBUTES, ...MORE_OF_TRUST])),
  };
}
