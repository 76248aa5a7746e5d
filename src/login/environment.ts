// Variables for later steps: main exports them, post restores them.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { AWS_CREDENTIALS } from '../aws/variables.ts';
import type { Runner } from '../ports.ts';
import { Secret } from '../secret.ts';
import { type Exported, type SavedState, updateState } from './saved-state.ts';

/** Without a region, botocore builds host names that do not exist. */
const NEVER_EMPTY = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** Exports variables for later steps, after saving how to restore them. */
export function exportEnvironment(
  runner: Runner,
  state: SavedState,
  variables: Readonly<Record<string, string | Secret>>,
): void {
  const exported: Record<string, Exported> = {};
  for (const [name, value] of Object.entries(variables)) {
    const before = runner.env(name);
    exported[name] = {
      digest: digestOf(state.loginId, value instanceof Secret ? value.reveal() : value),
      // An old secret is not saved, even if an earlier step set it.
      before: before === undefined || isSecret(name, before) ? null : before,
    };
  }
  updateState(runner, state, { exported });
  for (const [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
}

const SECRETS = [...AWS_CREDENTIALS, 'OCI_TOKEN_EXCHANGE_CLIENT_SECRET'];
/** Secrets themselves, or paths of files with them. */
const PERHAPS_SECRETS = ['OCI_RESOURCE_PRINCIPAL_RPST', 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM'];

function isSecret(name: string, value: string): boolean {
  return SECRETS.includes(name) || (PERHAPS_SECRETS.includes(name) && !path.isAbsolute(value));
}

/** Recognizes the exported value later without storing it. The login ID is the salt. */
function digestOf(loginId: string, value: string): string {
  return createHash('sha256').update(`${loginId}:${value}`).digest('hex').slice(0, 32);
}

/**
 * Restores variables for the post steps of earlier actions, which run later. A variable that has changed since stays.
 * The runner cannot unset a variable; every known reader treats an empty one as absent.
 * @returns the names of the restored variables
 */
export function restoreEnvironment(
  { env, exportVariable }: Runner,
  { loginId, exported }: SavedState,
): string[] {
  const restorable = Object.entries(exported).filter(([name, { digest, before }]) => {
    const value = env(name);
    const isOurs = value !== undefined && digestOf(loginId, value) === digest;
    return isOurs && (before || !NEVER_EMPTY.includes(name));
  });
  for (const [name, { before }] of restorable) exportVariable(name, before ?? '');
  return restorable.map(([name]) => name);
}
