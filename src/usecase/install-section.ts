// Lays a session's section down at one place. Every effect is in the saved record before it happens.
import path from 'node:path';
import { ActionError } from '../errors.ts';
import type { Files } from '../port.ts';
import * as config from '../profile/config-text.ts';
import {
  lockOf,
  mergeDirectories,
  type Owner,
  ownerOf,
  type Place,
  type UndoRecord,
  undoFiles,
  undoName,
} from '../profile/place.ts';
import type { Secret } from '../secret.ts';
import { type Disk, readText, undoUnderLock } from './undo-section.ts';
import { sessionsAt, writeRecord } from './undo-store.ts';

export interface SectionInstall {
  owner: Owner;
  place: Place;
  /** Whether a section that no session wrote may be replaced. */
  overwrite: boolean;
  /** The section as text, for a file with these line ends. */
  render: (lineEnd: string) => string;
  /** Files of the place's directory by their paths, in the order in which they are to appear. */
  contents: readonly (readonly [file: string, content: Secret])[];
  /** Sees the text of the file before it changes. */
  inspect: (text: string) => void;
  /** Called before each group of effects with all that must be undone after it. */
  save: (record: UndoRecord) => void;
}

/**
 * Writes a section, and the files of its directory.
 * @throws ActionError PROFILE_EXISTS, PROFILE_AMBIGUOUS, CONFIG_UNREADABLE, PATH_UNSAFE, FILES_NOT_WRITABLE, CONFIG_LOCKED
 */
export async function installSection({ files, lock }: Disk, install: SectionInstall): Promise<void> {
  const { place, save } = install;
  const record = blankRecord(install);
  const adopt = (directories: readonly string[]) => {
    if (directories.length === 0) return;
    record.directoriesCreated = mergeDirectories(record.directoriesCreated, directories);
    save(record);
  };
  const prepare = () => {
    const missing = missingDirectories(files, path.dirname(place.file));
    adopt(missing);
    for (const directory of missing) files.ensureDirectory(directory);
  };
  await lock.hold(lockOf(place), prepare, () => {
    assertSafe(files, place);
    retireDeadSessions(files, install, adopt);
    const text = assertReadable(place, readText(files, place.file));
    const present = replaceable(text, install);
    install.inspect(text);
    const updated = withSection(text, present, install.render(config.lineEndOf(text)));
    observe(files, record, updated.glue, present && config.textOf(text, present));
    adopt(missingDirectories(files, place.store));
    save(record);
    keep(files, record, present && config.textOf(text, present));
    fillDirectory(files, install);
    const { scratch } = undoFiles(place, undoName(place, install.owner.sessionId));
    files.replace(place.file, config.toBytes(updated.text), scratch);
  });
}

/** @throws ActionError PATH_UNSAFE */
export function hasSection(files: Files, { file, section }: Place): boolean {
  return config.listSections(readText(files, file)).some(({ name }) => name === section);
}

function blankRecord({ owner, place }: SectionInstall): UndoRecord {
  const { sessionId, jobId } = owner;
  const nothing = { replaces: null, keptSection: null, keptDirectory: null, hasLeft: false, glue: '' };
  return { version: 1, sessionId, jobId, place, ...nothing, fileCreated: false, directoriesCreated: [] };
}

/** Outermost first. */
function missingDirectories(files: Files, directory: string): string[] {
  if (files.kind(directory) !== 'absent') return [];
  return [...missingDirectories(files, path.dirname(directory)), directory];
}

function assertSafe(files: Files, { store, directory }: Place): void {
  for (const wanted of [store, directory]) {
    const kind = wanted === null ? 'absent' : files.kind(wanted);
    if (kind !== 'absent' && kind !== 'directory') {
      throw new ActionError('PATH_UNSAFE', `${wanted} should be a directory but is a ${kind}.`);
    }
  }
}

/** A session of this place from another job is one whose post never ran: jobs that share a home share no profile. */
function retireDeadSessions(
  files: Files,
  install: SectionInstall,
  adopt: (directories: readonly string[]) => void,
): void {
  const { place, owner } = install;
  for (const { jobId, sessionId } of sessionsAt(files, place)) {
    // Read again: undoing one may have left something to the next.
    const dead = sessionsAt(files, place).find((one) => one.sessionId === sessionId);
    if (dead === undefined || jobId === owner.jobId) continue;
    adopt(dead.directoriesCreated);
    undoUnderLock(files, dead);
  }
}

function assertReadable({ file }: Place, text: string): string {
  if (config.isReadable(text)) return text;
  throw new ActionError('CONFIG_UNREADABLE', `${file} is not plain text (UTF-16 or binary).`);
}

/** The section of our name that may be replaced, if there is one. */
function replaceable(text: string, { place, overwrite }: SectionInstall): config.Section | undefined {
  const { file, section } = place;
  const [present, ...more] = config.listSections(text).filter(({ name }) => name === section);
  if (more.length > 0)
    throw new ActionError('PROFILE_AMBIGUOUS', `${file} has [${section}] ${more.length + 1} times.`);
  if (present !== undefined && !overwrite && ownerOf(config.textOf(text, present)) === undefined) {
    throw new ActionError(
      'PROFILE_EXISTS',
      `${file} has a section [${section}] that this action did not write.`,
    );
  }
  return present;
}

function withSection(
  text: string,
  present: config.Section | undefined,
  block: string,
): { text: string; glue: string } {
  if (present === undefined) return config.appendSection(text, block);
  return { text: config.replaceSection(text, present, block).text, glue: '' };
}

/** What will be needed to undo it. What a dead session left, and nothing vouches for, is not worth keeping. */
function observe(files: Files, record: UndoRecord, glue: string, section: string | undefined): void {
  const { place, sessionId } = record;
  const sessions = sessionsAt(files, place);
  const writer = section === undefined ? undefined : ownerOf(section);
  const isDead = writer !== undefined && !sessions.some((one) => one.sessionId === writer.sessionId);
  const own = undoName(place, sessionId);
  const topmost = sessions.find((one) => !sessions.some(({ replaces }) => replaces === one.sessionId));
  const hasDirectory = place.directory !== null && files.kind(place.directory) === 'directory';
  record.replaces = topmost?.sessionId ?? null;
  record.keptSection = section !== undefined && !isDead ? own : null;
  record.keptDirectory = hasDirectory && !isDead ? own : null;
  record.glue = glue;
  record.fileCreated = files.kind(place.file) === 'absent';
}

/** The record comes last: while it is not there, nothing has begun, and what lies beside it is only a copy. */
function keep(files: Files, record: UndoRecord, section: string | undefined): void {
  const { place, sessionId, keptSection } = record;
  const undo = undoFiles(place, undoName(place, sessionId));
  if (files.kind(place.store) === 'absent') files.makeDirectory(place.store);
  files.makeDirectory(undo.root);
  if (keptSection !== null && section !== undefined) files.create(undo.section, config.toBytes(section));
  writeRecord(files, record);
}

function fillDirectory(files: Files, { place, owner, contents }: SectionInstall): void {
  if (place.directory === null) return;
  const aside = undoFiles(place, undoName(place, owner.sessionId)).directory;
  if (files.kind(place.directory) === 'directory') files.rename(place.directory, aside);
  files.makeDirectory(place.directory);
  for (const [file, content] of contents) files.create(file, content.reveal());
}
