// An emulated tenancy, repository and AWS account in which every rule of the audit finds something.
import { addEnvironment, addRepository } from '../../../emulator/github/repositories.ts';
import { addPolicy } from '../../../emulator/iam/state.ts';
import { type Members, valuesOf } from '../../../emulator/scim/attributes.ts';
import type { Emulator } from '../../../emulator/server/start.ts';
import type { World } from '../../../emulator/server/world.ts';
import { DOMAIN_URL, FOREIGN_TRUST, ISSUER } from '../tenancy.ts';

const USER = 'urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User';
const CREDENTIALS = 'urn:ietf:params:scim:schemas:oracle:idcs:extension:userCredentials:User';
const DAY_MS = 86_400_000;

export const AWS_ACCOUNT = '123456789012';

export function insertAllFaults({ world }: Emulator): void {
  const users = insertUsers(world);
  const clients = insertApps(world);
  insertTrusts(world, users, clients);
  insertPolicies(world);
  insertRepositories(world);
  insertAws(world);
  const settings = { accountAlwaysTrustScope: true, signingCertPublicAccess: false };
  world.directory.update('Settings', 'Settings', settings);
}

type Users = Record<'jobs' | 'person', string>;

function insertUsers({ directory }: World): Users {
  const insert = (userName: string, others: Members = {}) =>
    directory.insert('Users', { userName, active: true, [USER]: { serviceUser: true }, ...others }).id;
  const jobs = insert('github-acme-infra-prod', { [CREDENTIALS]: { apiKeys: [{ value: 'k1' }] } }); // U03
  insert('github-acme-old-prod'); // U02
  const person = insert('ada@acme.example', { [USER]: { serviceUser: false } });
  directory.insert('Groups', {
    displayName: 'github-acme-infra-prod',
    members: [{ value: jobs, type: 'User' }],
  });
  directory.grant(jobs, 'User Administrator'); // U01
  const administrators = directory.find('Groups', 'displayName', 'Administrators');
  directory.update('Groups', administrators?.id ?? '', {
    members: [...valuesOf(administrators ?? {}, 'members'), { value: jobs, type: 'User' }], // U01
  });
  return { jobs, person };
}

/** @returns the client ids of the applications */
function insertApps({ directory }: World): string[] {
  const insert = (displayName: string, others: Members = {}) => {
    const app = { displayName, name: displayName, active: true, isOAuthClient: true, isOPCService: false };
    return directory.insert('Apps', {
      ...app,
      clientType: 'confidential',
      allowedGrants: ['client_credentials'],
      trustScope: 'Explicit',
      ...others,
    });
  };
  const app = insert('github-actions', { allowedGrants: ['client_credentials', 'password'] }); // A02
  directory.grant(app.id, 'Identity Domain Administrator', 'App'); // A01
  insert('github-actions-2'); // A03
  return ['github-actions', 'deleted']; // T12
}

function insertTrusts({ directory }: World, { jobs, person }: Users, oauthClients: string[]): void {
  const insert = (name: string, others: Members) =>
    directory.insert('IdentityPropagationTrusts', { ...FOREIGN_TRUST, name, oauthClients, ...others });
  const rules = [
    'sub eq repo:acme/infra:environment:dev', // H01
    'sub eq repo:acme/shop:environment:prod', // H02, T14
    'sub eq repo:acme@1001/infra@9:environment:prod', // H03
    'sub eq repo:acme@1001/infra@2002:environment:gone', // H04
    'sub eq repo:acme@1001/infra@2002:environment:prod',
    'sub eq "repo:acme@1001/infra@2002:environment:test"', // T07
    'sub eq repo:acme/infra:environment:dev', // T08
    'sub eq repo:acme@1001/shop@2003:*', // T03
    'sub co :ref:refs/heads/main', // T04
    'sub eq repo:acme/*', // T02
    'sub eq *', // T01
  ].map((rule) => ({ rule, value: jobs }));
  insert('github-actions', {
    clientClaimValues: ['https://cloud.oracle.com'], // T06
    impersonationServiceUsers: [...rules, { rule: 'repository_id eq 2002', value: person }], // T09
  });
  insert('server', {
    issuer: 'https://token.actions.acme.ghe.com',
    publicKeyEndpoint: 'https://keys.example/jwks', // T11
    clientClaimName: undefined, // T05
    clockSkewSeconds: 3600, // T15
    impersonationServiceUsers: [],
  });
  insert('old', {
    issuer: 'https://gitlab.example',
    active: false, // T10
    impersonationServiceUsers: [{ rule: 'sub eq x', value: jobs }],
  });
  insert('signers', {
    issuer: `${ISSUER}/signers`,
    publicKeyEndpoint: `${ISSUER}/signers/.well-known/jwks`,
    oauthClients: undefined, // T17
    subjectType: 'Resource',
    impersonatingResource: 'github',
    impersonationServiceUsers: undefined,
    claimValidations: [{ name: 'repository_id', value: '2002' }], // T16
  });
  insert('resources', {
    issuer: `${ISSUER}/acme`,
    publicKeyEndpoint: `${ISSUER}/acme/.well-known/jwks`,
    subjectType: 'Resource', // T13
    impersonatingResource: 'github',
    impersonationServiceUsers: undefined,
  });
}

function insertPolicies(world: World): void {
  const group = "group 'Default'/'github-acme-infra-prod'";
  world.directory.insert('DynamicResourceGroups', {
    displayName: 'runners',
    matchingRule: "All {resource.type = 'instance'}", // P05
  });
  addPolicy(world, {
    name: 'jobs',
    statements: [
      `Allow ${group} to manage all-resources in tenancy`, // P01
      "Allow any-user to read buckets in tenancy where request.principal.type='identityfederateddomainapp'", // P03
      'Allow any-user to inspect compartments in tenancy', // P04
      'Allow dynamic-group runners to {GET_RPST} in tenancy',
      'Allow dynamic-group runners to read buckets in tenancy', // P06
    ],
  });
  const [apps] = world.settings.compartments.slice(-1);
  addPolicy(world, {
    name: 'apps',
    compartmentId: apps?.id ?? '',
    statements: [`Allow ${group} to manage policies in compartment apps`], // P02
  });
}

function insertRepositories(world: World): void {
  const [infra] = world.githubRest.repositories;
  if (infra === undefined) throw new Error('no repository');
  infra.subject.useImmutable = true;
  const secret = (days: number) => ({ value: 'x', created: 0, updated: world.now() - days * DAY_MS });
  addEnvironment(infra, 'dev', { reviewers: [1] });
  const prod = addEnvironment(infra, 'prod'); // H05
  prod.secrets.set('OCI_CLIENT_SECRET', secret(200)); // H07
  infra.secrets.set('OCI_CLIENT_SECRET', secret(1)); // H06
  const shop = addRepository(world, 'acme/shop', 2003, 1001);
  addEnvironment(shop, 'prod', { reviewers: [1] });
}

function insertAws({ settings }: World): void {
  // The domain still has the issuer of every domain: S01, S03.
  settings.iamProviders = [{ url: DOMAIN_URL, clientIds: ['sts.amazon.com'] }]; // W03
  const host = new URL(DOMAIN_URL).host;
  const statement = {
    Effect: 'Allow' as const,
    Principal: { Federated: `arn:aws:iam::${AWS_ACCOUNT}:oidc-provider/${host}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
  };
  settings.roles = [
    {
      arn: `arn:aws:iam::${AWS_ACCOUNT}:role/deploy`,
      attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'], // W04
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [
          { ...statement, Condition: { StringEquals: { [`${host}:aud`]: 'sts.amazon.com' } } }, // W01
          { ...statement, Condition: { StringLike: { [`${host}:sub`]: 'github-*' } } }, // W02
        ],
      },
    },
  ];
}
