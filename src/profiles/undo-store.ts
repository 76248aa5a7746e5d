// The records of sessions on disk: which sessions of a place are still to be undone, and by which of them it was taken.
import type { Files } from '../ports.ts';
import * as config from './ini-text.ts';
import {
  ownerOf,
  type Place,
  parseUndoRecord,
  type UndoRecord,
  undoFiles,
  undoName,
} from './section-target.ts';

export function readRecord(files: Files, place: Place, undo: string): UndoRecord | undefined {
  const { record } = undoFiles(place, undo);
  if (files.kind(record) !== 'file') return undefined;
  const read = parseUndoRecord(Buffer.from(files.read(record)).toString('utf8'));
  // One that lies elsewhere than it says came here with a copy of another home.
  const isAtHome = read?.place.store === place.store && undoName(read.place, read.loginId) === undo;
  return isAtHome ? read : undefined;
}

/** Replaces a record in one step, so that a reader never sees half of one. */
export function writeRecord(files: Files, record: UndoRecord): void {
  const { record: file, scratch } = undoFiles(record.place, undoName(record.place, record.loginId));
  files.replace(file, Buffer.from(JSON.stringify(record)), scratch);
}

/** Names in the store that are of this place's sessions, begun or not. */
export function undoNames(files: Files, { store, name }: Place): string[] {
  const prefix = `${name}~`;
  const isId = (text: string) => /^[0-9a-f]+$/.test(text);
  return files.list(store).filter((entry) => entry.startsWith(prefix) && isId(entry.slice(prefix.length)));
}

/** Sessions that have begun and are not yet undone: of this place, or of any in its store. */
export function sessionsAt(files: Files, place: Place, which: 'here' | 'any' = 'here'): UndoRecord[] {
  const any = () => files.list(place.store).filter((entry) => entry.includes('~'));
  const names = which === 'any' ? any() : undoNames(files, place);
  return names.map((name) => readRecord(files, place, name)).filter((record) => record !== undefined);
}

/** The session that wrote a section of the file and is still to be undone. */
export function sessionOf(files: Files, place: Place, section: string): UndoRecord | undefined {
  const owner = ownerOf(section);
  const all = owner === undefined ? [] : sessionsAt(files, place, 'any');
  const [header] = config.listSections(section);
  // A session can have sections in several files of a store, and several in one.
  const isIt = ({ loginId, place: { file, section } }: UndoRecord) =>
    loginId === owner?.loginId && file === place.file && section === header?.name;
  return all.find(isIt);
}
