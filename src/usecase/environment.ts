// Variables for later steps: given by main, taken back by post.
import type { Runner } from '../port.ts';
import { Secret } from '../secret.ts';
import type { Exported, SavedState } from './saved-state.ts';

/** Without a region, botocore builds host names that do not exist. */
const NEVER_EMPTY = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** What will have to be said to take these variables back; secrets, old and new, are not remembered. */
export function planExports(
  { env }: Runner,
  variables: Readonly<Record<string, string | Secret>>,
): Record<string, Exported> {
  const entries = Object.entries(variables).map(([name, value]) => {
    const isSecret = value instanceof Secret;
    const before = isSecret ? null : (env(name) ?? null);
    return [name, { value: isSecret ? null : value, before, neverEmpty: NEVER_EMPTY.includes(name) }];
  });
  return Object.fromEntries(entries);
}

/**
 * For the post steps of earlier actions, which run after this one. A variable that somebody has changed since is theirs.
 * The runner cannot unset a variable; every reader of ours takes an empty one for absent.
 */
export function restoreEnvironment({ env, exportVariable }: Runner, exported: SavedState['exported']): void {
  for (const [name, { value, before, neverEmpty }] of Object.entries(exported)) {
    const isOurs = value === null ? Boolean(env(name)) : env(name) === value;
    if (isOurs && !(neverEmpty && !before)) exportVariable(name, before ?? '');
  }
}
