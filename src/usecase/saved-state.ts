// What main leaves for post, in the runner's state: all that must be undone, and no secret. Pure.
import { parseObject } from '../answer.ts';
import { parseUndoRecord, type UndoRecord } from '../profile/place.ts';

export interface SavedState {
  version: 1;
  places: UndoRecord[];
  /** Variables exported to later steps: the value given, and the one before (null: there was none). */
  exported: Record<string, { value: string; before: string | null }>;
  /** False when the author asked to leave everything in place, and main has come to its end. */
  cleanup: boolean;
}

/** The name under which the runner keeps it. */
export const STATE = 'session';

/** @returns the state, or undefined if the text is none of ours */
export function parseSavedState(text: string): SavedState | undefined {
  const state = parseObject(text);
  const { version, places, exported } = state ?? {};
  if (version !== 1 || !Array.isArray(places) || typeof exported !== 'object' || exported === null)
    return undefined;
  const whole = places.every((place) => parseUndoRecord(JSON.stringify(place)) !== undefined);
  return whole ? (state as unknown as SavedState) : undefined;
}
