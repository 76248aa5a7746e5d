// What main saves for post in the runner's state: all that post must remove or restore, and no secret.
import path from 'node:path';
import type { Runner } from '../ports.ts';
import { isTarget, mergeDirectories } from '../profiles/ledger.ts';
import type { InstalledSection } from '../profiles/remove.ts';
import { isSameSection } from '../profiles/section-target.ts';
import type { RefresherProcess } from '../refresh/process.ts';
import { parseObject } from '../response.ts';

/** A variable that main has exported. */
export interface Exported {
  /** Digest of the exported value, to see later whether the variable still has it. */
  digest: string;
  /** The value before; null if there was none, or if it was a secret, which is not saved. */
  before: string | null;
}

export interface SavedState {
  loginId: string;
  installed: InstalledSection[];
  exported: Record<string, Exported>;
  /** Directory in the runner's temp area with files that belong to no profile; null if there is none. */
  temporary: string | null;
  /** The process that renews the files; null if there is none. */
  refresher: RefresherProcess | null;
  /** Role session whose credentials the AWS CLI may have cached, and where; null if there is none. */
  cachedRole: { cache: string; assumedRoleArn: string } | null;
  /** False when `cleanup` is false and main has succeeded. */
  cleanup: boolean;
}

/** The name of the state in the runner. */
export const STATE = 'session';

/** Until main has succeeded, post cleans up whatever `cleanup` says. */
export function newSavedState(loginId: string, cachedRole: SavedState['cachedRole']): SavedState {
  const nothing = { installed: [], exported: {}, temporary: null, refresher: null };
  return { loginId, ...nothing, cachedRole, cleanup: true };
}

/** Saves the state with these changes, before they take effect. */
export function updateState(
  runner: Pick<Runner, 'saveState'>,
  state: SavedState,
  changes: Partial<SavedState>,
): void {
  Object.assign(state, changes);
  runner.saveState(STATE, JSON.stringify(state));
}

/** Saves that a section is about to be installed, together with the directories that an earlier call has saved. */
export function saveInstalled(
  runner: Pick<Runner, 'saveState'>,
  state: SavedState,
  installed: InstalledSection,
): void {
  const known = state.installed.find((one) => isSameSection(one, installed));
  const createdDirectories = mergeDirectories(known?.createdDirectories ?? [], installed.createdDirectories);
  const merged = { ...installed, createdDirectories };
  if (JSON.stringify(merged) === JSON.stringify(known)) return;
  const others = state.installed.filter((one) => one !== known);
  updateState(runner, state, { installed: [...others, merged] });
}

/** Name of the directory for files that belong to no profile. Post removes only a directory of this name. */
export function temporaryName(loginId: string): string {
  return `oci-wif-action-${loginId}`;
}

/**
 * Checks only the members that name files to remove. Later steps cannot change the state that main has saved.
 * @returns undefined if main has not written this text
 */
export function parseSavedState(text: string): SavedState | undefined {
  const state = parseObject(text);
  const { loginId, installed, temporary, cachedRole } = state ?? {};
  const isWhole =
    typeof loginId === 'string' &&
    Array.isArray(installed) &&
    installed.every(isInstalled) &&
    (temporary === null || (isPath(temporary) && path.basename(temporary) === temporaryName(loginId))) &&
    (cachedRole === null || isPath(Object(cachedRole).cache));
  return isWhole ? (state as unknown as SavedState) : undefined;
}

function isInstalled(value: unknown): boolean {
  const {
    keyDigest,
    settingsDigest,
    createdDirectories: created,
  } = Object(value) as Partial<InstalledSection>;
  const hasDigests = keyDigest !== undefined && settingsDigest !== undefined;
  return isTarget(value) && hasDigests && Array.isArray(created) && created.every(isPath);
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && path.isAbsolute(value);
}
