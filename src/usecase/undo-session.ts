// Puts back what one session changed on disk, exactly and only that. Run by post, by a main that failed half way, and
// by the next login on the same machine for a job that died. Safe to run twice and from wherever a kill has left things.
import path from 'node:path';
import type { Files, Lock } from '../port.ts';
import * as config from '../profile/config-text.ts';
import { isWrittenBy, ownerOf, type SessionPaths, sessionPaths } from '../profile/session-profile.ts';
import { parseUndoRecord, type UndoRecord } from '../profile/undo-record.ts';

/** The name under which main leaves its undo record to post. */
export const STATE = 'session';

export interface Disk {
  files: Files;
  lock: Lock;
}

/**
 * Undoes a session under the lock of its config file.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED; what was done until then stays done
 */
export async function undoSession({ files, lock }: Disk, record: UndoRecord): Promise<void> {
  const directory = path.dirname(record.configFile);
  if (files.kind(directory) === 'absent') return;
  const whole = await lock.hold(
    record.configFile,
    () => {},
    () => undoUnderLock(files, record),
  );
  // Not under the lock, whose own file lies in there. Directories that others use by now are not empty and stay.
  for (const created of whole.directoriesCreated.toReversed()) files.removeIfEmpty(created);
}

/** @returns the record with what other sessions have left to this one */
export function undoUnderLock(files: Files, record: UndoRecord): UndoRecord {
  const paths = sessionPaths(record.configFile, record.profile, record.sessionId);
  if (files.kind(paths.undo) !== 'directory') return record; // nothing was begun, or all is done
  const whole = withLegacy(record, readRecord(files, paths.undo));
  const successor = restoreConfig(files, whole, paths);
  if (successor === undefined) restoreSessionDirectory(files, whole, paths);
  else leaveChain(files, paths, path.join(paths.sessions, `${record.profile}~${successor}`));
  bequeath(files, whole, paths);
  files.removeTree(paths.undo);
  return whole;
}

export function recordFile(undoDirectory: string): string {
  return path.join(undoDirectory, 'record.json');
}

/** Where the section that was replaced, and the session directory that was moved aside, wait for their return. */
export function keptSection(undoDirectory: string): string {
  return path.join(undoDirectory, 'section');
}

export function keptSession(undoDirectory: string): string {
  return path.join(undoDirectory, 'session');
}

export function readRecord(files: Files, undoDirectory: string): UndoRecord | undefined {
  const file = recordFile(undoDirectory);
  return files.kind(file) === 'file'
    ? parseUndoRecord(Buffer.from(files.read(file)).toString('utf8'))
    : undefined;
}

function withLegacy(own: UndoRecord, onDisk: UndoRecord | undefined): UndoRecord {
  if (onDisk === undefined) return own;
  return {
    ...own,
    glue: own.glue || onDisk.glue,
    configCreated: own.configCreated || onDisk.configCreated,
    directoriesCreated: [...new Set([...onDisk.directoriesCreated, ...own.directoriesCreated])],
  };
}

/** @returns the id of a later session that has taken the profile over, if there is one */
function restoreConfig(files: Files, record: UndoRecord, paths: SessionPaths): string | undefined {
  const { configFile, profile, sessionId } = record;
  const text = files.kind(configFile) === 'file' ? config.toText(files.read(configFile)) : '';
  const namesakes = config.listSections(text).filter(({ name }) => name === profile);
  const ours = namesakes.find((section) =>
    isWrittenBy(config.textOf(text, section), sessionId, paths.tokenFile),
  );
  const kept = keptSection(paths.undo);
  const previous = files.kind(kept) === 'file' ? config.toText(files.read(kept)) : undefined;
  let restored = text;
  if (ours !== undefined && previous !== undefined) restored = config.replaceSection(text, ours, previous);
  else if (ours !== undefined) restored = withoutOurs(files, text, ours, record, paths);
  else if (previous !== undefined && namesakes.length === 0)
    restored = config.appendSection(text, previous).text;
  if (record.configCreated && restored === '') files.remove(configFile);
  else if (restored !== text)
    files.replace(configFile, config.toBytes(restored), path.join(paths.undo, 'config'));
  const others = namesakes.map((section) => ownerOf(config.textOf(text, section))?.sessionId);
  return others.find((id) => id !== undefined && id !== sessionId);
}

function withoutOurs(
  files: Files,
  text: string,
  ours: config.Section,
  record: UndoRecord,
  paths: SessionPaths,
): string {
  const restored = config.removeSection(text, ours, record.glue);
  // The session whose section now follows the glued line end has to take it away when it goes.
  const next = config.listSections(restored).find(({ start }) => start === ours.start);
  const owner = next && ownerOf(config.textOf(restored, next));
  if (next && owner && record.glue !== '') {
    amendRecord(files, path.join(paths.sessions, `${next.name}~${owner.sessionId}`), paths, {
      glue: record.glue,
    });
  }
  return restored;
}

function restoreSessionDirectory(files: Files, record: UndoRecord, paths: SessionPaths): void {
  const aside = keptSession(paths.undo);
  if (record.sessionMoved) {
    // Not aside means: never moved, or put back by an earlier run. What lies there now is then not ours to remove.
    if (files.kind(aside) !== 'directory') return;
    files.removeTree(paths.session);
    files.rename(aside, paths.session);
  } else {
    files.removeTree(paths.session);
  }
}

/** A later session keeps ours aside; it shall find our predecessor there instead, and our key is gone. */
function leaveChain(files: Files, paths: SessionPaths, successorUndo: string): void {
  if (files.kind(successorUndo) !== 'directory') return;
  for (const kept of [keptSection, keptSession]) {
    files.removeTree(kept(successorUndo));
    if (files.kind(kept(paths.undo)) !== 'absent') files.rename(kept(paths.undo), kept(successorUndo));
  }
}

/** What cannot be removed yet because other sessions use it becomes theirs to remove. */
function bequeath(files: Files, record: UndoRecord, paths: SessionPaths): void {
  const configStays = record.configCreated && files.kind(record.configFile) === 'file';
  if (!configStays && record.directoriesCreated.length === 0) return;
  const isOther = (name: string) => name.includes('~') && path.join(paths.sessions, name) !== paths.undo;
  const heir = files.list(paths.sessions).find(isOther);
  if (heir === undefined) return;
  const { directoriesCreated } = record;
  amendRecord(files, path.join(paths.sessions, heir), paths, {
    directoriesCreated,
    configCreated: configStays,
  });
}

function amendRecord(files: Files, undo: string, own: SessionPaths, legacy: Partial<UndoRecord>): void {
  const theirs = readRecord(files, undo);
  if (theirs === undefined) return;
  const amended = withLegacy(theirs, { ...theirs, ...legacy });
  files.replace(recordFile(undo), Buffer.from(JSON.stringify(amended)), path.join(own.undo, 'record'));
}
