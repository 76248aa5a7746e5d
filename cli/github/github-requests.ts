// Requests to the REST API of GitHub below one repository: its present name, pages, redirects.
import { type Api, isObject, objectIn } from '../connect/api.ts';
import type { ApiRequest } from '../connect/connection.ts';
import { CommandError } from '../failure.ts';
import type { Repository } from './github.ts';
import { GITHUB, type GitHubHost } from './github-access.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 100;
export const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

export type Json = Record<string, unknown>;

export interface GitHubRequests {
  api: Api;
  host: GitHubHost;
  /** Address below the repository by its present name. */
  at(path: string): Promise<URL>;
  repository(): Promise<Repository>;
}

/** Redirects of a renamed repository. GitHub resends no body after 301, so only reading follows it. */
export function isGitHubRedirect({ method }: ApiRequest, status: number): boolean {
  return status === 307 || status === 308 || ((status === 301 || status === 302) && method === 'GET');
}

/** @param name `owner/name`. The repository may have been renamed: GitHub's redirect is followed, and writes use the new name */
export function gitHubRequests(host: GitHubHost, name: string, api: Api): GitHubRequests {
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
    throw new CommandError('RESPONSE_MALFORMED', 'GitHub returned the repository without ID or name.');
  return { id, ownerId, fullName: String(fullName), defaultBranch: String(one['default_branch'] ?? '') };
}

export async function read(
  client: GitHubRequests,
  path: string,
  what: string,
  accepted: readonly number[] = [],
) {
  const response = await client.api.call(
    { method: 'GET', url: await client.at(path), headers: HEADERS },
    what,
    accepted,
  );
  return accepted.includes(response.status) ? undefined : objectIn(response, GITHUB, what);
}

export async function write(
  client: GitHubRequests,
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
export async function readAll(
  client: GitHubRequests,
  path: string,
  member: string,
  what: string,
): Promise<Json[]> {
  const found: Json[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const body = await read(client, `${path}?per_page=${PAGE_SIZE}&page=${page}`, what);
    const list = body?.[member];
    const items = Array.isArray(list) ? list.filter(isObject) : [];
    found.push(...items);
    if (items.length === 0 || found.length >= Number(body?.['total_count'] ?? Number.POSITIVE_INFINITY))
      return found;
  }
  throw new CommandError('RESPONSE_MALFORMED', `${what}: the list has no end.`);
}
