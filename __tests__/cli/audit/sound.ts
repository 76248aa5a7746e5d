// A set-up without faults, as `setup` makes it, beside sound objects of others. Tests change one thing in it.

import type {
  AuditContext,
  SecretState,
  Snapshot,
  SourceName,
  Sources,
} from '../../../cli/audit/snapshot.ts';
import { rulesOf } from '../../../cli/audit/trust-rules.ts';
import type { OidcProvider, PolicyStatement, Role } from '../../../cli/aws/aws.ts';
import type {
  App,
  DomainSettings,
  DynamicGroup,
  Grant,
  Group,
  IdentityPropagationTrust,
  User,
} from '../../../cli/domain/objects.ts';
import { USER_EXTENSION } from '../../../cli/domain/objects.ts';
import type { Environment, Repository, SubjectCustomization } from '../../../cli/github/github.ts';
import type { IdentityDomain, Policy } from '../../../cli/iam/iam.ts';

export const NOW = Date.parse('2026-11-26T00:00:00Z');
export const DOMAIN_URL = 'https://idcs-1.identity.oraclecloud.com';
export const HOST = 'idcs-1.identity.oraclecloud.com';
export const PROVIDER_ARN = `arn:aws:iam::123456789012:oidc-provider/${HOST}`;
export const GITHUB = 'https://token.actions.githubusercontent.com';
export const SUBJECT = 'repo:acme@1234/infra@5678:environment:prod';

export const CONTEXT: AuditContext = {
  now: NOW,
  domainUrl: DOMAIN_URL,
  githubHost: 'github.com',
  ociOptions: '',
  selectors: '',
};

/** What a test may change. `Sources` are derived from it. */
export interface SoundState {
  trust: IdentityPropagationTrust;
  trusts: IdentityPropagationTrust[];
  app: App;
  apps: App[];
  user: User;
  users: User[];
  group: Group;
  groups: Group[];
  dynamicGroup: DynamicGroup;
  dynamicGroups: DynamicGroup[];
  grants: Grant[];
  settings: DomainSettings;
  domain: IdentityDomain;
  policy: Policy;
  repository: Repository;
  customization: SubjectCustomization;
  environment: Environment;
  repositories: Map<string, Repository | 'gone'>;
  subjects: Map<string, SubjectCustomization>;
  environments: Map<string, (Environment | { name: string; missing: true })[]>;
  secret: SecretState;
  secrets: SecretState[];
  discovery: string;
  provider: OidcProvider;
  role: Role;
  statement: PolicyStatement & { Condition: Record<string, Record<string, string | string[]>> };
  attachments: Map<string, string[]>;
}

export const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString();

export const serviceUser = (id: string, userName: string): User => ({
  id,
  ocid: `ocid1.user.oc1..${id}`,
  userName,
  active: true,
  [USER_EXTENSION]: { serviceUser: true },
});

function soundDomain() {
  const trust: IdentityPropagationTrust = {
    id: 'trust1',
    name: 'github-actions',
    type: 'JWT',
    active: true,
    issuer: GITHUB,
    publicKeyEndpoint: `${GITHUB}/.well-known/jwks`,
    clientClaimName: 'aud',
    clientClaimValues: [DOMAIN_URL],
    oauthClients: ['client1'],
    subjectType: 'User',
    subjectClaimName: 'sub',
    allowImpersonation: true,
    impersonationServiceUsers: [{ rule: `sub eq ${SUBJECT}`, value: 'user1' }],
    meta: { version: 'etag1' },
  };
  const foreignTrust: IdentityPropagationTrust = {
    ...trust,
    id: 'trust2',
    name: 'gitlab',
    issuer: 'https://gitlab.example',
    publicKeyEndpoint: 'https://gitlab.example/oauth/discovery/keys',
    clientClaimValues: ['https://oci.example'],
    oauthClients: ['client2'],
    impersonationServiceUsers: [{ rule: 'sub eq project_path:acme/*', value: 'user2' }],
  };
  const app: App = {
    id: 'app1',
    name: 'client1',
    displayName: 'github-actions',
    active: true,
    isOAuthClient: true,
    clientType: 'confidential',
    allowedGrants: ['client_credentials'],
    trustScope: 'Explicit',
    tags: [{ key: 'oci-wif', value: 'oci-wif:5678:prod' }],
  };
  // The set-up of somebody else, who administers the domain by an application.
  const foreignApp: App = {
    id: 'app2',
    name: 'client2',
    displayName: 'provisioning',
    active: true,
    isOAuthClient: true,
    clientType: 'confidential',
    allowedGrants: ['client_credentials', 'authorization_code'],
    trustScope: 'Account',
    grantedAppRoles: [{ value: 'role1', display: 'User Administrator', adminRole: true }],
  };
  const awsApp: App = {
    ...app,
    id: 'app3',
    name: 'client3',
    displayName: 'github-actions-aws',
    isOAuthResource: true,
    audience: 'sts.amazon.com',
    allowedScopes: [{ fqs: 'sts.amazon.com/' }],
  };
  const user: User = {
    ...serviceUser('user1', 'github-acme-infra-prod'),
    groups: [{ value: 'group1', display: 'github-acme-infra-prod' }],
  };
  const person: User = { id: 'user3', userName: 'admin@acme.example', active: true };
  const group: Group = {
    id: 'group1',
    ocid: 'ocid1.group.oc1..1',
    displayName: 'github-acme-infra-prod',
    members: [{ value: 'user1', type: 'User' }],
  };
  const administrators: Group = {
    id: 'group2',
    ocid: 'ocid1.group.oc1..2',
    displayName: 'Administrators',
    members: [{ value: 'user3', type: 'User' }],
  };
  const dynamicGroup: DynamicGroup = {
    id: 'dynamic1',
    ocid: 'ocid1.dynamicgroup.oc1..1',
    displayName: 'runners',
    matchingRule: "Any {instance.compartment.id = 'ocid1.compartment.oc1..ci'}",
  };
  return {
    trust,
    trusts: [trust, foreignTrust],
    app,
    apps: [app, foreignApp, awsApp],
    user,
    users: [user, serviceUser('user2', 'gitlab'), person],
    group,
    groups: [group, administrators],
    dynamicGroup,
    dynamicGroups: [dynamicGroup],
    grants: [],
  };
}

function soundGitHub() {
  const repository: Repository = { id: 5678, fullName: 'acme/infra', ownerId: 1234, defaultBranch: 'main' };
  const customization: SubjectCustomization = {
    useDefault: true,
    includeClaimKeys: [],
    useImmutableSubject: true,
    subClaimPrefix: 'repo:acme@1234/infra@5678',
  };
  const environment: Environment = {
    name: 'prod',
    branchPolicy: { protectedBranches: false, customBranches: true },
    hasReviewers: false,
    branches: ['main'],
  };
  const secret: SecretState = {
    name: 'OCI_CLIENT_SECRET',
    updatedAt: daysAgo(89),
    repository: 'acme/infra',
    level: 'environment',
    environment: 'prod',
  };
  return {
    repository,
    customization,
    environment,
    repositories: new Map<string, Repository | 'gone'>([['acme/infra', repository]]),
    subjects: new Map([['acme/infra', customization]]),
    environments: new Map<string, (Environment | { name: string; missing: true })[]>([
      ['acme/infra', [environment]],
    ]),
    secret,
    secrets: [secret],
  };
}

function soundAws() {
  const provider: OidcProvider = {
    arn: PROVIDER_ARN,
    url: DOMAIN_URL,
    clientIds: ['sts.amazon.com'],
    tags: {},
  };
  const statement = {
    Sid: 'OciWif',
    Effect: 'Allow',
    Principal: { Federated: PROVIDER_ARN },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${HOST}:aud`]: 'sts.amazon.com', [`${HOST}:sub`]: 'client3' } },
  };
  // The same role trusts GitHub's own provider, too, which this audit is not about.
  const foreignStatement = {
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/infra:*' } },
  };
  const role: Role = {
    arn: 'arn:aws:iam::123456789012:role/github',
    name: 'github',
    maxSessionDuration: 3600,
    trustPolicy: { Version: '2012-10-17', Statement: [statement, foreignStatement] },
    tags: {},
  };
  const attachments = new Map([['github', ['arn:aws:iam::aws:policy/ReadOnlyAccess']]]);
  return { provider, statement, role, attachments, discovery: DOMAIN_URL };
}

export function soundState(): SoundState {
  const domain: IdentityDomain = {
    id: 'ocid1.domain.oc1..1',
    compartmentId: 'ocid1.tenancy.oc1..1',
    displayName: 'Default',
    url: DOMAIN_URL,
    homeRegion: 'us-ashburn-1',
    licenseType: 'free',
  };
  const policy: Policy = {
    id: 'ocid1.policy.oc1..1',
    compartmentId: 'ocid1.compartment.oc1..1',
    name: 'github-actions',
    description: '',
    statements: [
      "Allow group 'Default'/'github-acme-infra-prod' to read buckets in compartment id ocid1.compartment.oc1..1",
      'Allow group Administrators to manage all-resources in tenancy',
      "Allow group 'Other'/'github-acme-infra-prod' to manage all-resources in tenancy",
      "Allow any-user to use functions-family in compartment apps where ALL {request.principal.type='ApiGateway'}",
      "Allow any-user to read objects in tenancy where all {request.principal.type='identityfederateddomainapp', request.principal.domain.id='ocid1.domain.oc1..1', request.principal.name='repo:acme@1/x@2:environment:prod'}",
      'Allow service objectstorage-eu-frankfurt-1 to manage object-family in tenancy',
      "Allow dynamic-group 'Default'/'runners' to {GET_RPST} in tenancy",
      'Allow dynamic-group instances to manage all-resources in compartment apps',
    ],
    lifecycleState: 'ACTIVE',
    freeformTags: {},
    etag: 'etag2',
  };
  return {
    ...soundDomain(),
    ...soundGitHub(),
    ...soundAws(),
    settings: {
      id: 'Settings',
      issuer: DOMAIN_URL,
      signingCertPublicAccess: true,
      accountAlwaysTrustScope: false,
    },
    domain,
    policy,
  };
}

export function sourcesOf(state: SoundState): Sources {
  return {
    ...state,
    rules: state.trusts.flatMap(rulesOf),
    policies: [state.policy],
    providers: [state.provider],
    roles: [state.role],
  };
}

/** Everything was read completely. */
export function snapshotOf(state: SoundState): Snapshot {
  const names = Object.entries(sourcesOf(state)) as [SourceName, never][];
  const sources = Object.fromEntries(names.map(([name, data]) => [name, { data, gaps: [] }]));
  return { context: CONTEXT, sources: sources as unknown as Snapshot['sources'], includesAws: true };
}

/** A snapshot in which one thing is different. */
export function changed(change: (state: SoundState) => void): Snapshot {
  const state = soundState();
  change(state);
  return snapshotOf(state);
}

/** Another rule of the trust for GitHub. */
export const addRule = (state: SoundState, rule: string, value = 'user1') =>
  state.trust.impersonationServiceUsers?.push({ rule, value });

/** The rules of the trust for GitHub. */
export function setRules(state: SoundState, ...rules: string[]): void {
  state.trust.impersonationServiceUsers = rules.map((rule) => ({ rule, value: 'user1' }));
}
