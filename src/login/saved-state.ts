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
  /** Of the exported value: tells whether it is still set. */
  digest: string;
  /** The value before; null if there was none, or if it was a secret, which is not kept. */
  before: string | null;
  /** True for a variable that is worse empty than outdated. */
  neverEmpty: boolean;
}

export interface SavedState {
  version: 1;
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

/** The name under which the runner keeps it. */
export const STATE = 'session';

/** Until main has succeeded, post cleans up whatever `cleanup` says. */
export function newSavedState(loginId: string, cachedRole: SavedState['cachedRole']): SavedState {
  const nothing = { installed: [], exported: {}, temporary: null, refresher: null };
  return { version: 1, loginId, ...nothing, cachedRole, cleanup: true };
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

/** Saves that a section is about to be installed. Nothing of what is known of it already is lost. */
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

/** @returns the state, or undefined if main has not written this text */
export function parseSavedState(text: string): SavedState | undefined {
  const state = parseObject(text);
  const { version, loginId, installed, exported, temporary, refresher, cachedRole } = state ?? {};
  const isWhole =
    version === 1 &&
    typeof loginId === 'string' &&
    Array.isArray(installed) &&
    installed.every(isInstalled) &&
    typeof exported === 'object' &&
    Object.values(exported ?? { none: null }).every(isExported) &&
    (temporary === null || isTemporary(temporary, loginId)) &&
    (refresher === null || isRefresher(refresher, loginId)) &&
    (cachedRole === null || isCachedRole(cachedRole));
  return isWhole ? (state as unknown as SavedState) : undefined;
}

function isInstalled(value: unknown): boolean {
  const { keyDigest, createdDirectories } = Object(value) as Partial<InstalledSection>;
  const hasDigest = keyDigest === null || (typeof keyDigest === 'string' && /^[0-9a-f]+$/.test(keyDigest));
  const isDirectory = (one: unknown) => typeof one === 'string' && path.isAbsolute(one);
  return (
    isTarget(value) && hasDigest && Array.isArray(createdDirectories) && createdDirectories.every(isDirectory)
  );
}

function isExported(value: unknown): boolean {
  const { digest, before } = Object(value) as Partial<Exported>;
  return typeof digest === 'string' && (before === null || typeof before === 'string');
}

function isRefresher(value: unknown, ours: string): boolean {
  const { pid, loginId, directory } = Object(value) as Partial<RefresherProcess>;
  // Zero and negative numbers would be groups of processes.
  const isProcess = loginId === ours && Number.isSafeInteger(pid) && Number(pid) > 1;
  return isProcess && isAt(directory, (name) => /^oci-wif-action-[0-9a-f]+$/.test(name));
}

function isCachedRole(value: unknown): boolean {
  const { cache, assumedRoleArn } = Object(value) as Partial<NonNullable<SavedState['cachedRole']>>;
  return typeof cache === 'string' && typeof assumedRoleArn === 'string';
}

/** Name of the directory for files that belong to no profile. No other directory is removed as such. */
export function temporaryName(loginId: string): string {
  return `oci-wif-action-${loginId}`;
}

function isTemporary(value: unknown, loginId: string): boolean {
  return isAt(value, (name) => name === temporaryName(loginId));
}

function isAt(value: unknown, isOurs: (name: string) => boolean): boolean {
  return typeof value === 'string' && path.isAbsolute(value) && isOurs(path.basename(value));
}
