// The REST API of GitHub for one repository, over a connection.

import { quote } from '../../src/response.ts';
import type { Secret } from '../../src/secret.ts';
import { type Api, type ApiOptions, createApi, objectIn } from '../connect/api.ts';
import type { ApiRequest } from '../connect/connection.ts';
import { runProgram } from '../connect/program.ts';
import { CommandError } from '../failure.ts';
import type { GitHub, Repository, SecretInfo, SubjectCustomization } from './github.ts';
import { GITHUB, type GitHubHost, INSTALL_GH } from './github-access.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 100;
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

type Json = Record<string, unknown>;

interface Client {
  api: Api;
  host: GitHubHost;
  /** Address below the repository by its present name. */
  at(path: string): Promise<URL>;
  repository(): Promise<Repository>;
}

/** @param name `owner/name`. The repository may have been renamed: GitHub's redirect is followed, and writes use the new name */
export function githubClient(host: GitHubHost, name: string, options: Omit<ApiOptions, 'service'>): GitHub {
  const client = clientOf(host, name, createApi({ ...options, service: GITHUB }));
  return {
    repository: client.repository,
    async ownerExists() {
      const owner = name.split('/')[0] ?? '';
      const url = new URL(`${host.api}/users/${encodeURIComponent(owner)}`);
      const what = `Reading the account ${owner}`;
      return (await client.api.call({ method: 'GET', url, headers: HEADERS }, what, [404])).status !== 404;
    },
    ...subjectCalls(client),
    ...environmentCalls(client),
    ...secretCalls(client),
    ...variableCalls(client),
  };
}

/** Redirects of a renamed repository. GitHub resends no body after 301, so only reading follows it. */
export function isGitHubRedirect({ method }: ApiRequest, status: number): boolean {
  return status === 307 || status === 308 || ((status === 301 || status === 302) && method === 'GET');
}

function clientOf(host: GitHubHost, name: string, api: Api): Client {
  const [owner = '', repo = ''] = name.split('/').map(encodeURIComponent);
  const load = async () => {
    const what = `Reading the repository ${name}`;
    const url = new URL(`${host.api}/repos/${owner}/${repo}`);
    return toRepository(
      objectIn(await api.call({ method: 'GET', url, headers: HEADERS }, what), GITHUB, what),
    );
  };
  let loaded: Promise<Repository> | undefined;
  const repository = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    api,
    host,
    repository,
    at: async (path) => new URL(`${host.api}/repos/${(await repository()).fullName}${path}`),
  };
}

function toRepository(one: Json): Repository {
  const owner = (one['owner'] ?? {}) as Json;
  const [id, ownerId, fullName] = [one['id'], owner['id'], one['full_name']];
  // The name becomes part of addresses.
  if (typeof id !== 'number' || typeof ownerId !== 'number' || !/^[\w.-]+\/[\w.-]+$/.test(String(fullName)))
    throw new CommandError('RESPONSE_MALFORMED', 'GitHub describes the repository without id or name.');
  return { id, ownerId, fullName: String(fullName), defaultBranch: String(one['default_branch'] ?? '') };
}

async function read(client: Client, path: string, what: string, accepted: readonly number[] = []) {
  const response = await client.api.call(
    { method: 'GET', url: await client.at(path), headers: HEADERS },
    what,
    accepted,
  );
  return accepted.includes(response.status) ? undefined : objectIn(response, GITHUB, what);
}

async function write(
  client: Client,
  [method, path]: readonly ['POST' | 'PUT' | 'PATCH' | 'DELETE', string],
  body: unknown,
  what: string,
  accepted: readonly number[] = [],
): Promise<number> {
  const request = {
    method,
    url: await client.at(path),
    headers: HEADERS,
    ...(body !== undefined && { body }),
  };
  return (await client.api.call(request, what, accepted)).status;
}

/** @param member the list in each page, beside `total_count` */
async function readAll(client: Client, path: string, member: string, what: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const body = await read(client, `${path}?per_page=${PAGE_SIZE}&page=${page}`, what);
    const list = body?.[member];
    const items = Array.isArray(list) ? (list as Json[]) : [];
    found.push(...items);
    if (items.length === 0 || found.length >= Number(body?.['total_count'] ?? Number.POSITIVE_INFINITY))
      return found;
  }
  throw new CommandError('RESPONSE_MALFORMED', `${what}: the list has no end.`);
}

const SUBJECT = '/actions/oidc/customization/sub';

function subjectCalls(client: Client): Pick<GitHub, 'subjectCustomization' | 'useImmutableSubject'> {
  return {
    async subjectCustomization(): Promise<SubjectCustomization> {
      const body = (await read(client, SUBJECT, 'Reading the OIDC subject of the repository')) ?? {};
      const { use_default, include_claim_keys, use_immutable_subject, sub_claim_prefix } = body;
      return {
        useDefault: use_default !== false,
        includeClaimKeys: Array.isArray(include_claim_keys) ? include_claim_keys.map(String) : [],
        useImmutableSubject: typeof use_immutable_subject === 'boolean' ? use_immutable_subject : undefined,
        subClaimPrefix: typeof sub_claim_prefix === 'string' ? sub_claim_prefix : undefined,
      };
    },
    async useImmutableSubject() {
      const body = { use_default: true, use_immutable_subject: true };
      await write(client, ['PUT', SUBJECT], body, 'Changing the OIDC subject of the repository');
    },
  };
}

const environmentPath = (name: string) => `/environments/${encodeURIComponent(name)}`;

const branchesPath = (environment: string) => `${environmentPath(environment)}/deployment-branch-policies`;

function environmentCalls(client: Client): Pick<GitHub, 'environment' | 'createEnvironment' | 'allowBranch'> {
  const allowBranch = async (name: string, branch: string) => {
    const what = `Limiting the environment ${name} to ${branch}`;
    await write(client, ['POST', branchesPath(name)], { name: branch }, what);
  };
  const readBranches = async (name: string) => {
    const what = `Reading the branches of the environment ${name}`;
    const list = await readAll(client, branchesPath(name), 'branch_policies', what);
    return list.map((one) => String(one['name']));
  };
  return {
    allowBranch,
    async environment(name) {
      const body = await read(client, environmentPath(name), `Reading the environment ${name}`, [404]);
      if (body === undefined) return undefined;
      const policy = body['deployment_branch_policy'] as Json | null | undefined;
      const rules = Array.isArray(body['protection_rules']) ? (body['protection_rules'] as Json[]) : [];
      return {
        name: String(body['name'] ?? name),
        branchPolicy: policy
          ? {
              protectedBranches: policy['protected_branches'] === true,
              customBranches: policy['custom_branch_policies'] === true,
            }
          : null,
        branches: policy?.['custom_branch_policies'] === true ? await readBranches(name) : undefined,
        hasReviewers: rules.some((rule) => rule['type'] === 'required_reviewers'),
      };
    },
    async createEnvironment(name, branch) {
      const policy =
        branch === undefined ? null : { protected_branches: false, custom_branch_policies: true };
      const what = `Creating the environment ${name}`;
      await write(client, ['PUT', environmentPath(name)], { deployment_branch_policy: policy }, what);
      if (branch !== undefined) await allowBranch(name, branch);
    },
  };
}

const secretsPath = (environment: string | undefined) =>
  environment === undefined ? '/actions/secrets' : `${environmentPath(environment)}/secrets`;

function secretCalls(
  client: Client,
): Pick<GitHub, 'secrets' | 'organizationSecrets' | 'setSecret' | 'deleteSecret'> {
  const list = async (path: string, what: string): Promise<SecretInfo[]> =>
    (await readAll(client, path, 'secrets', what)).map((one) => ({
      name: String(one['name']),
      updatedAt: String(one['updated_at']),
    }));
  return {
    secrets: (environment) => list(secretsPath(environment), 'Reading the names of secrets'),
    organizationSecrets: () =>
      list('/actions/organization-secrets', 'Reading the names of organization secrets'),
    setSecret: (environment, name, value) => setSecret(client, environment, name, value),
    async deleteSecret(environment, name) {
      const path = `${secretsPath(environment)}/${encodeURIComponent(name)}`;
      await write(client, ['DELETE', path], undefined, `Deleting the secret ${name}`, [404]);
    },
  };
}

/** GitHub wants the value encrypted by libsodium's sealed box, which `gh` has. The value goes through standard input. */
async function setSecret(
  { host, repository }: Client,
  environment: string | undefined,
  name: string,
  value: Secret,
) {
  const { fullName } = await repository();
  const repo = host.name === 'github.com' ? fullName : `${host.name}/${fullName}`;
  const args = ['secret', 'set', name, '--repo', repo];
  if (environment !== undefined) args.push('--env', environment);
  const { exitCode, stderr } = await runProgram('gh', args, INSTALL_GH, { input: value });
  if (exitCode === 0) return;
  const text = quote(stderr, [value]);
  const status = Number(/\bHTTP (\d{3})\b/.exec(stderr)?.[1]);
  const isRefused = status === 403 || status === 404;
  throw new CommandError(
    isRefused ? 'NOT_PERMITTED' : 'SERVICE_REFUSED',
    `Setting the secret ${name}: \`gh secret set\` failed (exit code ${exitCode})${text && `: ${text}`}.`,
    {
      ...(!Number.isNaN(status) && { status }),
      remedy: isRefused
        ? 'Use a token that may write environments and secrets: the permission environments=write, or the scope repo.'
        : 'Run `gh auth status`, and correct what it names.',
    },
  );
}

const variablesPath = (environment: string | undefined) =>
  environment === undefined ? '/actions/variables' : `${environmentPath(environment)}/variables`;

function variableCalls(client: Client): Pick<GitHub, 'variables' | 'setVariable' | 'deleteVariable'> {
  return {
    async variables(environment) {
      const all = await readAll(client, variablesPath(environment), 'variables', 'Reading the variables');
      return Object.fromEntries(all.map((one) => [String(one['name']), String(one['value'])]));
    },
    async setVariable(environment, name, value) {
      const [path, what] = [variablesPath(environment), `Setting the variable ${name}`];
      const status = await write(client, ['POST', path], { name, value }, what, [409]);
      if (status === 409)
        await write(client, ['PATCH', `${path}/${encodeURIComponent(name)}`], { value }, what);
    },
    async deleteVariable(environment, name) {
      const path = `${variablesPath(environment)}/${encodeURIComponent(name)}`;
      await write(client, ['DELETE', path], undefined, `Deleting the variable ${name}`, [404]);
    },
  };
}
