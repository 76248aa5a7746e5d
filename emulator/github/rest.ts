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
const RATE_LIMIT_HOUR_MS = 3_600_000;

export async function handleGithubApi(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return respond(request, world);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return restError(serviceError(error, world), headersOf(error, world));
  }
}

function respond(request: EmulatorRequest, world: World): EmulatorResponse {
  if (!single(request, 'user-agent')) throw refuse('noUserAgent');
  const token = authenticate(request, world);
  countRequest(world);
  const segments = pathOf(request).slice(1).split('/').map(decodePath);
  if (segments[0] === 'orgs') return organization(request, segments, token, world);
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
  return hit.route.handle({ request, world, repository, values: hit.values ?? {} });
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function authenticate(request: EmulatorRequest, world: World): GithubToken | undefined {
  const header = single(request, 'authorization');
  if (header === undefined) return undefined;
  const value = /^(?:bearer|token) (\S+)$/i.exec(header)?.[1] ?? '';
  world.secrets.add(value);
  const token = world.githubRest.tokens.get(value);
  if (!token) throw refuse('badCredentials');
  return token;
}

function countRequest({ settings }: World): void {
  const limit = settings.githubRateLimit;
  if (!limit) return;
  if (limit.remaining <= 0) throw refuse(limit.kind === 'primary' ? 'primaryLimit' : 'secondaryLimit');
  settings.githubRateLimit = { ...limit, remaining: limit.remaining - 1 };
}

function headersOf({ refusal, values }: RefusedRequest, world: World): Record<string, string> {
  if (values['permission'] !== undefined) {
    return { 'X-Accepted-GitHub-Permissions': String(values['permission']) };
  }
  switch (refusal.text) {
    case refuse('primaryLimit').refusal.text: {
      const reset = Math.ceil((world.now() + RATE_LIMIT_HOUR_MS) / 1000);
      return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    }
    case refuse('secondaryLimit').refusal.text:
      return { 'retry-after': '60' };
    default:
      return {};
  }
}

function mayRead(token: GithubToken | undefined, repository: Repository): boolean {
  if (!repository.isPrivate) return true;
  const { repositories } = token ?? {};
  return (
    token !== undefined && (!repositories || repositories.some((one) => isSame(one, fullNameOf(repository))))
  );
}

function checkPermission(token: GithubToken | undefined, permission: Route['permission']): void {
  const [name, access] = permission.split('=') as [Permission, 'read' | 'write'];
  const granted = token?.permissions[name];
  // Every token may read the metadata of a repository that it reaches.
  if (name === 'metadata' || granted === 'write' || granted === access) return;
  throw refuse('noPermission', `${permission} is missing`, { permission });
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

/** @returns the values of `:name` */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const pairs = wanted.map((part, at) => [part, given[at] ?? ''] as const);
  if (pairs.some(([part, value]) => !part.startsWith(':') && part !== value)) return undefined;
  return Object.fromEntries(
    pairs.filter(([part]) => part.startsWith(':')).map(([part, value]) => [part.slice(1), value]),
  );
}
