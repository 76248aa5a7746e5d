// Variables for later steps: given by main, taken back by post.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { AWS_CREDENTIALS } from '../aws/variables.ts';
import type { Runner } from '../ports.ts';
import type { Owner } from '../profiles/section-target.ts';
import { Secret } from '../secret.ts';
import type { Exported, SavedState } from './saved-state.ts';

/** Without a region, botocore builds host names that do not exist. */
const NEVER_EMPTY = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** What will have to be said to take these variables back; of secrets no more than a digest of the new value. */
export function planExports(
  { env }: Runner,
  { loginId }: Pick<Owner, 'loginId'>,
  variables: Readonly<Record<string, string | Secret>>,
): Record<string, Exported> {
  const entries = Object.entries(variables).map(([name, value]) => {
    const digest = digestOf(loginId, value instanceof Secret ? value.reveal() : value);
    const before = env(name);
    return [
      name,
      {
        digest,
        // Whatever a secret was before, ours or another's, is not to be remembered.
        before: before === undefined || isSecret(name, before) ? null : before,
        neverEmpty: NEVER_EMPTY.includes(name),
      },
    ];
  });
  return Object.fromEntries(entries);
}

const SECRETS = [...AWS_CREDENTIALS, 'OCI_TOKEN_EXCHANGE_CLIENT_SECRET'];
/** Secrets themselves, or paths of files with them. */
const PERHAPS_SECRETS = ['OCI_RESOURCE_PRINCIPAL_RPST', 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM'];

function isSecret(name: string, value: string): boolean {
  return SECRETS.includes(name) || (PERHAPS_SECRETS.includes(name) && !path.isAbsolute(value));
}

/** Tells whether a value is still the one given, without keeping it. The id as salt makes each session's its own. */
function digestOf(loginId: string, value: string): string {
  return createHash('sha256').update(`${loginId}:${value}`).digest('hex').slice(0, 32);
}

/**
 * For the post steps of earlier actions, which run after this one. A variable that somebody has changed since is theirs.
 * The runner cannot unset a variable; every reader of ours takes an empty one for absent.
 */
export function restoreEnvironment({ env, exportVariable }: Runner, { loginId, exported }: SavedState): void {
  for (const [name, { digest, before, neverEmpty }] of Object.entries(exported)) {
    const value = env(name);
    const isOurs = value !== undefined && digestOf(loginId, value) === digest;
    if (isOurs && !(neverEmpty && !before)) exportVariable(name, before ?? '');
  }
}
