// Puts back what one session changed at one place, exactly and only that. Run by post, by a main that failed half way,
// and by the next login on the same machine for a job that died. Safe to run twice, in any order among the sessions of
// a place, and from wherever a kill has left things.
import path from 'node:path';
import type { Disk, Files } from '../ports.ts';
import { bequeath, leaveDirectories } from './bequeath.ts';
import * as config from './ini-text.ts';
import { isWrittenBy } from './oci-profile.ts';
import {
  lockOf,
  mergeDirectories,
  type Place,
  type UndoRecord,
  undoFiles,
  undoName,
} from './section-target.ts';
import { LOOK_AGAIN_MS, readShared, replaceShared, type SharedText } from './shared-file.ts';
import { withoutOurs } from './take-out.ts';
import { readRecord, sessionsAt, undoNames, writeRecord } from './undo-store.ts';

/**
 * Undoes a session at one place, under the lock.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED; what was done until then stays done
 */
export async function undoSection(disk: Disk, record: UndoRecord): Promise<void> {
  const { files, lock, clock } = disk;
  let { directoriesCreated } = record;
  if (files.kind(path.dirname(record.place.file)) !== 'absent') {
    const underLock = <T>(work: () => T) => lock.hold(lockOf(record.place), () => {}, work);
    const first = await underLock(() => {
      if (!record.hasBegun && files.kind(record.place.store) !== 'directory')
        return record.directoriesCreated;
      if (!hasBegun(files, record)) return conclude(files, record);
      return takeOut(files, record).isBusy ? undefined : conclude(files, record);
    });
    // A program that read the file with our section in it may write it back so; then it has to be taken out again.
    if (first === undefined) await clock.sleep(LOOK_AGAIN_MS);
    directoriesCreated = first ?? (await underLock(() => undoUnderLock(files, record)));
  }
  await leaveDirectories(disk, { ...record, directoriesCreated });
}

/** A login that died before its record was on disk and in the state has left no more than its lock, which is gone by now. */
function hasBegun(files: Files, record: UndoRecord): boolean {
  return (
    record.hasBegun || readRecord(files, record.place, undoName(record.place, record.loginId)) !== undefined
  );
}

/** @returns the directories that are now to be removed, if they are empty, outermost first */
export function undoUnderLock(files: Files, record: UndoRecord): string[] {
  takeOut(files, record);
  return conclude(files, record);
}

/** The session's directory and section; what it takes to do so again stays. */
function takeOut(files: Files, given: UndoRecord): SharedText {
  const { place, loginId } = given;
  // The record on disk is written before the first change, and knows what others have left to this session since.
  const onDisk = readRecord(files, place, undoName(place, loginId));
  const record = onDisk ?? given;
  const successor = sessionsAt(files, place).find(({ replaces }) => replaces === loginId);
  const isTopmost = onDisk !== undefined && successor === undefined && !record.hasLeft;
  if (successor !== undefined) stepOut(files, record, successor);
  if (isTopmost) restoreDirectory(files, record);
  return restoreFile(files, record, isTopmost);
}

function conclude(files: Files, given: UndoRecord): string[] {
  const { place, loginId } = given;
  const record = readRecord(files, place, undoName(place, loginId)) ?? given;
  bequeath(files, record);
  files.remove(undoFiles(place, undoName(place, loginId)).record);
  sweep(files, place);
  const created = mergeDirectories(given.directoriesCreated, record.directoriesCreated);
  if (created.includes(place.store)) files.removeIfEmpty(place.store);
  return created.filter((directory) => directory !== place.store);
}

function restoreDirectory(files: Files, { place, keptDirectory }: UndoRecord): void {
  if (place.directory === null) return;
  if (keptDirectory !== null) {
    const aside = undoFiles(place, keptDirectory).directory;
    // Not aside means: never moved, or put back by an earlier run. What lies there now is then not ours to remove.
    if (files.kind(aside) !== 'directory') return;
    files.removeTree(place.directory);
    files.rename(aside, place.directory);
  } else {
    files.removeTree(place.directory);
  }
}

/** @returns the file as it was found */
function restoreFile(files: Files, record: UndoRecord, isTopmost: boolean): SharedText {
  const { place, loginId, keptSection } = record;
  const shared = readShared(files, place.file);
  const { text } = shared;
  const namesakes = config.listSections(text).filter(({ name }) => name === place.section);
  const telltale = isTopmost ? place.telltale : null;
  const ours = namesakes.find((section) => isWrittenBy(config.textOf(text, section), loginId, telltale));
  const kept = keptSection === null ? undefined : undoFiles(place, keptSection).section;
  const previous =
    kept !== undefined && files.kind(kept) === 'file' ? config.toText(files.read(kept)) : undefined;
  let restored = text;
  if (ours !== undefined) restored = withoutOurs(files, record, text, ours, previous);
  else if (previous !== undefined && isTopmost && namesakes.length === 0) {
    restored = config.appendSection(text, previous).text; // somebody has removed ours; what it replaced comes back
  }
  const isNeedless = record.fileCreated && restored === '';
  if (isNeedless) files.remove(place.file);
  else if (restored !== text) replaceText(files, place, loginId, { ...shared, text: restored });
  return shared;
}

function replaceText(files: Files, place: Place, loginId: string, shared: SharedText): void {
  const { root, scratch } = undoFiles(place, undoName(place, loginId));
  // Gone when a user has removed the store; the text then goes by way of a file beside its place.
  const way = files.kind(root) === 'directory' ? scratch : `${place.file}~${loginId}`;
  replaceShared(files, place.file, shared, way);
}

/** A later session has taken the place over: it shall find what we found, and nothing of ours. */
function stepOut(files: Files, record: UndoRecord, successor: UndoRecord): void {
  const { place, replaces, keptDirectory, keptSection, glue, fileCreated } = record;
  const aside = successor.keptDirectory;
  // A successor that died before it moved our directory aside has never taken that over.
  const hasMoved = aside === null || files.kind(undoFiles(place, aside).directory) === 'directory';
  if (!hasMoved) restoreDirectory(files, record);
  // Said first: should we die behind the next line, nobody would know any more that there is a successor.
  writeRecord(files, { ...record, hasLeft: true });
  const inherited = { replaces, keptDirectory };
  const heir = nextInFile(files, place, successor);
  if (heir !== undefined) {
    const ofFile = { keptSection, glue: glue || heir.glue, fileCreated: fileCreated || heir.fileCreated };
    const isSuccessor = heir.loginId === successor.loginId;
    writeRecord(files, { ...heir, ...ofFile, ...(isSuccessor && inherited) });
    if (isSuccessor) return;
  }
  writeRecord(files, { ...successor, ...inherited });
}

/** Of a session and those that came after it, the first in the same file: configs in one directory share its sessions. */
function nextInFile(files: Files, place: Place, first: UndoRecord): UndoRecord | undefined {
  const sessions = sessionsAt(files, place);
  let one: UndoRecord | undefined = first;
  // No longer than there are sessions: what lies on disk could lead round in a circle.
  for (const _ of sessions) {
    if (one === undefined || one.place.file === place.file) return one;
    const { loginId }: UndoRecord = one;
    one = sessions.find(({ replaces }) => replaces === loginId);
  }
  return undefined;
}

/** Removes what no session of the place will need any more, such as what the one that has just gone had kept. */
function sweep(files: Files, place: Place): void {
  const sessions = sessionsAt(files, place);
  const needed = (kept: 'keptSection' | 'keptDirectory', name: string) =>
    sessions.some((one) => one[kept] === name);
  const begun = new Set(sessions.map(({ loginId }) => undoName(place, loginId)));
  for (const name of undoNames(files, place)) {
    const { root, section, directory } = undoFiles(place, name);
    const keeps = { section: needed('keptSection', name), directory: needed('keptDirectory', name) };
    if (!begun.has(name) && !keeps.section && !keeps.directory) files.removeTree(root);
    else if (!keeps.section) files.remove(section);
    if (!keeps.directory) files.removeTree(directory);
  }
}
