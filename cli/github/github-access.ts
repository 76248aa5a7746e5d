// How the commands reach the REST API of GitHub: its address, a token, and what its refusals mean.
import type { Environment } from '../../src/ports.ts';
import { isPrintable } from '../../src/response.ts';
import { Secret } from '../../src/secret.ts';
import type { ApiResponse } from '../connect/connection.ts';
import { runProgram } from '../connect/program.ts';
import type { ServiceTexts } from '../connect/refusal.ts';
import { CommandError } from '../failure.ts';

export const INSTALL_GH = 'Install GitHub CLI from https://cli.github.com and run `gh auth login`.';

const GITHUB_HOST = 'github.com';

export interface GitHubHost {
  /** Without a slash at the end. */
  api: string;
  /** As `gh` names it: `github.com`, or a host of GitHub Enterprise. */
  name: string;
}

/**
 * `GH_HOST` decides, because `gh` stores the secrets there. A job always has the other variable.
 * @see GH_HOST (gh help environment); GITHUB_API_URL (variables of GitHub Actions)
 */
export function githubHost(env: Environment): GitHubHost {
  const url = (env('GITHUB_API_URL') ?? '').replace(/\/+$/, '');
  if (!env('GH_HOST') && url !== '') {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
      throw new CommandError('OPTION_INVALID', 'GITHUB_API_URL is not an https:// address.', {
        remedy: 'Correct the variable.',
      });
    return { api: url, name: new URL(url).host.replace(/^api\./, '') };
  }
  const name = (env('GH_HOST') || GITHUB_HOST).toLowerCase();
  if (!/^[a-z0-9.-]+(:\d+)?$/.test(name))
    throw new CommandError('OPTION_INVALID', 'GH_HOST is not a host name.', {
      remedy: 'Correct the variable.',
    });
  const isCloud = name === GITHUB_HOST || name.endsWith('.ghe.com');
  return { api: isCloud ? `https://api.${name}` : `https://${name}/api/v3`, name };
}

/**
 * Variables first, as `gh` itself does; then what `gh` has stored.
 * @throws CommandError CREDENTIALS_UNUSABLE, TOOL_MISSING
 */
export async function githubToken(env: Environment, { name }: GitHubHost): Promise<Secret> {
  const isEnterprise = name !== GITHUB_HOST && !name.endsWith('.ghe.com');
  const names = isEnterprise
    ? ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']
    : ['GH_TOKEN', 'GITHUB_TOKEN'];
  const given = names.map((one) => env(one)?.trim()).find(Boolean);
  if (given !== undefined) return checked(given, names.join(' or '));
  const remedy = `Set ${names[0]}. Or install GitHub CLI from https://cli.github.com and run \`gh auth login\`.`;
  const { exitCode, stdout } = await runProgram('gh', ['auth', 'token', '--hostname', name], remedy);
  if (exitCode === 0 && stdout.trim() !== '') return checked(stdout.trim(), '`gh auth token`');
  throw new CommandError('CREDENTIALS_UNUSABLE', `GitHub CLI is not logged in to ${name}.`, {
    remedy: `Run \`gh auth login\`, or set ${names[0]}.`,
  });
}

/** A token with a line break would break the header. */
function checked(token: string, from: string): Secret {
  if (/^[\x21-\x7e]+$/.test(token)) return new Secret(token);
  throw new CommandError('CREDENTIALS_UNUSABLE', `The token of ${from} contains a space or a line break.`, {
    remedy: 'Set a valid token, or unset the variable and run `gh auth login`.',
  });
}

export const GITHUB: ServiceTexts = {
  name: 'GitHub',
  hostOption: 'GITHUB_API_URL or GH_HOST',
  unauthorizedAdvice: 'Run `gh auth login`, or set GH_TOKEN to a valid token.',
  reasonIn: ({ message }) => ({ text: message }),
  explain({ response, text }) {
    const { status } = response;
    if ((status === 403 || status === 429) && isRateLimit(response, text))
      return { code: 'RATE_LIMITED', remedy: `Run the command again ${resetTime(response)}.` };
    if (status !== 403 && status !== 404) return undefined;
    const sso = /\burl=(https:\/\/\S+)/.exec(response.headers['x-github-sso'] ?? '')?.[1];
    if (sso !== undefined && isPrintable(sso))
      return { code: 'NOT_PERMITTED', remedy: `Authorize the token for the organization: ${sso}` };
    const missing = missingPermissions(response);
    const remedy =
      status === 404
        ? `Check the name, and that the token may see it${missing && `: it needs ${missing}`}.`
        : `Use a token with ${missing || 'more rights'}. In an organization, an owner may have to approve it.`;
    return { code: status === 404 ? 'NOT_FOUND' : 'NOT_PERMITTED', remedy };
  },
};

function isRateLimit({ headers }: ApiResponse, text: string): boolean {
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /rate limit/i.test(text)
  );
}

function resetTime({ headers }: ApiResponse): string {
  const seconds = Number(headers['x-ratelimit-reset']);
  return Number.isInteger(seconds) && Math.abs(seconds) < 8e12 && headers['x-ratelimit-reset'] !== undefined
    ? `after ${new Date(seconds * 1000).toISOString()}`
    : 'in a few minutes';
}

/** Fine-grained tokens have permissions, classic ones have scopes. @see X-Accepted-GitHub-Permissions (GitHub REST API) */
function missingPermissions({ headers }: ApiResponse): string {
  const permissions = headers['x-accepted-github-permissions'] ?? '';
  const scopes = headers['x-oauth-scopes'] === undefined ? '' : (headers['x-accepted-oauth-scopes'] ?? '');
  const safe = (text: string) => /^[\w=;:, ]{1,200}$/.test(text);
  if (scopes !== '' && safe(scopes)) return `the scope ${scopes}`;
  return permissions !== '' && safe(permissions) ? `the permission ${permissions}` : '';
}
