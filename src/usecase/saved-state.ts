// What main leaves for post, in the runner's state: all that must be undone, and no secret. Pure.
import { parseObject } from '../answer.ts';
import { parseUndoRecord, type UndoRecord } from '../profile/place.ts';

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
  sessionId: string;
  places: UndoRecord[];
  exported: Record<string, Exported>;
  /** Directory in the runner's temp area with files that belong to no profile; null if there is none. */
  temporary: string | null;
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
  const { version, sessionId, places, exported } = state ?? {};
  if (typeof sessionId !== 'string') return undefined;
  if (version !== 1 || !Array.isArray(places) || typeof exported !== 'object' || exported === null)
    return undefined;
  const whole = places.every((place) => parseUndoRecord(JSON.stringify(place)) !== undefined);
  return whole ? (state as unknown as SavedState) : undefined;
}
