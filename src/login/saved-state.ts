// What main leaves for post, in the runner's state: all that must be undone, and no secret. Pure.
import path from 'node:path';
import { parseUndoRecord, type UndoRecord } from '../profiles/section-target.ts';
import type { RefresherProcess } from '../refresh/process.ts';
import { parseObject } from '../response.ts';

/** A variable given to later steps. */
export interface Exported {
  /** Of the value given, to tell whether it is still there. */
  digest: string;
  /** The value before; null if there was none, or if it was a secret, which is not kept. */
  before: string | null;
  /** True for a variable that is worse empty than stale. */
  neverEmpty: boolean;
}

export interface SavedState {
  version: 1;
  loginId: string;
  places: UndoRecord[];
  exported: Record<string, Exported>;
  /** Directory in the runner's temp area with files that belong to no profile; null if there is none. */
  temporary: string | null;
  /** The process that keeps all this fresh, and where its files lie; null if there is none. */
  refresher: RefresherProcess | null;
  /** Role session whose credentials tools may have cached, and where; null if there is none. */
  cachedRole: { cache: string; assumedRoleArn: string } | null;
  /** False when the author asked to leave everything in place, and main has come to its end. */
  cleanup: boolean;
}

/** The name under which the runner keeps it. */
export const STATE = 'session';

/** @returns the state, or undefined if the text is none of ours */
export function parseSavedState(text: string): SavedState | undefined {
  const state = parseObject(text);
  const { version, loginId, places, exported, temporary, refresher, cachedRole } = state ?? {};
  const isWhole =
    version === 1 &&
    typeof loginId === 'string' &&
    Array.isArray(places) &&
    places.every((place) => parseUndoRecord(JSON.stringify(place)) !== undefined) &&
    typeof exported === 'object' &&
    Object.values(exported ?? { none: null }).every(isExported) &&
    (temporary === null || isTemporary(temporary, loginId)) &&
    (refresher === null || isRefresher(refresher, loginId)) &&
    (cachedRole === null || isCachedRole(cachedRole));
  return isWhole ? (state as unknown as SavedState) : undefined;
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

/** The name of the directory for a session's files that belong to no profile: nothing else is removed as such. */
export function temporaryName(loginId: string): string {
  return `oci-wif-action-${loginId}`;
}

function isTemporary(value: unknown, loginId: string): boolean {
  return isAt(value, (name) => name === temporaryName(loginId));
}

function isAt(value: unknown, isOurs: (name: string) => boolean): boolean {
  return typeof value === 'string' && path.isAbsolute(value) && isOurs(path.basename(value));
}
