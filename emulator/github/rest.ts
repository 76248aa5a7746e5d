// GitHub's REST API, as far as setting up a repository needs it: authenticates the token, checks its permission and finds
// the repository. Source: GitHub docs, "REST API", "Permissions required for fine-grained personal access tokens".
import {
  decodePath,
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  pathOf,
  single,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { fullNameOf, type GithubToken, type Permission, type Repository } from './repositories.ts';
import {
  authenticate,
  checkPermission,
  isSame,
  mayRead,
  refusalHeaders,
  scopeHeaders,
} from './rest-access.ts';
import { REPOSITORY_ROUTES } from './rest-repository.ts';
import { refuse, restError } from './rest-responses.ts';
import { VAULT_ROUTES, vaultList } from './rest-vault.ts';

/** What a handler gets: the repository, and the values of `:name` in the route's path. */
export interface RestCall {
  request: EmulatorRequest;
  world: World;
  repository: Repository;
  values: Readonly<Record<string, string>>;
}

export interface Route {
  method: string;
  /** Below the repository, with `:name` for a value. */
  path: string;
  /** Of a fine-grained token, for example `actions=read`. */
  permission: `${Permission}=${'read' | 'write'}`;
  handle(call: RestCall): EmulatorResponse;
}

const ROUTES = [...REPOSITORY_ROUTES, ...VAULT_ROUTES];

export async function handleGithubApi(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  let token: GithubToken | undefined;
  try {
    if (!single(request, 'user-agent')) throw refuse('noUserAgent');
    token = authenticate(request, world);
    countRequest(world);
    return route(request, token, world);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return restError(serviceError(error, world), refusalHeaders(error, token, world));
  }
}

function route(request: EmulatorRequest, token: GithubToken | undefined, world: World): EmulatorResponse {
  const segments = pathOf(request).slice(1).split('/');
  if (segments[0] === 'orgs') return organization(request, segments, token, world);
  if (segments[0] === 'users') return account(request, segments, world);
  const isById = segments[0] === 'repositories';
  const names = segments.splice(0, isById ? 2 : 3);
  const { repositories } = world.githubRest;
  const repository = isById
    ? repositories.find(({ id }) => String(id) === names[1])
    : repositories.find((one) => isSame(fullNameOf(one), `${names[1]}/${names[2]}`));
  const path = segments.join('/');
  if (!repository && names[0] === 'repos') return redirect(request, `${names[1]}/${names[2]}`, world);
  if (!repository || !mayRead(token, repository)) throw refuse('notFound', 'no repository, or no access');
  const found = ROUTES.map((route) => ({ route, values: match(route.path, path) })).filter(
    ({ values }) => values !== undefined,
  );
  const hit = found.find(({ route }) => route.method === request.method);
  if (!hit) throw refuse('notFound', 'no such path or method');
  checkPermission(token, hit.route.permission);
  const response = hit.route.handle({ request, world, repository, values: hit.values ?? {} });
  return { ...response, headers: { ...response.headers, ...scopeHeaders(token) } };
}

function countRequest({ settings }: World): void {
  const limit = settings.githubRateLimit;
  if (!limit) return;
  if (limit.remaining <= 0) throw refuse(limit.kind === 'primary' ? 'primaryLimit' : 'secondaryLimit');
  settings.githubRateLimit = { ...limit, remaining: limit.remaining - 1 };
}

/** A renamed repository: 301 to its id, and 307 for other methods than GET. */
function redirect(request: EmulatorRequest, fullName: string, world: World): EmulatorResponse {
  const renamed = world.githubRest.repositories.find(({ formerNames }) =>
    formerNames.includes(fullName.toLowerCase()),
  );
  if (!renamed) throw refuse('notFound', 'no such repository');
  const rest = request.target.split('/').slice(4).join('/');
  const url = `${world.urls['github-api']}/repositories/${renamed.id}${rest === '' ? '' : `/${rest}`}`;
  const status = request.method === 'GET' ? 301 : 307;
  const message = status === 301 ? 'Moved Permanently' : 'Temporary Redirect';
  return { ...json(status, { message, url }, { Location: url }), reason: 'renamed' };
}

function organization(
  request: EmulatorRequest,
  [, , ...rest]: readonly string[],
  token: GithubToken | undefined,
  world: World,
): EmulatorResponse {
  if (request.method !== 'GET' || rest.join('/') !== 'actions/secrets')
    throw refuse('notFound', 'no such path');
  checkPermission(token, 'organization_secrets=read');
  return vaultList(request, 'secrets', world.githubRest.organization);
}

/** Public, whatever the token may see. Every owner of a repository has an account. */
function account(request: EmulatorRequest, [, login = '', ...rest]: readonly string[], world: World) {
  const owned = world.githubRest.repositories.find(({ owner }) => isSame(owner, login));
  if (request.method !== 'GET' || rest.length > 0 || !owned) throw refuse('notFound', 'no such account');
  return json(200, { login: owned.owner, id: owned.ownerId });
}

/** @returns the values of `:name` */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const pairs = wanted.map((part, at) => [part, given[at] ?? ''] as const);
  if (pairs.some(([part, value]) => !part.startsWith(':') && part !== value)) return undefined;
  return Object.fromEntries(
    pairs.filter(([part]) => part.startsWith(':')).map(([part, value]) => [part.slice(1), decodePath(value)]),
  );
}
