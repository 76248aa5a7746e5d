// Who calls GitHub's REST API, and what the token may do. Sources: GitHub docs, "Permissions required for fine-grained
// personal access tokens", "Scopes for OAuth apps", "Troubleshooting the REST API".
import { type EmulatorRequest, single } from '../server/message.ts';
import type { RefusedRequest } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { fullNameOf, type GithubToken, type Permission, type Repository } from './repositories.ts';
import { REFUSALS, refuse } from './rest-responses.ts';

const HOUR_MS = 3_600_000;
/** What a user without administration rights may not do, whatever the token. */
const ADMINISTRATION: readonly Permission[] = ['administration', 'environments', 'secrets', 'variables'];

export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** @returns undefined for a request without a token @throws {RefusedRequest} */
export function authenticate(request: EmulatorRequest, world: World): GithubToken | undefined {
  const header = single(request, 'authorization');
  if (header === undefined) return undefined;
  const value = /^(?:bearer|token) (\S+)$/i.exec(header)?.[1] ?? '';
  world.secrets.add(value);
  const token = world.githubRest.tokens.get(value);
  if (!token) throw refuse('badCredentials');
  return token;
}

export function mayRead(token: GithubToken | undefined, repository: Repository): boolean {
  if (!repository.isPrivate) return true;
  if (token === undefined || (token.scopes && !token.scopes.includes('repo'))) return false;
  return token.repositories?.some((one) => isSame(one, fullNameOf(repository))) ?? true;
}

/** @throws {RefusedRequest} */
export function checkPermission(
  token: GithubToken | undefined,
  permission: `${Permission}=${'read' | 'write'}`,
): void {
  if (token?.needsSso) throw refuse('needsSso');
  const [name, access] = permission.split('=') as [Permission, 'read' | 'write'];
  // Every token may read the metadata of a repository that it reaches.
  if (name === 'metadata') return;
  if (token?.scopes) {
    if (token.isAdmin === false && ADMINISTRATION.includes(name)) throw refuse('notAdmin');
    return;
  }
  const granted = token?.permissions[name];
  if (granted !== 'write' && granted !== access) {
    throw refuse('noPermission', `${permission} is missing`, { permission });
  }
}

/** Of classic and OAuth tokens. */
export function scopeHeaders(token: GithubToken | undefined): Record<string, string> {
  return token?.scopes
    ? { 'X-OAuth-Scopes': token.scopes.join(', '), 'X-Accepted-OAuth-Scopes': 'repo' }
    : {};
}

export function refusalHeaders(
  { refusal, values }: RefusedRequest,
  token: GithubToken | undefined,
  world: World,
): Record<string, string> {
  const scopes = scopeHeaders(token);
  switch (refusal) {
    case REFUSALS.noPermission:
      return { 'X-Accepted-GitHub-Permissions': String(values['permission']) };
    case REFUSALS.needsSso:
      return {
        ...scopes,
        'X-GitHub-SSO': 'required; url=https://github.com/orgs/acme/sso?authorization_request=1',
      };
    case REFUSALS.primaryLimit: {
      const reset = Math.ceil((world.now() + HOUR_MS) / 1000);
      return { ...scopes, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    }
    case REFUSALS.secondaryLimit:
      return { ...scopes, 'retry-after': '60' };
    default:
      return scopes;
  }
}
