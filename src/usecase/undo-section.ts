// Puts back what one session changed at one place, exactly and only that. Run by post, by a main that failed half way,
// and by the next login on the same machine for a job that died. Safe to run twice, in any order among the sessions of
// a place, and from wherever a kill has left things.
import path from 'node:path';
import type { Clock, Files, Lock } from '../port.ts';
import * as config from '../profile/config-text.ts';
import {
  lockOf,
  mergeDirectories,
  type Place,
  type UndoRecord,
  undoFiles,
  undoName,
} from '../profile/place.ts';
import { isWrittenBy } from '../profile/session-profile.ts';
import { LOOK_AGAIN_MS, readShared, replaceShared, type SharedText } from './shared-file.ts';
import { readRecord, sessionOf, sessionsAt, undoNames, writeRecord } from './undo-store.ts';

export interface Disk {
  files: Files;
  lock: Lock;
  clock: Clock;
}

/**
 * Undoes a session at one place, under the lock.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED; what was done until then stays done
 */
export async function undoSection({ files, lock, clock }: Disk, record: UndoRecord): Promise<void> {
  let { directoriesCreated } = record;
  if (files.kind(path.dirname(record.place.file)) !== 'absent') {
    const underLock = <T>(work: () => T) => lock.hold(lockOf(record.place), () => {}, work);
    const first = await underLock(() =>
      takeOut(files, record).isBusy ? undefined : conclude(files, record),
    );
    // A program that read the file with our section in it may write it back so; then it has to be taken out again.
    if (first === undefined) await clock.sleep(LOOK_AGAIN_MS);
    directoriesCreated = first ?? (await underLock(() => undoUnderLock(files, record)));
  }
  // Not under the lock, whose own file lies in there. Directories that others use by now are not empty and stay.
  for (const directory of directoriesCreated.toReversed()) files.removeIfEmpty(directory);
}

/** @returns the directories that are now to be removed, if they are empty, outermost first */
export function undoUnderLock(files: Files, record: UndoRecord): string[] {
  takeOut(files, record);
  return conclude(files, record);
}

/** The session's directory and section; what it takes to do so again stays. */
function takeOut(files: Files, given: UndoRecord): SharedText {
  const { place, sessionId } = given;
  // The record on disk is written before the first change, and knows what others have left to this session since.
  const onDisk = readRecord(files, place, undoName(place, sessionId));
  const record = onDisk ?? given;
  const successor = sessionsAt(files, place).find(({ replaces }) => replaces === sessionId);
  const isTopmost = onDisk !== undefined && successor === undefined && !record.hasLeft;
  if (successor !== undefined) stepOut(files, record, successor);
  if (isTopmost) restoreDirectory(files, record);
  return restoreFile(files, record, isTopmost);
}

function conclude(files: Files, given: UndoRecord): string[] {
  const { place, sessionId } = given;
  const record = readRecord(files, place, undoName(place, sessionId)) ?? given;
  bequeath(files, record);
  files.remove(undoFiles(place, undoName(place, sessionId)).record);
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
  const { place, sessionId, keptSection } = record;
  const shared = readShared(files, place.file);
  const { text } = shared;
  const namesakes = config.listSections(text).filter(({ name }) => name === place.section);
  const telltale = isTopmost ? place.telltale : null;
  const ours = namesakes.find((section) => isWrittenBy(config.textOf(text, section), sessionId, telltale));
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
  else if (restored !== text) replaceText(files, place, sessionId, { ...shared, text: restored });
  return shared;
}

function replaceText(files: Files, place: Place, sessionId: string, shared: SharedText): void {
  const { root, scratch } = undoFiles(place, undoName(place, sessionId));
  // Gone when a user has removed the store; the text then goes by way of a file beside its place.
  const way = files.kind(root) === 'directory' ? scratch : `${place.file}~${sessionId}`;
  replaceShared(files, place.file, shared, way);
}

function withoutOurs(
  files: Files,
  { place, glue }: UndoRecord,
  text: string,
  ours: config.Section,
  previous: string | undefined,
): string {
  const before = config.listSections(text).find(({ end }) => end === ours.start);
  const mayHaveMoved = before !== undefined && previous === undefined && glue !== '';
  const isMoved = mayHaveMoved && takeFromKept(files, place, config.textOf(text, before), glue);
  const left = isMoved ? '' : glue;
  const restored =
    previous === undefined
      ? { text: config.removeSection(text, ours, left), glue: left }
      : config.replaceSection(text, ours, previous);
  if (previous !== undefined) leaveLineEnd(files, place, previous, glue);
  const behind = ours.start + (previous === undefined ? 0 : previous.length + restored.glue.length);
  const next = config.listSections(restored.text).find(({ start }) => start === behind);
  if (next) leaveLineEnd(files, place, config.textOf(restored.text, next), restored.glue);
  return restored.text;
}

/** The session whose section now follows an added line end has to take that away when it goes. */
function leaveLineEnd(files: Files, place: Place, section: string, glue: string): void {
  const heir = sessionOf(files, place, section);
  if (heir !== undefined && glue !== '') writeRecord(files, { ...heir, glue });
}

/** The line end we added is part of a section that a session has replaced since, or of one that it replaced in turn. */
function takeFromKept(files: Files, place: Place, replacement: string, glue: string): boolean {
  const session = sessionOf(files, place, replacement);
  if (session === undefined || session.keptSection === null) return false;
  const { section, scratch } = undoFiles(session.place, session.keptSection);
  const kept = files.kind(section) === 'file' ? config.toText(files.read(section)) : '';
  if (sessionOf(files, place, kept) !== undefined) return takeFromKept(files, place, kept, glue);
  if (!kept.endsWith(glue)) return false;
  files.replace(section, config.toBytes(kept.slice(0, -glue.length)), scratch);
  return true;
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
  const ofSameFile = {
    keptSection,
    glue: glue || successor.glue,
    fileCreated: fileCreated || successor.fileCreated,
  };
  const isSameFile = successor.place.file === place.file;
  writeRecord(files, { ...successor, replaces, keptDirectory, ...(isSameFile && ofSameFile) });
}

/** What cannot be removed yet because other sessions use it becomes theirs to remove. */
function bequeath(files: Files, { place, sessionId, fileCreated, directoriesCreated }: UndoRecord): void {
  const others = sessionsAt(files, place, 'any').filter((other) => other.sessionId !== sessionId);
  const heir = others.find((other) => other.place.file === place.file) ?? others[0];
  if (heir === undefined || (!fileCreated && directoriesCreated.length === 0)) return;
  writeRecord(files, {
    ...heir,
    fileCreated: heir.fileCreated || (fileCreated && heir.place.file === place.file),
    directoriesCreated: mergeDirectories(heir.directoriesCreated, directoriesCreated),
  });
}

/** Removes what no session of the place will need any more, such as what the one that has just gone had kept. */
function sweep(files: Files, place: Place): void {
  const sessions = sessionsAt(files, place);
  const needed = (kept: 'keptSection' | 'keptDirectory', name: string) =>
    sessions.some((one) => one[kept] === name);
  const begun = new Set(sessions.map(({ sessionId }) => undoName(place, sessionId)));
  for (const name of undoNames(files, place)) {
    const { root, section, directory } = undoFiles(place, name);
    const keeps = { section: needed('keptSection', name), directory: needed('keptDirectory', name) };
    if (!begun.has(name) && !keeps.section && !keeps.directory) files.removeTree(root);
    else if (!keeps.section) files.remove(section);
    if (!keeps.directory) files.removeTree(directory);
  }
}
