// The client of GitHub's REST API against the emulated one, and secrets through `gh`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { githubHost } from '../../../cli/github/github-access.ts';
import {
  addEnvironment,
  addRepository,
  type GithubToken,
  issueGithubToken,
  renameRepository,
} from '../../../emulator/github/repositories.ts';
import { PUBLIC_HOSTS, startAdministrator } from '../../../emulator/runner/administrator.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { type Call, type CallError, probe } from '../probe.ts';

const emulator = await startEmulator({ hosts: PUBLIC_HOSTS });
const admin = await startAdministrator(emulator);
afterAll(async () => {
  await admin.end();
  await emulator.close();
});
const { world } = emulator;
const [infra] = world.githubRest.repositories;
if (infra === undefined) throw new Error('no repository');
const prod = addEnvironment(infra, 'prod', {
  reviewers: [1],
  branchPolicy: { protected_branches: true, custom_branch_policies: false },
});
afterEach(() => {
  emulator.faults.clear();
  world.settings.githubRateLimit = undefined;
});

const github = (method: string, ...args: unknown[]): Call => ['github', 'acme/infra', method, ...args];
const run = async (...calls: Call[]) => (await probe(admin.env, [], calls)).results;
/** The error of a call, with other variables. */
const errorWith = async (env: Record<string, string>, call = github('repository')) =>
  (await probe({ ...admin.env, ...env }, [], [call])).results[0]?.error as CallError;
const tokenFor = (permissions: GithubToken['permissions']) => ({
  GH_TOKEN: issueGithubToken(world, { permissions }),
});

describe('a repository', () => {
  it('is read with its subject', async () => {
    expect(await run(github('repository'), github('subjectCustomization'))).toEqual([
      { value: { id: 2002, fullName: 'acme/infra', ownerId: 1001, defaultBranch: 'main' } },
      {
        value: {
          useDefault: true,
          includeClaimKeys: [],
          useImmutableSubject: false,
          subClaimPrefix: 'repo:acme/infra',
        },
      },
    ]);
  });

  it('changes to the immutable subject', async () => {
    const other = addRepository(world, 'acme/immutable', 9, 1001);
    const [, read] = await run(
      ['github', 'acme/immutable', 'useImmutableSubject'],
      ['github', 'acme/immutable', 'subjectCustomization'],
    );
    expect(other.subject.useImmutable).toBe(true);
    expect(read?.value).toMatchObject({ subClaimPrefix: 'repo:acme@1001/immutable@9' });
  });

  it('that was renamed is read by its old name, and changed by the new one', async () => {
    const renamed = addRepository(world, 'acme/old', 7, 1001);
    renameRepository(renamed, 'acme/new');
    const [read, written] = await run(
      ['github', 'acme/old', 'repository'],
      ['github', 'acme/old', 'setVariable', null, 'A', '1'],
    );
    expect([read?.value, written]).toMatchObject([{ fullName: 'acme/new' }, {}]);
    expect(renamed.variables.get('A')).toBe('1');
  });
});

describe('an environment', () => {
  it('shows its branch policy and its reviewers, and is undefined when absent', async () => {
    expect(await run(github('environment', 'prod'), github('environment', 'a/b c'))).toEqual([
      {
        value: {
          name: 'prod',
          branchPolicy: { protectedBranches: true, customBranches: false },
          hasReviewers: true,
        },
      },
      {},
    ]);
  });

  it('is created for any branch, or for one', async () => {
    await run(github('createEnvironment', 'any'), github('createEnvironment', 'only/main', 'main'));
    expect(infra.environments.get('any')?.branchPolicy).toBeNull();
    expect(infra.environments.get('only/main')).toMatchObject({
      branches: ['main'],
      branchPolicy: { custom_branch_policies: true },
    });
  });

  it('that the plan of GitHub does not have leads to --branch', async () => {
    const { githubPlan } = world.settings;
    world.settings.githubPlan = 'free';
    const error = await errorWith({}, github('createEnvironment', 'new'));
    world.settings.githubPlan = githubPlan;
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringMatching(/only with GitHub Pro, Team or Enterprise: use `--branch`\./),
    });
  });
});

describe('a secret', () => {
  it('reaches the environment through the standard input of gh, and nothing else', async () => {
    const value = 'idcscs-hidden';
    const before = admin.calls().length;
    expect(await run(github('setSecret', 'prod', 'OCI_CLIENT_SECRET', { secret: value }))).toEqual([{}]);
    expect(prod.secrets.get('OCI_CLIENT_SECRET')?.value).toBe(value);
    expect(admin.calls().slice(before)).toEqual([
      ['gh', 'secret', 'set', 'OCI_CLIENT_SECRET', '--repo', 'acme/infra', '--env', 'prod'],
    ]);
  });

  it('of the repository has no environment', async () => {
    await run(github('setSecret', null, 'REPOSITORY_SECRET', { secret: 'hidden' }));
    expect(infra.secrets.get('REPOSITORY_SECRET')?.value).toBe('hidden');
  });

  it('is listed with its date, and deleted, also when it is gone already', async () => {
    infra.secrets.set('OLD', { value: 'x', created: 0, updated: 0 });
    const deletion = github('deleteSecret', null, 'OLD');
    const [listed, ...deleted] = await run(github('secrets'), deletion, deletion);
    expect(listed?.value).toContainEqual({ name: 'OLD', updatedAt: expect.stringMatching(/^1970-01-01T/) });
    expect([deleted, infra.secrets.has('OLD')]).toEqual([[{}, {}], false]);
  });

  it('of the organization is listed', async () => {
    world.githubRest.organization.secrets.set('ORG', { value: 'x', created: 0, updated: 0 });
    expect(await run(github('organizationSecrets'))).toMatchObject([{ value: [{ name: 'ORG' }] }]);
  });

  it('is not set without gh, and the error says what to install', async () => {
    const PATH = '/nowhere'; // GitHub's runners have gh
    const call = github('setSecret', 'prod', 'X', { secret: 'hidden-value' });
    expect(await errorWith({ PATH }, call)).toMatchObject({
      code: 'TOOL_MISSING',
      message: 'The program gh is not installed.',
      remedy: expect.stringContaining('https://cli.github.com'),
    });
  });

  it('that GitHub refuses is named with the permission that is missing, without its value', async () => {
    const error = await errorWith(
      tokenFor({ metadata: 'read' }),
      github('setSecret', 'prod', 'X', { secret: 'hidden-value' }),
    );
    expect(error).toMatchObject({
      code: 'NOT_PERMITTED',
      message: expect.stringMatching(
        /^Setting the secret X: `gh secret set` failed \(exit code 1\): .*HTTP 403/,
      ),
      remedy: expect.stringContaining('environments=write'),
      details: { status: 403 },
    });
    expect(JSON.stringify(error)).not.toContain('hidden-value');
  });
});

it('a variable is created, changed, listed and deleted', async () => {
  const set = (value: string) => github('setVariable', 'prod', 'OCI_REGION', value);
  const [, , listed] = await run(set('one'), set('two'), github('variables', 'prod'));
  expect(listed?.value).toEqual({ OCI_REGION: 'two' });
  await run(github('deleteVariable', 'prod', 'OCI_REGION'));
  expect(prod.variables.size).toBe(0);
});

it('a list has the entries of all pages', async () => {
  for (let index = 0; index < 130; index += 1) prod.variables.set(`V${index}`, String(index));
  const [listed] = await run(github('variables', 'prod'));
  expect(Object.keys(Object(listed?.value)).length).toBe(130);
});

describe('a token', () => {
  it('of gh is used when no variable has one', async () => {
    const directory = path.join(admin.home, '.config/gh');
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'hosts.yml'), `github.com:\n  oauth_token: ${admin.githubToken}\n`);
    const { GH_TOKEN: _, ...env } = admin.env;
    const { results } = await probe(env, [], [github('repository')]);
    expect(results).toMatchObject([{ value: { id: 2002 } }]);
    expect(admin.calls().at(-1)).toEqual(['gh', 'auth', 'token', '--hostname', 'github.com']);
    rmSync(directory, { recursive: true });
  });

  it.each<[string, () => Record<string, string>, Call, string, RegExp]>([
    [
      'that is missing',
      () => ({ GH_TOKEN: '' }),
      github('repository'),
      'CREDENTIALS_UNUSABLE',
      /^Run `gh auth login`, or set GH_TOKEN\.$/,
    ],
    [
      'that is wrong',
      () => ({ GH_TOKEN: 'ghp_wrong' }),
      github('repository'),
      'CREDENTIALS_UNUSABLE',
      /^Run `gh auth login`, or set GH_TOKEN to a valid token\.$/,
    ],
    [
      'that would break a header',
      () => ({ GH_TOKEN: 'a\nb' }),
      github('repository'),
      'CREDENTIALS_UNUSABLE',
      /gh auth login/,
    ],
    [
      'without access to the repository',
      () => ({ GH_TOKEN: issueGithubToken(world, { permissions: {}, repositories: [] }) }),
      github('repository'),
      'NOT_FOUND',
      /^Check the name, and that the token may see it\.$/,
    ],
    [
      'without a permission',
      () => tokenFor({ metadata: 'read' }),
      github('createEnvironment', 'x'),
      'NOT_PERMITTED',
      /^Use a token with the permission administration=write\. In an organization, an owner may have to approve it\.$/,
    ],
  ])('%s is refused with what to do', async (_what, env, call, code, remedy) => {
    expect(await errorWith(env(), call)).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
  });

  it('that the organization wants authorized is refused with the address', async () => {
    const headers = {
      'X-GitHub-SSO': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A',
    };
    emulator.faults.add({
      service: 'github-api',
      fault: { kind: 'status', status: 403, headers, body: '{}' },
    });
    expect(await errorWith({})).toMatchObject({
      code: 'NOT_PERMITTED',
      remedy:
        'Authorize the token for the organization: https://github.com/orgs/acme/sso?authorization_request=A',
    });
  });

  it.each(['primary', 'secondary'] as const)(
    'that is used too often is RATE_LIMITED: %s limit',
    async (kind) => {
      world.settings.githubRateLimit = { remaining: 0, kind };
      expect(await errorWith({})).toMatchObject({
        code: 'RATE_LIMITED',
        remedy: expect.stringMatching(/^Run the command again (after 20|in a few minutes)/),
      });
    },
  );
});

describe('the address of the API', () => {
  const hostOf = (variables: Record<string, string>) => githubHost((name) => variables[name]);

  it.each([
    [{}, 'https://api.github.com', 'github.com'],
    [{ GITHUB_API_URL: 'https://api.github.com' }, 'https://api.github.com', 'github.com'],
    [
      { GITHUB_API_URL: 'https://api.github.com', GH_HOST: 'git.acme.example' },
      'https://git.acme.example/api/v3',
      'git.acme.example',
    ],
    [{ GH_HOST: 'acme.ghe.com' }, 'https://api.acme.ghe.com', 'acme.ghe.com'],
    [{ GH_HOST: 'git.acme.example' }, 'https://git.acme.example/api/v3', 'git.acme.example'],
    [
      { GITHUB_API_URL: 'https://git.acme.example/api/v3/' },
      'https://git.acme.example/api/v3',
      'git.acme.example',
    ],
  ])('with %j is %s of the host %s', (variables, api, name) => {
    expect(hostOf(variables)).toEqual({ api, name });
  });

  it.each([{ GITHUB_API_URL: 'http://api.github.com' }, { GITHUB_API_URL: 'x' }, { GH_HOST: 'a/b' }])(
    'is refused with %j',
    (variables) => {
      expect(() => hostOf(variables)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    },
  );
});
