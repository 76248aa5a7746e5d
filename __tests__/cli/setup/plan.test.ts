// The plan as a function of what was read.
import { describe, expect, it } from '@jest/globals';
import { USER_EXTENSION } from '../../../cli/domain/objects.ts';
import { checksOf } from '../../../cli/setup/checks.ts';
import { planHeader, planSetup } from '../../../cli/setup/plan.ts';
import { planText, planTotals } from '../../../cli/setup/plan-text.ts';
import type { Snapshot } from '../../../cli/setup/snapshot.ts';
import {
  COMPLETE,
  DOMAIN_URL,
  FRESH,
  MARK,
  planned,
  STATEMENT,
  SUBJECT,
  select,
  withTrust,
} from './fixtures.ts';

const RULE = { rule: `sub eq ${SUBJECT}`, value: 'user1' };
const FOREIGN = { rule: 'sub eq repo:acme/shop:environment:prod', value: 'user9' };

const changed = (changes: Partial<Snapshot>): Snapshot => ({ ...COMPLETE, ...changes });

describe('a plan for a fresh domain', () => {
  it('creates everything, the trust last', () => {
    expect(planned(FRESH)).toEqual([
      'create environment prod: only main may deploy',
      `create variable OCI_DOMAIN_URL: ${DOMAIN_URL}`,
      'create variable OCI_REGION: eu-frankfurt-1',
      `create variable OCI_AUDIENCE: ${DOMAIN_URL}`,
      'create app github-actions: client credentials, no role',
      'create secret OCI_CLIENT_SECRET: secret of the new application',
      'create variable OCI_CLIENT_ID: client ID of the new application',
      'create user github-acme-infra-prod: service user',
      'create group github-acme-infra-prod: 1 member',
      `create policy github-actions: + 1 statement (1 of 50); ${STATEMENT}`,
      `create trust github-actions: rule 1  ${RULE.rule}; audience ${DOMAIN_URL}`,
    ]);
  });

  it('warns that a branch does not protect the secret', () => {
    const lines = planned(FRESH, select({ environment: undefined, branch: 'main' }));
    expect(lines[0]).toBe(
      'warn repository acme/infra: every workflow on any branch can read OCI_CLIENT_SECRET; only those on main are admitted',
    );
  });

  it('refuses a permission of a resource whose subject has a quote, or whose domain has no OCID', () => {
    const signs = { 'client-auth': 'instance-principal', runners: ['ocid1.instance.oc1..aaaa'] };
    const lines = planned(FRESH, select({ ...signs, environment: "it's" }));
    expect(lines.join('\n')).toMatch(/refuse policy github-actions: the subject \S+:it's cannot be written/);
    expect(planned(FRESH, select(signs))).toContain(
      'refuse policy github-actions: the domain did not return its OCID, which the statements need',
    );
  });

  it('warns when a Free domain is full, and leaves the decision to it', () => {
    const lines = planned({ ...FRESH, ownApps: ['aws', 'setup-admin'] });
    expect(lines).toContain(
      'warn app github-actions: a Free domain allows 2 applications and has 2 (aws, setup-admin): it may refuse another one',
    );
    expect(lines).toContain('create app github-actions: client credentials, no role');
  });

  it('prints the statements when IAM cannot be reached', () => {
    const lines = planned({ ...FRESH, domain: undefined, policies: undefined });
    expect(lines.join('\n')).toMatch(
      /warn policy .*add these statements yourself: Allow group '<name of the domain>'/,
    );
  });

  it('warns when there is nothing to allow', () => {
    expect(planned(FRESH, select({ allow: [] }))).toContain(
      'warn policy github-actions: without `--allow`, this command gives the jobs no permission',
    );
  });

  it('refuses everything when the subject is unknown', () => {
    const customization = { ...FRESH.customization, useDefault: false, includeClaimKeys: ['repo'] };
    expect(planned({ ...FRESH, customization })).toEqual([
      expect.stringMatching(/^refuse subject .*`--subject`/),
    ]);
  });
});

describe('a plan for what is complete', () => {
  it('keeps everything', () => {
    expect(planned(COMPLETE)).toEqual([]);
  });

  it('finds user and group by their mark after the repository was renamed', () => {
    const user = { ...COMPLETE.user, id: 'user1', userName: 'github-acme-old-prod', externalId: MARK };
    const group = { ...COMPLETE.group, id: 'group1', displayName: 'github-acme-old-prod' };
    expect(planned(changed({ user, group }))).toEqual([
      expect.stringMatching(/^append policy .*\+ 1 statement/),
    ]);
  });

  it('does not compare spaces and case of statements', () => {
    const [policy] = COMPLETE.policies ?? [];
    const other = STATEMENT.toUpperCase().replace(' TO ', '  TO ');
    expect(
      planned(changed({ policies: policy && [{ ...policy, name: 'other', statements: [other] }] })),
    ).toEqual([]);
  });
});

describe('the environment', () => {
  const environment = COMPLETE.environment;

  it.each<[string, Partial<NonNullable<typeof environment>>, Partial<Snapshot>, string]>([
    [
      'any branch may deploy',
      { branchPolicy: null, branches: undefined },
      {},
      'warn environment prod: any branch may deploy, so any branch can log in; restrict this in the settings of the environment',
    ],
    ['no branch may deploy', { branches: [] }, {}, 'warn environment prod: no branch may deploy'],
    [
      'its creation was interrupted',
      { branches: [] },
      { secrets: [], variables: {} },
      'append environment prod: main may deploy; until now no branch may',
    ],
    [
      'GitHub spells it otherwise',
      { name: 'Prod' },
      {},
      'warn environment prod: GitHub spells it Prod: workflows must spell it prod, as the subject does',
    ],
  ])('is not changed, but reported when %s', (_what, changes, others, line) => {
    if (environment === undefined) throw new Error('no environment');
    expect(planned(changed({ environment: { ...environment, ...changes }, ...others }))).toContain(line);
  });

  it('of another domain is refused', () => {
    const variables = { ...COMPLETE.variables, OCI_DOMAIN_URL: 'https://idcs-9.identity.oraclecloud.com' };
    expect(planned(changed({ variables }))).toEqual([
      expect.stringMatching(/^refuse variable OCI_DOMAIN_URL: .*choose another/),
    ]);
  });

  it('keeps its region and a domain URL with a port', () => {
    const variables = {
      ...COMPLETE.variables,
      OCI_DOMAIN_URL: `${DOMAIN_URL}:443`,
      OCI_REGION: 'us-ashburn-1',
    };
    expect(planned(changed({ variables }), select({ region: 'uk-london-1' }))).toEqual([]);
  });
});

describe('the application', () => {
  const app = (changes: object) => changed({ app: { ...COMPLETE.app, id: 'app1', ...changes } });

  it.each<[string, object, RegExp]>([
    ['is inactive', { active: false }, /activate it with `--activate`/],
    ['is public', { clientType: 'public' }, /not a confidential application; choose another with `--app`/],
    ['has another grant', { allowedGrants: ['authorization_code'] }, /grant client_credentials/],
  ])('is refused when it %s', (_what, changes, text) => {
    expect(planned(app(changes))).toEqual([expect.stringMatching(/^refuse app /)]);
    expect(planned(app(changes))[0]).toMatch(text);
  });

  it('is activated on request', () => {
    expect(planned(app({ active: false }), select({ activate: true }))).toEqual([
      'change app github-actions: is activated',
    ]);
  });

  it('causes a warning when it has an administrator role', () => {
    expect(
      planned(app({ grantedAppRoles: [{ display: 'Identity Domain Administrator', adminRole: true }] })),
    ).toEqual([expect.stringMatching(/^warn app .*administers the domain/)]);
  });
});

describe('the secret', () => {
  const without = (secrets: Snapshot['secrets'], variables: Record<string, string | undefined>) =>
    changed({
      secrets,
      variables: Object.fromEntries(
        Object.entries({ ...COMPLETE.variables, ...variables }).filter(
          (pair): pair is [string, string] => pair[1] !== undefined,
        ),
      ),
    });
  const lost = without([], { OCI_CLIENT_ID: undefined });

  it('that is not stored is refused without --rotate-secret, because it cannot be read', () => {
    expect(planned(lost)).toEqual([
      'refuse secret OCI_CLIENT_SECRET: is not stored, and the secret of github-actions cannot be read again; choose another application with `--app`; or make a new secret with `--rotate-secret`: other jobs with the old one are refused at once',
    ]);
  });

  it('is made anew with --rotate-secret', () => {
    expect(planned(lost, select({ 'rotate-secret': true }))).toEqual([
      'create secret OCI_CLIENT_SECRET: a new secret of github-actions: jobs with the old one are refused at once',
      'create variable OCI_CLIENT_ID: client1',
    ]);
  });

  it('is made anew without a warning when an interrupted run created the application and nothing trusts it', () => {
    expect(planned({ ...lost, trust: undefined })).toContain(
      'create secret OCI_CLIENT_SECRET: a new secret of github-actions: the first one was not stored, and nothing trusts the application',
    );
  });

  it('is refused when somebody else made the application, even if nothing trusts it', () => {
    const app = { ...COMPLETE.app, id: 'app1', tags: [] };
    expect(planned({ ...lost, app, trust: undefined })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^refuse secret /)]),
    );
  });

  it('of unknown origin is refused', () => {
    const { secrets } = COMPLETE;
    expect(planned(without(secrets, { OCI_CLIENT_ID: undefined }))).toEqual([
      expect.stringMatching(
        /^refuse secret .*if it is that of github-actions, set the variable OCI_CLIENT_ID to client1; otherwise choose/,
      ),
    ]);
    expect(planned(without(secrets, { OCI_CLIENT_ID: 'client9' }))).toEqual([
      expect.stringMatching(
        /^refuse secret .*belongs to the client client9; choose its application with `--app`/,
      ),
    ]);
  });
});

describe('user and group', () => {
  const user = (changes: object) => changed({ user: { ...COMPLETE.user, id: 'user1', ...changes } });
  const group = (changes: object) => changed({ group: { ...COMPLETE.group, id: 'group1', ...changes } });

  it.each<[string, Snapshot, RegExp]>([
    ['an ordinary user', user({ [USER_EXTENSION]: {} }), /^refuse user .*not a service user.*`--name`/],
    ['an inactive user', user({ active: false }), /^refuse user .*`--activate`/],
    [
      'a user of other jobs',
      user({ externalId: 'oci-wif:1:test' }),
      /^refuse user .*belongs to oci-wif:1:test/,
    ],
    [
      'a group of other jobs',
      group({ externalId: 'oci-wif:1:test' }),
      /^refuse group .*belongs to oci-wif:1:test/,
    ],
    ['a group without the user', group({ members: [] }), /^append group .*\+ member github-acme-infra-prod/],
    ['a group whose members are unknown', group({ members: undefined }), /^append group /],
    [
      'a group with others',
      group({ members: [{ value: 'user1' }, { value: 'user2' }] }),
      /^warn group .*1 other member with the same permissions/,
    ],
  ])('%s', (_what, snapshot, line) => {
    expect(planned(snapshot)).toEqual([expect.stringMatching(line)]);
  });
});

describe('the policy', () => {
  const statements = Array.from(
    { length: 50 },
    (_one, index) => `Allow group x to read t${index} in tenancy`,
  );
  const [policy] = COMPLETE.policies ?? [];
  const full = changed({ policies: policy && [{ ...policy, statements }] });

  it('that is full is refused', () => {
    expect(planned(full)).toEqual([
      'refuse policy github-actions: has 50 of 50 statements; choose another with `--policy`',
    ]);
  });

  it('of another name is created beside it', () => {
    expect(planned(full, select({ policy: 'github-actions-2' }))).toEqual([
      `create policy github-actions-2: + 1 statement (1 of 50); ${STATEMENT}`,
    ]);
  });

  it('with conditions, in the tenancy, for a domain with a quote in its name', () => {
    const domain = FRESH.domain && { ...FRESH.domain, displayName: "O'Neil" };
    const selection = select({
      compartment: 'ocid1.tenancy.oc1..aaaa',
      allow: ["use objects where target.bucket.name='site'"],
    });
    const { action } =
      planSetup({ ...FRESH, domain }, selection).find((one) => one.action.object === 'policy') ?? {};
    expect(action?.after).toEqual([
      "Allow group 'O\\'Neil'/'github-acme-infra-prod' to use objects in tenancy where target.bucket.name='site'",
    ]);
  });

  it('with the statement in another spelling is kept, and its check passes', () => {
    const policies = policy && [
      { ...policy, statements: [STATEMENT.replace('Allow group', 'ALLOW  GROUP')] },
    ];
    expect(planned({ ...COMPLETE, policies })).toEqual([]);
    const checks = checksOf({ ...COMPLETE, policies }, select());
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });

  it('warns of permissions by which jobs could get others', () => {
    expect(planned(COMPLETE, select({ allow: ['manage policies'] }))).toContain(
      'warn policy github-actions: manage policies: the jobs can give themselves other permissions',
    );
  });
});

describe('a trust that others use', () => {
  it('gets the rule at its end; rules and clients of others are counted', () => {
    const trust = withTrust({ impersonationServiceUsers: [FOREIGN], oauthClients: ['client9'] });
    expect(planned(trust)).toEqual([
      `append trust github-actions: + rule 2  ${RULE.rule}; + client client1; 1 rule, 1 client kept`,
    ]);
  });

  it('keeps its audience unless another one is given, which then holds for all rules', () => {
    const trust = withTrust({ clientClaimValues: ['https://cloud.oracle.com'] });
    const { OCI_AUDIENCE: _own, ...variables } = COMPLETE.variables;
    expect(planned({ ...trust, variables })).toEqual([
      'create variable OCI_AUDIENCE: https://cloud.oracle.com',
    ]);
    expect(planned({ ...trust, variables }, select({ audience: 'acme' }))).toEqual([
      'create variable OCI_AUDIENCE: acme',
      'append trust github-actions: + aud acme, which then holds for all rules; 1 rule, 1 client kept',
    ]);
  });

  it('that checks another claim gets its value', () => {
    const trust = withTrust({
      clientClaimName: 'sub',
      clientClaimValues: ['repo:acme/shop:environment:prod'],
    });
    expect(planned(trust)).toEqual([
      `append trust github-actions: + sub ${SUBJECT}, which then holds for all rules; 1 rule, 1 client kept`,
    ]);
  });

  it('that checks no audience is left so: a value would refuse the tokens of others', () => {
    const trust = withTrust({ clientClaimName: undefined, clientClaimValues: undefined });
    expect(planned(trust)).toEqual([expect.stringMatching(/^warn trust .*checks no audience/)]);
  });

  it('that already admits the jobs by a wider rule for the same user gets no second rule', () => {
    const wider = { rule: 'sub eq repo:acme/infra:*', value: 'user1' };
    expect(planned(withTrust({ impersonationServiceUsers: [wider] }))).toEqual([
      'warn trust github-actions: rule 1 `sub eq repo:acme/infra:*` admits other jobs as the same user',
    ]);
  });

  it('is appended to when its rules were not returned', () => {
    expect(planned(withTrust({ impersonationServiceUsers: undefined }))).toEqual([
      expect.stringMatching(/^append trust .*\+ rule 1 /),
      expect.stringMatching(/^warn trust .*returned without rules/),
    ]);
  });

  it.each<[string, object, RegExp]>([
    [
      'an earlier rule maps the jobs to another user',
      { impersonationServiceUsers: [{ rule: 'sub eq repo:acme/*', value: 'user9' }, RULE] },
      /rule 1 `sub eq repo:acme\/\*` already matches, and maps the jobs to the user user9; remove or narrow it first/,
    ],
    [
      'an earlier rule matches another claim',
      { impersonationServiceUsers: [{ rule: 'repository_owner eq acme', value: 'user9' }] },
      /rule 1 `repository_owner eq acme` already matches/,
    ],
    ['it is inactive', { active: false }, /`--activate` activates it, and with it 1 rule/],
    ['it serves resources', { subjectType: 'Resource' }, /one trust for an issuer; use another domain/],
    ['its type is unknown', { subjectType: undefined }, /subject type unknown/],
    ['it does not impersonate', { allowImpersonation: false }, /does not allow impersonation/],
    ['it checks a claim of the run', { clientClaimName: 'job_workflow_ref' }, /not known before a job runs/],
  ])('is refused when %s', (_what, changes, text) => {
    const lines = planned(withTrust(changes));
    expect(lines).toEqual([expect.stringMatching(/^refuse trust /)]);
    expect(lines[0]).toMatch(text);
  });

  it.each<[string, string]>([
    ['a claim that is known only when a job runs', 'ref eq refs/heads/main'],
    ['a value in quotes, which domains read differently', `sub eq "${SUBJECT}"`],
  ])('causes a warning when an earlier rule has %s', (_what, rule) => {
    const rules = [{ rule, value: 'user9' }, RULE];
    expect(planned(withTrust({ impersonationServiceUsers: rules }))).toEqual([
      'warn trust github-actions: rule 1 may match first, which is known only when a job runs; its jobs are then the user of that rule',
    ]);
  });
});

describe('the switch to the immutable subject', () => {
  it('comes last, and names the rules that no longer match', () => {
    const lines = planned(COMPLETE, select({ 'immutable-subject': true }));
    expect(lines).toEqual([
      'append trust github-actions: + rule 2  sub eq repo:acme@1001/infra@2002:environment:prod; 1 rule, 1 client kept',
      'change subject acme/infra: all jobs send the immutable form; rule 1 no longer matches its jobs',
    ]);
  });

  it('is not repeated', () => {
    const customization = { ...FRESH.customization, subClaimPrefix: 'repo:acme@1001/infra@2002' };
    const immutable = [{ rule: 'sub eq repo:acme@1001/infra@2002:environment:prod', value: 'user1' }];
    const snapshot = { ...withTrust({ impersonationServiceUsers: immutable }), customization };
    expect(planned(snapshot, select({ 'immutable-subject': true }))).toEqual([]);
  });
});

describe('the text of a plan', () => {
  const textOf = (snapshot: Snapshot) => {
    const actions = planSetup(snapshot, select()).map(({ action }) => action);
    const plan = { version: 1 as const, header: planHeader(snapshot, select()), actions };
    return `${planText(plan, (_style, text) => text)}\n${planTotals(plan)}`;
  };

  it('has a line for each action, in columns, and the totals', () => {
    const trust = withTrust({ impersonationServiceUsers: [], active: false });
    const text = textOf({
      ...trust,
      user: undefined,
      group: { ...COMPLETE.group, id: 'group1', members: [] },
    });
    expect(text).toBe(`Domain Default (Free, 1 of 2 apps)
Repository acme/infra (subject by name)
Subject repo:acme/infra:environment:prod
  = environment  prod                    branches limited
  = variable     OCI_DOMAIN_URL          ${DOMAIN_URL}
  = variable     OCI_REGION              eu-frankfurt-1
  = variable     OCI_AUDIENCE            ${DOMAIN_URL}
  = app          github-actions          active, no role
  = secret       OCI_CLIENT_SECRET       stored
  = variable     OCI_CLIENT_ID           client1
  + user         github-acme-infra-prod  service user
  ~ group        github-acme-infra-prod  + member github-acme-infra-prod
  = policy       github-actions          1 statement present (1 of 50)
  x trust        github-actions          is inactive; \`--activate\` activates it, and with it 0 rules
1 to add, 1 to extend, 1 refusal`);
  });

  it('says when there is nothing to do', () => {
    expect(textOf(COMPLETE)).toMatch(/\nnothing to do$/);
  });
});
