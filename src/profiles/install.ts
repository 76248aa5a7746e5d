// Lays a session's section down at one place. Every effect is in the saved record before it happens.
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Disk, Files } from '../ports.ts';
import type { Secret } from '../secret.ts';
import * as config from './ini-text.ts';
import { isWrittenBy } from './oci-profile.ts';
import { blankRecord, keep, observe, retireDeadSessions, type Visit } from './prepare-undo.ts';
import {
  lockOf,
  mergeDirectories,
  ownerOf,
  type Place,
  type UndoRecord,
  undoFiles,
  undoName,
} from './section-target.ts';
import { LOOK_AGAIN_MS, readShared, readText, replaceShared, type SharedText } from './shared-file.ts';
import { readRecord, sessionsAt, writeRecord } from './undo-store.ts';

/** A program that writes without end gets the last word; its own users would have the same trouble with it. */
const MAX_LOOKS = 5;

export interface SectionInstall extends Visit {
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
export async function installSection({ files, lock, clock }: Disk, install: SectionInstall): Promise<void> {
  const { place, save } = install;
  const record = blankRecord(install);
  const adopt = (directories: readonly string[]) => {
    if (directories.length === 0) return;
    record.directoriesCreated = mergeDirectories(record.directoriesCreated, directories);
    save(record);
  };
  const prepare = () => {
    assertSafe(files, place); // before anything of ours is put there, the lock included
    const missing = missingDirectories(files, path.dirname(place.file));
    adopt(missing);
    for (const directory of missing) files.ensureDirectory(directory);
  };
  assertSafe(files, place);
  save(record); // the file of the lock is the first effect
  let isDisturbed = await lock.hold(lockOf(place), prepare, () => {
    assertSafe(files, place);
    retireDeadSessions(files, install, adopt);
    const text = assertReadable(place, readShared(files, place.file).text);
    const kept = replaceableText(text, install);
    install.inspect(text);
    observe(files, record, withOurs(text, install).glue, kept);
    adopt(missingDirectories(files, place.store));
    record.hasBegun = true;
    save(record);
    keep(files, record, kept);
    fillDirectory(files, install);
    // Another program may have written the file since; if it was this very section, the copy of it is no longer good.
    const shared = readShared(files, place.file);
    if (replaceableText(shared.text, install) !== kept) throw new Contention(`${place.file} was changed`);
    writeSection(files, install, record, shared);
    return shared.isBusy;
  });
  for (let looks = 0; isDisturbed && looks < MAX_LOOKS; looks += 1) {
    await clock.sleep(LOOK_AGAIN_MS);
    isDisturbed = await lock.hold(lockOf(place), prepare, () => writeAgain(files, install, record));
  }
}

/** @throws Contention when the file is no longer as it was read */
function writeSection(files: Files, install: SectionInstall, record: UndoRecord, shared: SharedText): void {
  const { place, loginId } = record;
  const updated = withOurs(shared.text, install);
  if (updated.glue !== record.glue) {
    record.glue = updated.glue;
    install.save(record);
    writeRecord(files, {
      ...(readRecord(files, place, undoName(place, loginId)) ?? record),
      glue: updated.glue,
    });
  }
  const { scratch } = undoFiles(place, undoName(place, loginId));
  replaceShared(files, place.file, { ...shared, text: updated.text }, scratch);
}

/**
 * A program that had read the file before the section was in it may have written it back since, without the section.
 * @returns whether that had happened
 */
function writeAgain(files: Files, install: SectionInstall, record: UndoRecord): boolean {
  const { place, loginId } = record;
  const shared = readShared(files, place.file);
  const { text } = shared;
  const namesakes = config.listSections(text).filter(({ name }) => name === place.section);
  const isThere = namesakes.some((one) => isWrittenBy(config.textOf(text, one), loginId, place.telltale));
  const isReplaced = sessionsAt(files, place).some(({ replaces }) => replaces === loginId);
  if (isThere || isReplaced) return false;
  writeSection(files, install, record, shared);
  return true;
}

/** @throws ActionError PATH_UNSAFE */
export function hasSection(files: Files, { file, section }: Place): boolean {
  return config.listSections(readText(files, file)).some(({ name }) => name === section);
}

/** Outermost first. */
export function missingDirectories(files: Files, directory: string): string[] {
  if (files.kind(directory) !== 'absent') return [];
  return [...missingDirectories(files, path.dirname(directory)), directory];
}

/** @throws ActionError PATH_UNSAFE */
export function assertSafe(files: Files, { file, store, directory }: Place): void {
  for (const wanted of [path.dirname(file), store, directory ?? store]) {
    const fault = files.unsafeReason(wanted);
    if (fault !== undefined) throw new ActionError('PATH_UNSAFE', `${wanted} ${fault}.`);
  }
}

/** @throws ActionError CONFIG_UNREADABLE */
export function assertReadable({ file }: Pick<Place, 'file'>, text: string): string {
  if (config.isReadable(text)) return text;
  throw new ActionError('CONFIG_UNREADABLE', `${file} is not plain text (UTF-16 or binary).`);
}

/**
 * The section of our name that may be replaced, if there is one.
 * @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS
 */
export function replaceable(
  text: string,
  { place, overwrite }: Pick<SectionInstall, 'place' | 'overwrite'>,
): config.Section | undefined {
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

function replaceableText(text: string, install: SectionInstall): string | undefined {
  const present = replaceable(text, install);
  return present && config.textOf(text, present);
}

function withOurs(text: string, install: SectionInstall): { text: string; glue: string } {
  const block = install.render(config.lineEndOf(text));
  const present = replaceable(text, install);
  if (present === undefined) return config.appendSection(text, block);
  return { text: config.replaceSection(text, present, block).text, glue: '' };
}

function fillDirectory(files: Files, { place, owner, contents }: SectionInstall): void {
  if (place.directory === null) return;
  const aside = undoFiles(place, undoName(place, owner.loginId)).directory;
  if (files.kind(place.directory) === 'directory') files.rename(place.directory, aside);
  files.makeDirectory(place.directory);
  for (const [file, content] of contents) files.create(file, content.reveal());
}
