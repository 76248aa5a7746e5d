import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import {
  ALL_PERMISSIONS,
  addEnvironment,
  addRepository,
  type Environment,
  type GithubToken,
  issueGithubToken,
  newGithubState,
  type Repository,
  renameRepository,
} from '../../../emulator/github/repositories.ts';
import { seal } from '../../../emulator/github/sealed-box.ts';
import { askGithub, call } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();
const { world } = emulator;
let repository: Repository;
let prod: Environment;
let token = '';

beforeEach(() => {
  Object.assign(world.githubRest, newGithubState());
  const [first] = world.githubRest.repositories;
  if (!first) throw new Error('no repository');
  repository = first;
  prod = addEnvironment(repository, 'prod');
  token = issueGithubToken(world);
});
afterEach(() => {
  world.settings.githubClaims = {};
});

function ask(method: string, path: string, body?: unknown, as = token) {
  const authorization = as === '' ? {} : { Authorization: `Bearer ${as}` };
  return call(emulator, `${emulator.urls['github-api']}${path}`, {
    method,
    headers: { 'User-Agent': 'test', ...authorization },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const infra = (method: string, path: string, body?: unknown, as?: string) =>
  ask(method, `/repos/acme/infra${path}`, body, as);
const tokenWith = (permissions: GithubToken['permissions']) => issueGithubToken(world, { permissions });
const subjectOfJob = async () => decodeJwt(String((await askGithub(emulator)).json['value'])).sub;

describe('a repository', () => {
  it('has the ids that its jobs have', async () => {
    const { json } = await infra('GET', '');
    expect(json).toMatchObject({
      id: 2002,
      full_name: 'acme/infra',
      owner: { id: 1001 },
      default_branch: 'main',
    });
  });

  it('redirects from its former name, and its jobs have the new one', async () => {
    renameRepository(repository, 'acme/platform');
    const { status, headers } = await infra('GET', '/environments');
    expect(status).toBe(301);
    const followed = await ask('GET', new URL(String(headers.location)).pathname);
    expect(followed.json).toMatchObject({ total_count: 1 });
    expect(await subjectOfJob()).toBe('repo:acme/platform:ref:refs/heads/main');
  });

  it('decides the subject of its jobs, not of jobs of others', async () => {
    const path = '/actions/oidc/customization/sub';
    expect((await infra('GET', path)).json).toMatchObject({
      use_default: true,
      sub_claim_prefix: 'repo:acme/infra',
    });
    await infra('PUT', path, { use_default: true, use_immutable_subject: true });
    const prefix = 'repo:acme@1001/infra@2002';
    expect((await infra('GET', path)).json).toMatchObject({ sub_claim_prefix: prefix });
    expect(await subjectOfJob()).toBe(`${prefix}:ref:refs/heads/main`);
    addRepository(world, 'acme/web', 2003, 1001);
    world.settings.githubClaims = { repository: 'acme/web' };
    expect(await subjectOfJob()).toBe('repo:acme/web:ref:refs/heads/main');
  });

  it('with a customized subject has the claims that it names', async () => {
    const content = { use_default: false, include_claim_keys: ['repository_id', 'context'] };
    await infra('PUT', '/actions/oidc/customization/sub', content);
    expect(await subjectOfJob()).toBe('repository_id:2002:ref:refs/heads/main');
  });
});

describe('an environment', () => {
  const put = (policy: unknown, name = 'prod') =>
    infra('PUT', `/environments/${name}`, { deployment_branch_policy: policy });

  it('is created with branches of its own', async () => {
    expect((await infra('GET', '/environments/test')).status).toBe(404);
    const policy = { protected_branches: false, custom_branch_policies: true };
    expect((await put(policy, 'test')).json).toMatchObject({
      name: 'test',
      deployment_branch_policy: policy,
    });
    const branches = '/environments/test/deployment-branch-policies';
    expect((await infra('POST', branches, { name: 'main' })).status).toBe(200);
    expect((await infra('GET', branches)).json).toMatchObject({ branch_policies: [{ name: 'main' }] });
  });

  it.each([true, false])('refuses two values that are both %s', async (value) => {
    const { status } = await put({ protected_branches: value, custom_branch_policies: value });
    expect(status).toBe(422);
  });

  it('loses the rules that a PUT omits, unless the settings say otherwise', async () => {
    Object.assign(prod, { reviewers: [7] });
    world.settings.environmentPutResets = false;
    expect((await infra('PUT', '/environments/prod', {})).json['protection_rules']).toHaveLength(1);
    world.settings.environmentPutResets = true;
    expect((await infra('PUT', '/environments/prod', {})).json['protection_rules']).toEqual([]);
  });

  it('is not there for a private repository on a free plan', async () => {
    world.settings.githubPlan = 'free';
    expect((await infra('PUT', '/environments/test', {})).status).toBe(404);
    repository.isPrivate = false;
    expect((await infra('PUT', '/environments/test', {})).status).toBe(200);
  });
});

describe('a secret', () => {
  const secrets = '/environments/prod/secrets';
  const put = async (changes: object = {}, value = 'hidden') => {
    const { key, key_id } = (await infra('GET', `${secrets}/public-key`)).json;
    return infra('PUT', `${secrets}/NAME`, { encrypted_value: seal(value, String(key)), key_id, ...changes });
  };

  it('is opened, listed without its value, replaced and deleted', async () => {
    expect((await put()).status).toBe(201);
    expect(prod.secrets.get('NAME')?.value).toBe('hidden');
    expect((await infra('GET', secrets)).body.toString()).not.toContain('hidden');
    expect((await infra('GET', secrets)).json).toMatchObject({ total_count: 1, secrets: [{ name: 'NAME' }] });
    expect((await put({}, 'other')).status).toBe(204);
    expect((await infra('DELETE', `${secrets}/NAME`)).status).toBe(204);
    expect((await infra('DELETE', `${secrets}/NAME`)).status).toBe(404);
  });

  it.each([
    ['the key of another environment', { key_id: '1' }],
    ['a value for another key', { encrypted_value: seal('hidden', Buffer.alloc(32, 9).toString('base64')) }],
    ['a value that is too short', { encrypted_value: 'aGlkZGVu' }],
    ['no key', { key_id: undefined }],
  ])('is refused with %s', async (_, changes) => {
    expect((await put(changes)).status).toBe(422);
    expect(prod.secrets.size).toBe(0);
  });
});

it('a variable that exists is refused by POST and changed by PATCH', async () => {
  const path = '/environments/prod/variables';
  expect((await infra('POST', path, { name: 'REGION', value: 'a' })).status).toBe(201);
  expect((await infra('POST', path, { name: 'REGION', value: 'b' })).status).toBe(409);
  expect((await infra('PATCH', `${path}/REGION`, { value: 'b' })).status).toBe(204);
  expect((await infra('GET', path)).json).toMatchObject({ variables: [{ name: 'REGION', value: 'b' }] });
});

describe('a request', () => {
  it.each([
    ['GET', '/environments/prod', 'actions=read'],
    ['PUT', '/environments/prod', 'administration=write'],
    ['PUT', '/actions/oidc/customization/sub', 'actions=write'],
    ['GET', '/environments/prod/secrets', 'environments=read'],
    ['PUT', '/environments/prod/secrets/NAME', 'environments=write'],
    ['GET', '/actions/secrets', 'secrets=read'],
    ['GET', '/actions/organization-secrets', 'secrets=read'],
  ])(
    '%s %s without %s is refused, and the response names the permission',
    async (method, path, permission) => {
      const [name] = permission.split('=');
      const { [name as keyof typeof ALL_PERMISSIONS]: _, ...others } = ALL_PERMISSIONS;
      const { status, headers } = await infra(
        method,
        path,
        method === 'PUT' ? {} : undefined,
        tokenWith(others),
      );
      expect([status, headers['x-accepted-github-permissions']]).toEqual([403, permission]);
    },
  );

  it('to a private repository is not found without access, and unauthorized with a wrong token', async () => {
    const elsewhere = issueGithubToken(world, { permissions: ALL_PERMISSIONS, repositories: ['acme/web'] });
    expect((await infra('GET', '', undefined, elsewhere)).status).toBe(404);
    expect((await infra('GET', '', undefined, '')).status).toBe(404);
    expect((await infra('GET', '', undefined, 'x')).status).toBe(401);
  });

  it('with scopes says which, and needs the scope `repo` and an administrator', async () => {
    const withScopes = (scopes: string[], changes: Partial<GithubToken> = {}) =>
      infra(
        'GET',
        '/environments/prod/secrets',
        undefined,
        issueGithubToken(world, { permissions: {}, scopes, ...changes }),
      );
    const accepted = await withScopes(['repo', 'read:org']);
    expect([accepted.status, accepted.headers['x-oauth-scopes']]).toEqual([200, 'repo, read:org']);
    const { status, headers } = await withScopes(['gist']);
    expect([status, headers['x-oauth-scopes'], headers['x-accepted-oauth-scopes']]).toEqual([
      404,
      'gist',
      'repo',
    ]);
    const member = await withScopes(['repo'], { isAdmin: false });
    expect([member.status, member.json['message']]).toEqual([403, 'Must have admin rights to Repository.']);
    const sso = await withScopes(['repo'], { needsSso: true });
    expect([sso.status, sso.headers['x-github-sso']]).toEqual([
      403,
      expect.stringMatching(/^required; url=https:/),
    ]);
  });

  it.each([
    ['primary', 'x-ratelimit-remaining', '0'],
    ['secondary', 'retry-after', '60'],
  ] as const)('above the %s limit is refused', async (kind, header, value) => {
    world.settings.githubRateLimit = { remaining: 1, kind };
    expect((await infra('GET', '')).status).toBe(200);
    const { status, headers } = await infra('GET', '');
    expect([status, headers[header]]).toEqual([403, value]);
  });
});
