// What triggers each rule of the audit, and the nearest set-up that does not.
import { CREDENTIALS_EXTENSION, USER_EXTENSION } from '../../../cli/domain/objects.ts';
import { addRule, daysAgo, GITHUB, HOST, type SoundState, SUBJECT, serviceUser, setRules } from './sound.ts';

export type Change = (state: SoundState) => void;

const rule =
  (text: string, user?: string): Change =>
  (state) =>
    addRule(state, text, user);
const rules =
  (...texts: string[]): Change =>
  (state) =>
    setRules(state, ...texts);
const trust =
  (members: Partial<SoundState['trust']>): Change =>
  ({ trust: one }) =>
    void Object.assign(one, members);
const app =
  (members: Partial<SoundState['app']>): Change =>
  ({ app: one }) =>
    void Object.assign(one, members);
const statement =
  (text: string): Change =>
  ({ policy }) =>
    void policy.statements.push(text);
const condition =
  (value: Record<string, Record<string, string | string[]>>): Change =>
  ({ statement: one }) => {
    one.Condition = value;
  };
const secret =
  (members: Partial<SoundState['secret']>): Change =>
  ({ secret: one }) =>
    void Object.assign(one, members);
/** The repository sends its name. */
const byName =
  (...texts: string[]): Change =>
  (state) => {
    setRules(state, ...texts);
    Object.assign(state.customization, { useImmutableSubject: false, subClaimPrefix: 'repo:acme/infra' });
  };
export const [NAME, AUD, SUB] = ['sub eq repo:acme/infra:environment:prod', `${HOST}:aud`, `${HOST}:sub`];
const ME = "Allow group 'Default'/'github-acme-infra-prod' to";
const RESOURCE =
  "Allow any-user to read buckets in tenancy where all {request.principal.type='identityfederateddomainapp'";
const resource = (validations: { name: string; value: string }[]) =>
  trust({
    subjectType: 'Resource',
    impersonatingResource: 'github',
    impersonationServiceUsers: [],
    claimValidations: validations,
  });

/** The rules of a trust without clients. */
const signed =
  (...texts: string[]): Change =>
  (state) => {
    setRules(state, ...texts);
    delete state.trust.oauthClients;
  };
const runners =
  (matchingRule: string): Change =>
  ({ dynamicGroup }) =>
    void Object.assign(dynamicGroup, { matchingRule });

/** Rule, what triggers it, and what does not although it is close. */
export const CASES: readonly [id: string, faults: Record<string, Change>, sound: Record<string, Change>][] = [
  [
    'T01',
    {
      'sub eq *': rule('sub eq *'),
      'an owner that begins with a name': rule('sub eq repo:acme*'),
      'a star for the owner': rule('sub eq repo:*/infra:environment:prod'),
      'a claim that every repository can have': rule('environment eq prod'),
      'an audience': rule('aud eq https://cloud.oracle.com'),
      'a custom property': rule('repo_property_team eq blue'),
      'a customised subject without a repository': rule('sub eq environment:prod'),
      'quotes around it': rule('sub eq "*"'),
      'GitHub of an enterprise': (state) => {
        state.trust.issuer = `${GITHUB}/acme`;
        addRule(state, 'sub eq *');
      },
    },
    {
      'another issuer': ({ trusts }) =>
        trusts[1]?.impersonationServiceUsers?.push({ rule: 'sub eq *', value: 'user2' }),
      'a client claim that lists the subjects': (state) => {
        Object.assign(state.trust, { clientClaimName: 'sub', clientClaimValues: [SUBJECT] });
        addRule(state, 'sub eq *');
      },
      'a customised subject with the repository': rule('sub eq repository_id:5678:environment:prod'),
      'a trust without impersonation': (state) => {
        addRule(state, 'sub eq *');
        state.trust.allowImpersonation = false;
      },
    },
  ],
  [
    'T02',
    {
      'all repositories of an owner': rule('sub eq repo:acme/*'),
      'all of an owner by id': rule('sub eq repo:acme@1234/*'),
      'repositories whose names begin alike': rule('sub eq repo:acme/infra*'),
      'ids that begin alike': rule('sub eq repo:acme@1234/infra@5678*'),
      'the claim of the owner': rule('repository_owner_id eq 1234'),
      'callers of a workflow': rule(
        'job_workflow_ref eq acme/ci/.github/workflows/deploy.yml@refs/heads/main',
      ),
    },
    { 'one repository': rule('sub eq repo:acme@1234/infra@5678:*'), 'all of GitHub': rule('sub eq *') },
  ],
  [
    'T03',
    {
      'every job of a repository': rule('sub eq repo:acme@1234/infra@5678:*'),
      'every branch': rule('sub eq repo:acme@1234/infra@5678:ref:refs/heads/*'),
      'the claim of the repository': rule('repository eq acme/infra'),
      'the id of the repository': rule('repository_id eq 5678'),
    },
    {
      'one branch': rule('sub eq repo:acme@1234/infra@5678:ref:refs/heads/main'),
      'one workflow': rule('workflow_ref eq acme/infra/.github/workflows/deploy.yml@refs/heads/main'),
    },
  ],
  [
    'T04',
    { 'a part of a subject': rule('sub co acme/infra') },
    { 'the whole subject': rules(`sub eq ${SUBJECT}`) },
  ],
  [
    'T05',
    {
      'no client claim': trust({ clientClaimName: '' }),
      'a client claim without values': trust({ clientClaimValues: [] }),
      'a trust of others': ({ trusts }) => delete trusts[1]?.clientClaimName,
    },
    { 'a trust that is not for tokens': trust({ type: 'SAML', clientClaimName: '' }) },
  ],
  [
    'T06',
    {
      "the action's default": trust({ clientClaimValues: ['https://cloud.oracle.com'] }),
      "GitHub's default": trust({ clientClaimValues: ['https://github.com/acme'] }),
      'one of several': trust({ clientClaimValues: ['https://acme.example/oci', 'sts.amazonaws.com'] }),
    },
    {
      'an own audience': trust({ clientClaimValues: ['https://acme.example/oci'] }),
      'another claim': trust({ clientClaimName: 'azp', clientClaimValues: ['sigstore'] }),
    },
  ],
  [
    'T07',
    { quotes: rules(`sub eq "${SUBJECT}"`) },
    { 'a quote within': rules(`sub eq repo:acme@1234/infra@5678:environment:"prod`) },
  ],
  [
    'T08',
    {
      duplicate: rule(`sub eq ${SUBJECT}`),
      'a star before': rules('sub eq repo:acme@1234/infra@5678:*', `sub eq ${SUBJECT}`),
      'the repository before': rules('repository eq acme/infra', `sub eq ${SUBJECT}`),
      'a part before': rules('sub co acme@1234', 'sub eq repo:acme@1234/*'),
    },
    { 'the star after': rules(`sub eq ${SUBJECT}`, 'sub eq repo:acme@1234/infra@5678:*') },
  ],
  [
    'T09',
    {
      missing: rule('sub eq repo:acme@1234/infra@5678:environment:test', 'user9'),
      inactive: ({ user }) => {
        user.active = false;
      },
      'no service user': ({ user }) => {
        user[USER_EXTENSION] = {};
      },
    },
    {
      'a user by OCID': ({ trust: one }) => {
        one.impersonationServiceUsers = [{ rule: `sub eq ${SUBJECT}`, value: 'ocid1.user.oc1..user1' }];
      },
    },
  ],
  [
    'T10',
    { inactive: trust({ active: false }), 'never activated': ({ trust: one }) => delete one.active },
    { 'inactive, without rules': trust({ active: false, impersonationServiceUsers: [] }) },
  ],
  [
    'T11',
    {
      'another host': trust({ publicKeyEndpoint: 'https://keys.example/jwks' }),
      'no address': ({ trust: one }) => delete one.publicKeyEndpoint,
      certificate: trust({ publicCertificate: '-----BEGIN CERTIFICATE-----' }),
    },
    {
      'a server that the domain cannot reach': (state) => {
        Object.assign(state.trust, {
          issuer: 'https://ghe.acme.example/_services/token',
          publicCertificate: 'MII…',
        });
        delete state.trust.publicKeyEndpoint;
      },
      'GHE.com': trust({
        issuer: 'https://token.actions.acme.ghe.com',
        publicKeyEndpoint: 'https://token.actions.acme.ghe.com/.well-known/jwks',
      }),
    },
  ],
  [
    'T12',
    { missing: trust({ oauthClients: ['client1', 'client9'] }), inactive: app({ active: false }) },
    {
      'two applications': trust({ oauthClients: ['client1', 'client3'] }),
      'an inactive trust': trust({ active: false, oauthClients: ['client9'] }),
    },
  ],
  [
    'T13',
    {
      'no validations': resource([]),
      'one that every repository meets': resource([{ name: 'environment', value: 'prod' }]),
    },
    {
      'the repository': resource([{ name: 'repository_id', value: '5678' }]),
      'the owner': resource([{ name: 'repository_owner_id', value: '1234' }]),
    },
  ],
  [
    'T14',
    {
      'two repositories': rule('sub eq repo:acme@1234/shop@9:environment:prod'),
      'pull requests': rule('sub eq repo:acme@1234/infra@5678:pull_request'),
    },
    {
      'both forms of a repository': rule(NAME),
      'two environments': rule('sub eq repo:acme@1234/infra@5678:environment:test'),
      'two users': rule('sub eq repo:acme@1234/shop@9:environment:prod', 'user2'),
    },
  ],
  [
    'T15',
    { 'ten minutes': trust({ clockSkewSeconds: 600 }) },
    { 'five minutes': trust({ clockSkewSeconds: 300 }) },
  ],
  [
    'T16',
    {
      'a resource, of a repository': (state) => {
        resource([{ name: 'repository_id', value: '5678' }])(state);
        delete state.trust.oauthClients;
      },
      'a resource, with a star': (state) => {
        resource([{ name: 'sub', value: 'repo:acme@1234/infra@5678:*' }])(state);
        state.trust.oauthClients = [];
      },
      'a rule with a star': signed('sub eq repo:acme@1234/infra@5678:*'),
      'a rule over another claim': signed('repository_id eq 5678'),
      'a rule over a part': signed('sub co :environment:prod'),
      'another issuer': ({ trusts }) => void delete trusts[1]?.oauthClients,
    },
    {
      'whole subjects': signed(`sub eq ${SUBJECT}`),
      'a resource': (state) => {
        resource([{ name: 'sub', value: SUBJECT }])(state);
        delete state.trust.oauthClients;
      },
      'a client claim that lists the subjects': (state) => {
        signed('repository_id eq 5678')(state);
        Object.assign(state.trust, { clientClaimName: 'sub', clientClaimValues: [SUBJECT] });
      },
    },
  ],
  [
    'T17',
    { 'an application': signed(`sub eq ${SUBJECT}`) },
    {
      'inactive applications': (state) => {
        signed(`sub eq ${SUBJECT}`)(state);
        for (const one of state.apps) one.active = false;
      },
      'an inactive trust': (state) => {
        signed(`sub eq ${SUBJECT}`)(state);
        state.trust.active = false;
      },
    },
  ],
  [
    'H01',
    { 'only the name': rules(NAME) },
    {
      'a repository that sends its name': byName(NAME),
      'a customised subject': (state) => {
        setRules(state, NAME);
        state.customization.useDefault = false;
      },
      'both forms': rule(NAME),
    },
  ],
  [
    'H02',
    { 'the name': byName(NAME), 'a rule that is left over': rule(NAME) },
    {
      'both forms, before the change': byName(NAME, `sub eq ${SUBJECT}`),
      'a server that has only names': (state) => {
        setRules(state, NAME);
        Object.assign(state.customization, { useImmutableSubject: undefined, subClaimPrefix: undefined });
      },
    },
  ],
  [
    'H03',
    {
      gone: ({ repositories }) => repositories.set('acme/infra', 'gone'),
      renamed: ({ repository, customization }) => {
        repository.fullName = 'acme/platform';
        customization.subClaimPrefix = 'repo:acme@1234/platform@5678';
      },
      'another repository': ({ repository }) => {
        repository.id = 9;
      },
      'another owner': ({ repository }) => {
        repository.ownerId = 9;
      },
      'spelled differently': ({ repository, customization }) => {
        repository.fullName = 'Acme/infra';
        customization.subClaimPrefix = 'repo:Acme@1234/infra@5678';
      },
    },
    {
      'a repository of another issuer': ({ trust: one, repositories }) => {
        one.issuer = 'https://token.actions.acme.ghe.com';
        repositories.set('acme/infra', 'gone');
      },
    },
  ],
  [
    'H04',
    { missing: ({ environments }) => environments.set('acme/infra', [{ name: 'prod', missing: true }]) },
    {
      'another environment': ({ environments }) =>
        environments.get('acme/infra')?.push({ name: 'test', missing: true }),
    },
  ],
  [
    'H05',
    {
      'any branch': ({ environment }) => {
        environment.branchPolicy = null;
      },
      'a star for the branch': ({ environment }) => {
        environment.branches = ['*'];
      },
      'a colon in its name': (state) => {
        setRules(state, 'sub eq repo:acme@1234/infra@5678:environment:a%3Ab');
        state.environments.set('acme/infra', [
          { name: 'a:b', branchPolicy: null, branches: undefined, hasReviewers: false },
        ]);
      },
    },
    {
      reviewers: ({ environment }) => Object.assign(environment, { branchPolicy: null, hasReviewers: true }),
    },
  ],
  [
    'H06',
    {
      repository: secret({ level: 'repository' }),
      organization: secret({ level: 'organization' }),
      'that for AWS': secret({ level: 'repository', name: 'OCI_AWS_CLIENT_SECRET' }),
    },
    { environment: secret({ level: 'environment' }) },
  ],
  [
    'H07',
    { 'older than 90 days': secret({ updatedAt: daysAgo(91) }) },
    { '90 days': secret({ updatedAt: daysAgo(90) }) },
  ],
  [
    'A01',
    {
      'a client of the trust': app({
        grantedAppRoles: [{ value: 'r', display: 'Identity Domain Administrator', adminRole: true }],
      }),
      'a client for AWS': ({ apps }) =>
        Object.assign(apps[2] ?? {}, { grantedAppRoles: [{ value: 'r', display: 'x', adminRole: true }] }),
    },
    { 'another role': app({ grantedAppRoles: [{ value: 'r', display: 'Me', adminRole: false }] }) },
  ],
  [
    'A02',
    {
      'another grant': app({ allowedGrants: ['client_credentials', 'password'] }),
      'a public client': app({ clientType: 'public' }),
      'every scope': app({ trustScope: 'Account' }),
    },
    { 'no trust scope': ({ app: one }) => delete one.trustScope },
  ],
  [
    'A03',
    {
      'left by a rotation': ({ apps }) =>
        apps.push({ id: 'app9', name: 'client9', displayName: 'github-actions-2', active: true }),
      'marked by setup': ({ apps }) =>
        apps.push({ id: 'app9', displayName: 'x', tags: [{ key: 'oci-wif', value: 'oci-wif:1:prod' }] }),
    },
    {
      'an application of others': ({ apps }) =>
        apps.push({ id: 'app9', name: 'client9', displayName: 'sso', active: true }),
    },
  ],
  [
    'U01',
    {
      'a member': ({ groups }) => groups[1]?.members?.push({ value: 'user1', type: 'User' }),
      'a member, by the user': ({ user }) => user.groups?.push({ value: 'group2' }),
      'a role': ({ user }) => {
        user[USER_EXTENSION] = {
          serviceUser: true,
          appRoles: [{ value: 'r', display: 'Security Administrator', adminRole: true }],
        };
      },
    },
    {
      'a service user of others': ({ groups }) => groups[1]?.members?.push({ value: 'user2', type: 'User' }),
    },
  ],
  [
    'U02',
    { 'no rule': ({ users }) => users.push(serviceUser('user9', 'github-acme-old-prod')) },
    {
      'with an API key': ({ users }) =>
        users.push({
          ...serviceUser('user9', 'backup'),
          [CREDENTIALS_EXTENSION]: { apiKeys: [{ value: 'key1' }] },
        }),
      'a person': ({ users }) => users.push({ id: 'user9', userName: 'x', active: true }),
    },
  ],
  [
    'U03',
    {
      'an API key': ({ user }) => {
        user[CREDENTIALS_EXTENSION] = { apiKeys: [{ value: 'key1' }] };
      },
    },
    {
      'an empty list': ({ user }) => {
        user[CREDENTIALS_EXTENSION] = { apiKeys: [] };
      },
    },
  ],
  [
    'P01',
    {
      'its group': statement(`${ME} manage all-resources in tenancy`),
      'without a domain': statement('ALLOW GROUP github-acme-infra-prod TO MANAGE all-resources IN TENANCY'),
      'by OCID, in a list': statement(
        'Allow group id ocid1.group.oc1..9, id ocid1.group.oc1..1 to manage all-resources in tenancy',
      ),
      'any user': statement('Allow any-group to manage all-resources in tenancy'),
      'a condition that excludes a text with an equals sign': statement(
        `${ME} manage all-resources in tenancy where target.name != 'a=b'`,
      ),
      'a condition that only excludes': statement(
        `${ME} manage all-resources in tenancy where request.permission != 'X'`,
      ),
    },
    {
      'a condition': statement(`${ME} manage all-resources in tenancy where target.tag.a.b = 'c'`),
      'read only': statement(`${ME} read all-resources in tenancy`),
      'another group': statement(
        "Allow group 'Default'/'github-acme-infra-prod-2' to manage all-resources in tenancy",
      ),
    },
  ],
  [
    'P02',
    {
      compartment: statement(`${ME} manage all-resources in compartment apps`),
      policies: statement(`${ME} manage policies in compartment id ocid1.compartment.oc1..1`),
      users: statement(`${ME} manage users in tenancy`),
    },
    {
      buckets: statement(`${ME} manage buckets in compartment apps`),
      'a domain, read only': statement(`${ME} read domains in tenancy`),
    },
  ],
  [
    'P03',
    {
      'no name': statement(`${RESOURCE}, request.principal.domain.id='ocid1.domain.oc1..1'}`),
      'no domain': statement(`${RESOURCE}, request.principal.name='repo:acme@1/x@2:environment:prod'}`),
      'any of them': statement(
        `${RESOURCE.replace('all', 'any')}, request.principal.domain.id='d', request.principal.name='n'}`,
      ),
      'a star': statement(`${RESOURCE}, request.principal.domain.id='d', request.principal.name='*'}`),
    },
    {
      'a claim': statement(
        `${RESOURCE}, request.principal.domain.id='d', request.principal.ext_repository_id='5678'}`,
      ),
    },
  ],
  [
    'P04',
    { 'any user': statement('Allow any-user to read buckets in compartment apps') },
    {
      'with a condition': statement(
        "Allow any-user to read buckets in compartment apps where request.principal.type='instance'",
      ),
    },
  ],
  [
    'P05',
    {
      'any user': statement('Allow any-user to {GET_RPST} in tenancy'),
      'every instance': runners("All {instance.compartment.id != 'ocid1.compartment.oc1..x'}"),
      'one of two conditions': runners(
        "Any {instance.id = 'ocid1.instance.oc1..1', resource.type = 'instance'}",
      ),
      'a single condition': runners("resource.type = 'instance'"),
      'a star': runners("ALL {instance.compartment.id = '*'}"),
    },
    {
      'workloads of a cluster': statement(
        "Allow any-user to {GET_RPST} in tenancy where request.principal.cluster_id = 'ocid1.cluster.oc1..1'",
      ),
      'an instance': runners("instance.id = 'ocid1.instance.oc1..1'"),
      'a tag and a type': runners("All {resource.type = 'instance', tag.ci.runner.value = 'yes'}"),
      'a group of another domain': (state) => {
        runners("resource.type = 'instance'")(state);
        state.domain.displayName = 'Other';
      },
    },
  ],
  [
    'P06',
    {
      'another permission': statement("Allow dynamic-group 'default'/'Runners' to read buckets in tenancy"),
      'by OCID': statement(
        'Allow dynamic-group id ocid1.dynamicgroup.oc1..1 to use keys in compartment apps',
      ),
      'more permissions': statement('Allow dynamic-group runners to {GET_RPST, BUCKET_READ} in tenancy'),
    },
    {
      'another group': statement('Allow dynamic-group others to read buckets in tenancy'),
      'a group of users of the same name': statement('Allow group runners to read buckets in tenancy'),
    },
  ],
  [
    'S01',
    {
      'keys for members only': ({ settings }) => {
        settings.signingCertPublicAccess = false;
      },
    },
    {
      'another issuer in the settings': ({ settings }) => {
        settings.prevIssuer = 'https://identity.oraclecloud.com/';
      },
    },
  ],
  [
    'S02',
    {
      'every scope': ({ settings }) => {
        settings.accountAlwaysTrustScope = true;
      },
    },
    { 'not set': ({ settings }) => delete settings.accountAlwaysTrustScope },
  ],
  [
    'S03',
    {
      default: (state) => {
        state.discovery = 'https://identity.oraclecloud.com/';
      },
      'a slash at the end': (state) => {
        state.discovery += '/';
      },
    },
    {
      'both with a path': (state) => {
        state.provider.arn += '/x';
        state.statement.Principal = { Federated: state.provider.arn };
        state.discovery += '/x';
      },
    },
  ],
  [
    'W01',
    {
      'the audience alone': condition({ StringEquals: { [AUD]: 'sts.amazon.com' } }),
      'a client that is excluded': condition({
        StringEquals: { [AUD]: 'sts.amazon.com' },
        StringNotEquals: { [SUB]: 'client9' },
      }),
      'all actions but one': ({ statement: one }) => {
        one.Condition = {};
        delete one.Action;
        one['NotAction'] = 'sts:TagSession';
      },
      'no condition, every action': ({ statement: one }) =>
        Object.assign(one, { Condition: {}, Action: ['sts:*'] }),
    },
    {
      'tags alone': ({ statement: one }) => Object.assign(one, { Condition: {}, Action: 'sts:TagSession' }),
      denied: ({ statement: one }) => Object.assign(one, { Effect: 'Deny', Condition: {} }),
      'upper case': condition({
        StringEquals: { [AUD]: 'sts.amazon.com', [SUB.toUpperCase()]: ['client3'] },
      }),
    },
  ],
  [
    'W02',
    {
      'a star': condition({ StringEquals: { [AUD]: 'sts.amazon.com' }, StringLike: { [SUB]: '*' } }),
      'all values': condition({
        StringEquals: { [AUD]: 'sts.amazon.com' },
        'ForAllValues:StringEquals': { [SUB]: ['client3'] },
      }),
    },
    { 'no star': condition({ StringLike: { [AUD]: 'sts.amazon.com', [SUB]: 'client3' } }) },
  ],
  [
    'W03',
    {
      'an audience': ({ provider }) => provider.clientIds.push('sts.example'),
      'a client': condition({ StringEquals: { [AUD]: 'sts.amazon.com', [SUB]: ['client3', 'client9'] } }),
    },
    {
      'a service user': condition({
        StringEquals: { [AUD]: 'sts.amazon.com', [SUB]: 'github-acme-infra-prod' },
      }),
      'two clients': condition({ StringEquals: { [AUD]: 'sts.amazon.com', [SUB]: ['client3', 'client1'] } }),
    },
  ],
  [
    'W04',
    {
      administrator: ({ attachments }) =>
        attachments.get('github')?.push('arn:aws:iam::aws:policy/AdministratorAccess'),
      'twelve hours': ({ role }) => {
        role.maxSessionDuration = 43_200;
      },
    },
    {
      'eleven hours': ({ role }) => {
        role.maxSessionDuration = 39_600;
      },
    },
  ],
];
