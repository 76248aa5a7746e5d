// Snapshots for the tests of pure functions: a fresh domain, and one that is set up completely.
import { USER_EXTENSION } from '../../../cli/domain/objects.ts';
import { planSetup } from '../../../cli/setup/plan.ts';
import { type Selection, selectionFrom } from '../../../cli/setup/selection.ts';
import type { Snapshot } from '../../../cli/setup/snapshot.ts';

export const DOMAIN_URL = 'https://idcs-0011.identity.oraclecloud.com';
export const COMPARTMENT = 'ocid1.compartment.oc1..aaaa';
export const SUBJECT = 'repo:acme/infra:environment:prod';
export const MARK = 'oci-wif:2002:prod';
export const STATEMENT = `Allow group 'Default'/'github-acme-infra-prod' to read buckets in compartment id ${COMPARTMENT}`;

export const OPTIONS = {
  repo: 'acme/infra',
  environment: 'prod',
  compartment: COMPARTMENT,
  allow: ['read buckets'],
};

export const select = (options: Readonly<Record<string, string | boolean | string[] | undefined>> = {}) =>
  selectionFrom({ ...OPTIONS, ...options });

/** Nothing is there but the repository. */
export const FRESH: Snapshot = {
  domainUrl: DOMAIN_URL,
  profileRegion: 'eu-frankfurt-1',
  settings: { id: 'Settings' },
  domain: {
    id: 'ocid1.domain.oc1..aaaa',
    compartmentId: 'ocid1.tenancy.oc1..aaaa',
    displayName: 'Default',
    url: `${DOMAIN_URL}:443`,
    homeRegion: 'us-ashburn-1',
    licenseType: 'free',
  },
  repository: { id: 2002, ownerId: 1001, fullName: 'acme/infra', defaultBranch: 'main' },
  customization: {
    useDefault: true,
    includeClaimKeys: [],
    useImmutableSubject: false,
    subClaimPrefix: 'repo:acme/infra',
  },
  environment: undefined,
  secrets: undefined,
  variables: {},
  app: undefined,
  ownApps: [],
  dynamicGroup: undefined,
  user: undefined,
  group: undefined,
  policies: [],
  trust: undefined,
};

/** Everything that `setup` makes is there. */
export const COMPLETE: Snapshot = {
  ...FRESH,
  environment: {
    name: 'prod',
    branchPolicy: { protectedBranches: false, customBranches: true },
    branches: ['main'],
    hasReviewers: false,
  },
  secrets: [{ name: 'OCI_CLIENT_SECRET', updatedAt: '2026-11-01T00:00:00Z' }],
  variables: {
    OCI_DOMAIN_URL: DOMAIN_URL,
    OCI_REGION: 'eu-frankfurt-1',
    OCI_AUDIENCE: DOMAIN_URL,
    OCI_CLIENT_ID: 'client1',
  },
  app: {
    id: 'app1',
    name: 'client1',
    displayName: 'github-actions',
    active: true,
    isOAuthClient: true,
    clientType: 'confidential',
    allowedGrants: ['client_credentials'],
    tags: [{ key: 'oci-wif', value: MARK }],
  },
  ownApps: ['github-actions'],
  user: {
    id: 'user1',
    userName: 'github-acme-infra-prod',
    active: true,
    [USER_EXTENSION]: { serviceUser: true },
  },
  group: {
    id: 'group1',
    displayName: 'github-acme-infra-prod',
    externalId: MARK,
    members: [{ value: 'user1', type: 'User' }],
  },
  policies: [
    {
      id: 'ocid1.policy.oc1..aaaa',
      compartmentId: COMPARTMENT,
      name: 'github-actions',
      description: '',
      statements: [STATEMENT],
      lifecycleState: 'ACTIVE',
      freeformTags: {},
      etag: 'e1',
    },
  ],
  trust: {
    id: 'trust1',
    name: 'github-actions',
    active: true,
    issuer: 'https://token.actions.githubusercontent.com',
    publicKeyEndpoint: 'https://token.actions.githubusercontent.com/.well-known/jwks',
    subjectType: 'User',
    allowImpersonation: true,
    clientClaimName: 'aud',
    clientClaimValues: [DOMAIN_URL],
    oauthClients: ['client1'],
    impersonationServiceUsers: [{ rule: `sub eq ${SUBJECT}`, value: 'user1' }],
  },
};

/** The trust of the complete domain, with these changes. */
export const withTrust = (changes: object): Snapshot => ({
  ...COMPLETE,
  trust: { ...COMPLETE.trust, id: 'trust1', ...changes },
});

/** The lines of the plan, without what is kept. */
export function planned(snapshot: Snapshot, selection: Selection = select()): string[] {
  const actions = planSetup(snapshot, selection).map(({ action }) => action);
  return actions
    .filter(({ op }) => op !== 'keep')
    .map(
      ({ op, object, name, text, details = [] }) =>
        `${op} ${object} ${name}: ${[text, ...details].join('; ')}`,
    );
}
