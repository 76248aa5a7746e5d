// Removes what one login wrote to a shared file, and restores what it replaced. Called by post, by a main that failed,
// and by the next login for a job that has ended. It may run twice, before or after other logins, and after a crash.
import path from 'node:path';
import { tryEach } from '../errors/try-each.ts';
import type { Disk, Files } from '../ports.ts';
import * as ini from './ini-text.ts';
import {
  entryOfSection,
  findEntry,
  isDirectory,
  type Ledger,
  type LedgerEntry,
  ledgerFile,
  mergeDirectories,
  readLedger,
  removeDirectories,
  topEntry,
  withChanges,
  withoutEntry,
  writeLedger,
} from './ledger.ts';
import { restoreDirectory } from './restore-directory.ts';
import { sectionOf } from './secrets.ts';
import { assertReadable, type Digests, INI, type SectionTarget } from './section-target.ts';
import { keyDigestIn } from './session-files.ts';
import {
  CHECK_AGAIN_MS,
  lockOf,
  readShared,
  replaceShared,
  type SharedText,
  scratchFile,
} from './shared-file.ts';
import type { TextFormat } from './text-format.ts';

/** What post knows of a section that main has written or was about to write. */
export interface InstalledSection extends SectionTarget, Digests {
  /** Directories to remove if they are empty, outermost first. */
  createdDirectories: readonly string[];
}

/** What was found and done: nothing, the section removed, or the previous one restored. */
export type Removal = 'absent' | 'removed' | 'restored';

/** Whether the section or the key of a login is still on disk. */
export function isStillThere(
  files: Files,
  loginId: string,
  installed: InstalledSection,
  format = INI,
): boolean {
  const { file, directory, keyDigest } = installed;
  const text = ini.toText(files.read(file));
  const hasKey = directory !== null && keyDigest !== null && keyDigestIn(files, directory) === keyDigest;
  return hasKey || sectionOf(text, loginId, installed, format) !== undefined;
}

/**
 * Removes the section of a login and its directory, and restores what they replaced.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED; the changes before the error remain
 */
export async function removeSection(
  disk: Disk,
  loginId: string,
  installed: InstalledSection,
  format = INI,
): Promise<Removal> {
  const { files, lock, clock } = disk;
  const { file } = installed;
  const remove = (keepsEntryIfBusy: boolean) => {
    const work = () => removeUnderLock(files, loginId, installed, keepsEntryIfBusy, format);
    return lock.hold(lockOf(file), () => {}, work);
  };
  // Other logins may have added directories to the ledger since.
  const { createdDirectories } = readableLedger(files, file) ?? { createdDirectories: [] };
  let removal: Removal = 'absent';
  if (isDirectory(files, path.dirname(file))) {
    const first = await remove(true);
    removal = first.removal;
    // A program that read the file with our section in it may write it back.
    if (first.isBusy) await clock.sleep(CHECK_AGAIN_MS);
    if (first.isBusy) await remove(false);
  }
  await removeDirectories(disk, file, mergeDirectories(installed.createdDirectories, createdDirectories));
  return removal;
}

function removeUnderLock(
  files: Files,
  loginId: string,
  installed: InstalledSection,
  keepsEntryIfBusy: boolean,
  format: TextFormat,
): { removal: Removal; isBusy: boolean } {
  const { file, keyDigest } = installed;
  const ledger = readableLedger(files, file);
  const found = ledger && findEntry(ledger, loginId, installed);
  if (ledger === undefined || found === undefined) {
    const removal = removeWithoutEntry(files, loginId, installed, format);
    if (ledger?.entries.length === 0) removeLedger(files, file);
    return { removal, isBusy: false };
  }
  // A changed ledger must not make us remove the session of another login.
  const trusted = withChanges(ledger, found, { keyDigest });
  const entry = findEntry(trusted, loginId, installed) ?? found;
  const isRestored = entry.previousSection !== null && topEntry(trusted, entry) === entry;
  const removal = isRestored ? 'restored' : 'removed';
  const { isBusy, left } = restore(files, trusted, entry, format);
  if (isBusy && keepsEntryIfBusy) return { removal, isBusy };
  const next = dropEntry(files, left, entry);
  if (next.entries.length > 0) writeLedger(files, file, next);
  else removeLedger(files, file);
  return { removal, isBusy: false };
}

/** Undefined when the ledger cannot be read: the saved state is enough to remove the section. */
function readableLedger(files: Files, file: string): Ledger | undefined {
  try {
    return readLedger(files, file);
  } catch {
    return undefined;
  }
}

/** Removes one entry and its files, under the lock. The ledger stays, even without entries. */
export function removeEntry(files: Files, ledger: Ledger, entry: LedgerEntry, format: TextFormat): Ledger {
  const next = dropEntry(files, restore(files, ledger, entry, format).left, entry);
  writeLedger(files, entry.file, next);
  return next;
}

/** After the last entry of a file, others may open it again. */
function dropEntry(files: Files, ledger: Ledger, entry: LedgerEntry): Ledger {
  const { file } = entry;
  const next = withoutEntry(ledger, entry);
  const mode = file in next.modes ? undefined : ledger.modes[file];
  if (mode !== undefined && files.kind(file) === 'file') files.setMode(file, mode);
  return next;
}

function restore(
  files: Files,
  ledger: Ledger,
  entry: LedgerEntry,
  format: TextFormat,
): { left: Ledger; isBusy: boolean } {
  let restored: ReturnType<typeof restore> = { left: ledger, isBusy: false };
  tryEach([
    () => restoreDirectory(files, ledger, entry),
    () => {
      restored = restoreSection(files, ledger, entry, format);
    },
  ]);
  return restored;
}

function restoreSection(
  files: Files,
  ledger: Ledger,
  entry: LedgerEntry,
  format: TextFormat,
): { left: Ledger; isBusy: boolean } {
  const { file, section, previousSection, addedNewline, absentObjects } = entry;
  const shared = readShared(files, file);
  const { text, isBusy } = shared;
  assertReadable(entry, text, format);
  const write = (left: Ledger, edited: string) =>
    replaceText(files, left, file, shared, format.removeObjects(edited, absentObjects));
  const namesakes = format.find(text, section);
  const ours = namesakes.find((one) => entryOfSection(ledger, entry, one, format) === entry);
  if (ours === undefined) {
    // Another program has removed our section: restore the section that ours replaced.
    const isMissing = topEntry(ledger, entry) === entry && namesakes.length === 0;
    write(ledger, isMissing && previousSection !== null ? format.append(text, previousSection).text : text);
    return { left: ledger, isBusy };
  }
  const isLast = ours.end === text.length;
  const restored =
    previousSection === null
      ? { text: format.remove(text, ours, addedNewline), addedNewline: isLast ? '' : addedNewline }
      : format.replace(text, ours, previousSection);
  const left = withAddedNewlines(ledger, entry, ours.start, restored as ini.EditedText);
  if (left !== ledger) writeLedger(files, file, left);
  write(left, restored.text);
  return { left, isBusy };
}

/**
 * Records the added line ends in the entries that remain: the one before our section belongs to the restored section,
 * one that was added after it belongs to the section that follows.
 */
function withAddedNewlines(
  ledger: Ledger,
  entry: LedgerEntry,
  offset: number,
  { text, addedNewline }: ini.EditedText,
): Ledger {
  const { previousSection } = entry;
  const sections = ini.listSections(text);
  const entryAt = (start: number) => {
    const section = sections.find((one) => one.start === start);
    return section && entryOfSection(ledger, entry, section);
  };
  const end = offset + (previousSection ?? '').length;
  const next = addedNewline && entryAt(previousSection === null ? end : end + addedNewline.length);
  const below = previousSection === null ? undefined : entryAt(offset);
  const changed = next ? withChanges(ledger, next, { addedNewline }) : ledger;
  return below === undefined || entry.addedNewline === ''
    ? changed
    : withChanges(changed, below, { addedNewline: entry.addedNewline });
}

function replaceText(files: Files, ledger: Ledger, file: string, shared: SharedText, text: string): void {
  if (text === '' && ledger.createdFiles.includes(file)) files.remove(file);
  else if (text !== shared.text) replaceShared(files, file, shared, text, file in ledger.modes);
}

/** For a login that the ledger does not know, because main died early or a later step has changed the ledger. */
function removeWithoutEntry(
  files: Files,
  loginId: string,
  installed: InstalledSection,
  format: TextFormat,
): Removal {
  const { file, directory } = installed;
  const previous = `${directory}~${loginId}`;
  if (directory !== null && files.kind(directory) === 'absent' && files.kind(previous) === 'directory')
    files.rename(previous, directory);
  const shared = readShared(files, file);
  assertReadable(installed, shared.text, format);
  const ours = sectionOf(shared.text, loginId, installed, format);
  if (ours === undefined) return 'absent';
  replaceShared(files, file, shared, format.remove(shared.text, ours, ''), false);
  return 'removed';
}

/** Removes a ledger that has no entries any more. */
function removeLedger(files: Files, file: string): void {
  files.removeTree(scratchFile(file)); // after a crash
  if (files.kind(ledgerFile(file)) === 'file') files.remove(ledgerFile(file));
}
