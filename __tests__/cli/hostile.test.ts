// Names and objects that somebody else has chosen, and a domain that does not respond as it should.
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readDomain } from '../../cli/audit/read-domain.ts';
import { reportSarif } from '../../cli/audit/sarif.ts';
import { reachOf } from '../../cli/audit/subject.ts';
import { reportText } from '../../cli/audit/text.ts';
import { rulesOf } from '../../cli/audit/trust-rules.ts';
import type { AwsIam, Role } from '../../cli/aws/aws.ts';
import type { ApiRequest } from '../../cli/connect/connection.ts';
import { type IdentityPropagationTrust, USER_EXTENSION, type User } from '../../cli/domain/objects.ts';
import type { Scim } from '../../cli/domain/scim.ts';
import { scimClient } from '../../cli/domain/scim-client.ts';
import { commandsFor } from '../../cli/emit/terraform.ts';
import { CommandError } from '../../cli/failure.ts';
import { isOwnRule, ownUser } from '../../cli/remove/ownership.ts';
import { deleteGroup } from '../../cli/remove/remove-objects.ts';
import { planRoleRemoval } from '../../cli/remove/role.ts';
import { writePlan } from '../../cli/setup/command.ts';
import { readGroup, readTrustFor, readUser } from '../../cli/setup/inspect.ts';
import { openJournal } from '../../cli/setup/journal.ts';
import type { Run } from '../../cli/setup/part.ts';
import { planEnvironment } from '../../cli/setup/plan-github.ts';
import { planText } from '../../cli/setup/plan-text.ts';
import { COMPLETE, FRESH, MARK, planned, select } from './setup/fixtures.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(directory, { recursive: true }));

const unstyled = (_: string, text: string) => text;
/** Moves to the line above, hides what follows, reverses it, and begins a line. */
const EVIL = 'x\u001b[1A\u001b[8m\u202e\n  = trust  kept';
const ONE_LINE = /^[^\p{Cc}\p{Bidi_Control}]*$/u;
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a name with control characters', () => {
  it('stays on its line of a plan', () => {
    const action = { system: 'domain', object: 'trust', name: EVIL, op: 'warn', text: EVIL } as const;
    const text = planText(
      { version: 1, header: [EVIL], actions: [{ ...action, details: [EVIL] }] },
      unstyled,
    );
    expect(text.split('\n')).toEqual([1, 2, 3].map(() => expect.stringMatching(ONE_LINE)));
  });

  it('stays on its line of a report', () => {
    const finding = {
      rule: 'T01',
      severity: 'high',
      object: EVIL,
      key: '',
      evidence: EVIL,
      fix: '',
    } as const;
    const notEvaluated = [{ rule: 'T02', reason: EVIL }];
    const text = reportText({ findings: [finding], notEvaluated, notRequested: [] }, unstyled);
    expect(text.replaceAll('\n', '')).toMatch(ONE_LINE);
    expect(text).not.toMatch(/^ {2}= trust/m);
  });

  it.each(['a\\', 'a\nb'])('is not written into a policy: %j', (displayName) => {
    const group = { id: 'group1', displayName, externalId: MARK, members: [{ value: 'user1' }] };
    expect(planned({ ...COMPLETE, group, policies: [] })).toContainEqual(
      expect.stringMatching(/^refuse policy .* cannot be written in a statement/s),
    );
  });
});

it('a name with a link is no link in SARIF', () => {
  const evidence = '[click](https://evil.example)';
  const finding = { rule: 'T01', severity: 'high', object: '', key: '', evidence, fix: '' } as const;
  const workflow = { path: 'a.yml', line: 1 };
  const log = reportSarif(
    { findings: [finding], notEvaluated: [], notRequested: [] },
    { version: '1', workflow },
  );
  expect(log.runs[0]?.results[0]?.message.text).not.toContain('](');
});

it('a value with a line break and a command is one word of a comment in Terraform', () => {
  const values = { OCI_AUDIENCE: 'a\n$(id)' };
  const lines = commandsFor(select(), { secret: undefined, outputs: {}, values });
  expect(lines.at(-1)).toBe(
    "#   gh variable set OCI_AUDIENCE --repo acme/infra --env 'prod' --body 'a $(id)'",
  );
});

describe('a file of the command', () => {
  it('is not written through a link', () => {
    const [file, link] = [path.join(directory, 'victim'), path.join(directory, 'plan.json')];
    writeFileSync(file, 'before');
    symlinkSync(file, link);
    const terminal = { progress: () => {} } as never;
    const write = () => writePlan(link, { version: 1, header: [], actions: [] }, { terminal });
    expect(write).toThrow(code('FILE_NOT_WRITABLE'));
    expect(readFileSync(file, 'utf8')).toBe('before');
  });

  it('has a name that a file system accepts, for its owner only', () => {
    const clock = { now: () => 0, sleep: async () => {} };
    const journal = openJournal(directory, `../../${'e'.repeat(255)}`, clock as never);
    expect(path.dirname(journal.directory)).toBe(path.join(directory, '.oci-wif'));
    expect(lstatSync(journal.directory).mode & 0o777).toBe(0o700);
    const copy = journal.copy('../trust', {});
    expect(path.dirname(copy)).toBe(journal.directory);
    expect(lstatSync(copy).mode & 0o777).toBe(0o600);
  });
});

describe('a rule of a trust', () => {
  it('counts as not evaluated when only the domain can read it', async () => {
    const rule = { rule: 'sub eq *\n', value: 'user1' };
    const trust = { id: 't', name: 'gha', allowImpersonation: true, impersonationServiceUsers: [rule] };
    const scim = { url: new URL('https://d.example'), list: async () => [trust], get: async () => trust };
    const { rules } = await readDomain(scim as unknown as Scim);
    expect(rules.gaps).toEqual(['trust gha, rule 1 has a form that this command does not know: `sub eq *`.']);
  });

  it.each([true, undefined])('is looked at when allowImpersonation is %s', (allowImpersonation) => {
    const rules = [{ rule: 'sub eq *', value: 'user1' }];
    const trust = { id: 't', allowImpersonation, impersonationServiceUsers: rules };
    expect(rulesOf(trust as IdentityPropagationTrust)).toHaveLength(1);
  });

  it.each(['__defineGetter__', 'constructor', '__proto__'])(
    'counts as a rule for everyone when it names the claim %s',
    (claim) => {
      expect(reachOf(claim, 'x')).toBe('everyone');
    },
  );
});

describe('a domain', () => {
  const responding = (body: unknown) => {
    const connection = {
      secrets: [],
      send: async (_: ApiRequest) => ({ status: 200, headers: {}, body, requestId: 'r' }),
    };
    const clock = { now: () => 0, sleep: async () => {} } as never;
    return scimClient(new URL('https://d.example'), { connection, clock, log: () => {} }, '');
  };

  it.each([
    ['a list without ids', { Resources: [{ name: 'a' }, { name: 'b' }], totalResults: 2 }],
    ['a list that is none', { Resources: 'a', totalResults: 1 }],
    ['a list of null', { Resources: [null], totalResults: 1 }],
  ])('that sends %s is refused', async (_what, body) => {
    const read = responding(body).list('Apps', { attributes: ['name'] });
    await expect(read).rejects.toThrow(code('RESPONSE_MALFORMED'));
  });

  it('that sends an object without an id is refused', async () => {
    await expect(responding({}).get('Apps', 'a', ['name'])).rejects.toThrow(code('RESPONSE_MALFORMED'));
    await expect(responding({}).create('Apps', {})).rejects.toThrow(code('RESPONSE_MALFORMED'));
  });

  it('that ignores filters leads to no object of others', async () => {
    const other = {
      id: 'x',
      displayName: 'other',
      userName: 'other',
      externalId: 'hr',
      issuer: 'https://other',
    };
    const scim = { list: async () => [other], get: async () => other } as unknown as Scim;
    expect(await readUser(scim, 'github-a-b-c', MARK)).toBeUndefined();
    expect(await readGroup(scim, 'github-a-b-c', MARK)).toBeUndefined();
    expect(await readTrustFor(scim, 'https://token.actions.githubusercontent.com')).toBeUndefined();
  });
});

describe('what carries the mark of setup', () => {
  const marked = (isService: boolean): User => ({
    id: 'ceo',
    userName: 'ceo',
    externalId: MARK,
    [USER_EXTENSION]: { serviceUser: isService },
  });

  it.each([true, false])('is a user of ours only if it is a service user: %s', (isService) => {
    const { repository } = FRESH;
    const snapshot = { users: [marked(isService)], mark: MARK, repository };
    expect(ownUser(snapshot) !== undefined).toBe(isService);
    const rule = { rule: 'sub eq repo:acme/infra:environment:prod', value: 'ceo' };
    expect(isOwnRule(rule, snapshot, select())).toBe(isService);
  });
});

it('members that a domain does not return are not replaced by an empty list', async () => {
  const sent: unknown[] = [];
  const scim = {
    patch: async (_resource: string, _id: string, operations: { op: string }[]) => {
      sent.push(...operations.map(({ op }) => op));
      throw new CommandError('SERVICE_REFUSED', 'no filter', { status: 400 });
    },
    get: async () => ({ id: 'group1' }),
  };
  const run = { scim, report: () => {} } as unknown as Run;
  const group = { id: 'group1', displayName: 'g', members: [{ value: 'user1' }] };
  await expect(deleteGroup(run, group, 'user1')).rejects.toThrow(code('SERVICE_REFUSED'));
  expect(sent).toEqual(['remove']);
});

describe('what others change between the plan and its application', () => {
  const run = { report: () => {} } as unknown as Run;

  it('is a statement of a role: the role stays', async () => {
    const ours = { Sid: 'OciWif2002prod6754af96', Effect: 'Allow' };
    const deleted: string[] = [];
    let statements = [ours];
    const role = (): Role => ({
      arn: 'arn:aws:iam::123456789012:role/deploy',
      name: 'deploy',
      maxSessionDuration: 3600,
      trustPolicy: { Statement: statements },
      tags: { 'managed-by': 'oci-wif' },
    });
    const iam = {
      role: async () => role(),
      deleteRole: async (name: string) => void deleted.push(name),
    } as unknown as AwsIam;
    const wanted = { accountId: '123456789012', role: 'deploy' } as never;
    const aws = { caller: { accountId: '123456789012', partition: 'aws', arn: '' }, role: role() };
    const steps = planRoleRemoval({ aws, repository: FRESH.repository } as never, select(), { iam, wanted });
    expect(steps.role).toHaveLength(1);
    statements = [ours, { Sid: 'Theirs', Effect: 'Allow' }];
    await expect(steps.role[0]?.apply?.(run)).rejects.toThrow(code('CONFLICT'));
    expect(deleted).toEqual([]);
  });

  it('is an environment: it is not written', async () => {
    const [step] = planEnvironment(FRESH, select());
    const written: string[] = [];
    const github = {
      environment: async () => COMPLETE.environment,
      createEnvironment: async (name: string) => void written.push(name),
    };
    await expect(step?.apply?.({ ...run, github } as unknown as Run)).rejects.toThrow(CommandError);
    expect(written).toEqual([]);
  });
});
