// Installs one section of a shared file and its session. Every change is in the saved state and in the ledger first.
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { SessionToken } from '../oci/session-token.ts';
import type { Disk, Files, RunnerProcesses } from '../ports.ts';
import { missingDirectories } from './created-directories.ts';
import * as ini from './ini-text.ts';
import {
  entryAbove,
  entryOfSection,
  findEntry,
  type Ledger,
  type LedgerEntry,
  ledgerFile,
  mergeDirectories,
  readLedger,
  scratchFile,
  withChanges,
  writeLedger,
} from './ledger.ts';
import { sessionFilesIn } from './oci-profile.ts';
import { removeOutdatedEntries } from './outdated.ts';
import type { InstalledSection } from './remove.ts';
import { lockOf, type Owner, ownerOf, type SectionTarget } from './section-target.ts';
import { keyDigestOf } from './session-files.ts';
import { LOOK_AGAIN_MS, readShared, readText, replaceShared, type SharedText } from './shared-file.ts';

/** A program that rewrites the file without a pause gets the last word. */
const MAX_LOOKS = 5;

export interface InstallDeps {
  disk: Disk;
  owner: Owner;
  runnerProcesses: RunnerProcesses;
  warn(text: string): void;
  /** Saves what post must remove. Called before each group of changes; a later call for the same section adds to it. */
  save(installed: InstalledSection): void;
}

export interface SectionInstall {
  target: SectionTarget;
  /** Whether a section that no login wrote may be replaced. */
  overwrite: boolean;
  /** Milliseconds since the epoch; null when the section names a file that is renewed. */
  expiresAt: number | null;
  /** The section as text, for a file with these line ends. */
  render: (lineEnd: string) => string;
  /** For the directory of the target; undefined if it has none. */
  session?: { keyPair: KeyPair; sessionToken: SessionToken };
  /** Warnings about the text of the file. */
  adviseOn?: (text: string) => readonly string[];
}

/**
 * Writes a section, and key and token of its session.
 * @throws ActionError PROFILE_EXISTS, PROFILE_AMBIGUOUS, PROFILE_IN_USE, CONFIG_UNREADABLE, PATH_UNSAFE, FILES_NOT_WRITABLE, CONFIG_LOCKED
 */
export async function installSection(deps: InstallDeps, install: SectionInstall): Promise<void> {
  const { disk, save } = deps;
  const { files, lock, clock } = disk;
  const { target, session } = install;
  const keyDigest = session === undefined ? null : keyDigestOf(session.keyPair.publicKeyBase64);
  const installed: InstalledSection = { ...target, keyDigest, createdDirectories: [] };
  const created: string[] = []; // for the lock, before there is a ledger
  const prepare = () => {
    assertSafe(files, target);
    const missing = missingDirectories(files, path.dirname(target.file));
    created.push(...missing);
    if (missing.length > 0) save({ ...installed, createdDirectories: missing });
    for (const directory of missing) files.ensureDirectory(directory);
  };
  assertSafe(files, target);
  save(installed); // the lock file is the first change
  let isBusy = await lock.hold(lockOf(target.file), prepare, () => {
    assertSafe(files, target);
    const found = readLedger(files, target.file);
    save({ ...installed, createdDirectories: found.createdDirectories });
    const ledger = removeOutdatedEntries(deps, found, target);
    const shared = readShared(files, target.file);
    const entry = planEntry(deps, ledger, install, keyDigest, assertReadable(target, shared.text));
    for (const advice of install.adviseOn?.(shared.text) ?? []) deps.warn(`${target.file} ${advice}.`);
    const next = withEntry(files, ledger, entry, created);
    save({ ...installed, createdDirectories: next.createdDirectories });
    writeLedger(files, target.file, next);
    if (session !== undefined) writeSession(files, entry, session);
    writeSection(files, next, entry, install, shared);
    return shared.isBusy;
  });
  for (let looks = 0; isBusy && looks < MAX_LOOKS; looks += 1) {
    await clock.sleep(LOOK_AGAIN_MS);
    isBusy = await lock.hold(lockOf(target.file), prepare, () => writeSectionAgain(deps, install));
  }
}

/** @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS */
function planEntry(
  { disk: { files }, owner, runnerProcesses }: InstallDeps,
  ledger: Ledger,
  install: SectionInstall,
  keyDigest: string | null,
  text: string,
): LedgerEntry {
  const { target, expiresAt } = install;
  const { loginId, jobId, request = null } = owner;
  const present = replaceable(text, install);
  const writer = present && ownerOf(ini.textOf(text, present));
  // The section and session of a login that no ledger knows are not worth restoring.
  const isOrphan = writer !== undefined && !ledger.entries.some((entry) => entry.loginId === writer.loginId);
  const hasDirectory = target.directory !== null && files.kind(target.directory) === 'directory';
  return {
    ...target,
    loginId,
    jobId,
    request,
    keyDigest,
    expiresAt,
    runnerProcess: runnerProcesses.parent(),
    previousSection: present && !isOrphan ? originalText(ledger, target.file, text, present) : null,
    previousDirectory: hasDirectory && !isOrphan ? `${target.directory}~${loginId}` : null,
    addedNewline:
      present === undefined
        ? ini.appendSection(text, '').addedNewline
        : (entryOfSection(ledger, target.file, text, present)?.addedNewline ?? ''),
  };
}

/** The text of a section without a line end that a login added after it. */
function originalText(ledger: Ledger, file: string, text: string, section: ini.Section): string {
  const sectionText = ini.textOf(text, section);
  const next = ini.listSections(text).find(({ start }) => start === section.end);
  const isAdded = next !== undefined && entryOfSection(ledger, file, text, next)?.addedNewline;
  return isAdded ? ini.withoutNewlineBefore(sectionText, ini.textOf(text, next)) : sectionText;
}

function withEntry(files: Files, ledger: Ledger, entry: LedgerEntry, created: readonly string[]): Ledger {
  const { file, directory } = entry;
  const missing = directory === null ? [] : missingDirectories(files, path.dirname(directory));
  const createdFiles = files.kind(file) === 'absent' ? [file] : [];
  return {
    ...ledger,
    createdFiles: [...new Set([...ledger.createdFiles, ...createdFiles])],
    createdDirectories: mergeDirectories(ledger.createdDirectories, created, missing),
    entries: [...ledger.entries, entry],
  };
}

function writeSession(
  files: Files,
  { directory, previousDirectory }: LedgerEntry,
  { keyPair, sessionToken }: NonNullable<SectionInstall['session']>,
): void {
  if (directory === null) return;
  const sessions = path.dirname(directory);
  if (files.kind(sessions) === 'absent') files.makeDirectory(sessions);
  if (previousDirectory !== null) files.rename(directory, previousDirectory);
  else files.removeTree(directory);
  files.makeDirectory(directory);
  const { keyFile, tokenFile } = sessionFilesIn(directory);
  files.create(keyFile, keyPair.privateKeyPem.reveal());
  // Without a line end: clients in Go, TypeScript and .NET use the bytes as they are.
  files.create(tokenFile, sessionToken.token.reveal());
}

/** @throws Contention when the file has changed since it was read */
function writeSection(
  files: Files,
  ledger: Ledger,
  entry: LedgerEntry,
  install: SectionInstall,
  shared: SharedText,
): void {
  const { file } = entry;
  const block = install.render(ini.lineEndOf(shared.text));
  const present = replaceable(shared.text, install);
  const appended = ini.appendSection(shared.text, block);
  const text = present ? ini.replaceSection(shared.text, present, block).text : appended.text;
  if (present === undefined && appended.addedNewline !== entry.addedNewline)
    writeLedger(files, file, withChanges(ledger, entry, { addedNewline: appended.addedNewline }));
  replaceShared(files, file, { ...shared, text }, scratchFile(file));
}

/**
 * A program that read the file before our change may have written it back without our section.
 * @returns whether that had happened
 */
function writeSectionAgain({ disk: { files }, owner }: InstallDeps, install: SectionInstall): boolean {
  const { target } = install;
  const ledger = readLedger(files, target.file);
  const entry = findEntry(ledger, owner.loginId, target);
  if (entry === undefined || entryAbove(ledger, entry) !== undefined) return false;
  const shared = readShared(files, target.file);
  const isThere = ini
    .listSections(shared.text)
    .filter(({ name }) => name === target.section)
    .some((section) => entryOfSection(ledger, target.file, shared.text, section) === entry);
  if (isThere) return false;
  writeSection(files, ledger, entry, install, shared);
  return true;
}

/** @throws ActionError PATH_UNSAFE */
export function hasSection(files: Files, { file, section }: SectionTarget): boolean {
  return ini.listSections(readText(files, file)).some(({ name }) => name === section);
}

/** @throws ActionError PATH_UNSAFE for a directory or ledger that others can write, or that is a link */
export function assertSafe(files: Files, { file, directory }: SectionTarget): void {
  const sessions = directory === null ? [] : [path.dirname(directory), directory];
  for (const wanted of [path.dirname(file), ...sessions]) {
    const fault = files.unsafeReason(wanted);
    if (fault !== undefined) throw new ActionError('PATH_UNSAFE', `${wanted} ${fault}.`);
  }
  const ledger = ledgerFile(file);
  const fault = files.unsafeReason(ledger, 'file');
  if (fault !== undefined) throw new ActionError('PATH_UNSAFE', `${ledger} ${fault}.`);
}

/** @throws ActionError CONFIG_UNREADABLE */
export function assertReadable({ file }: Pick<SectionTarget, 'file'>, text: string): string {
  if (ini.isReadable(text)) return text;
  throw new ActionError('CONFIG_UNREADABLE', `${file} is not plain text (UTF-16 or binary).`);
}

/**
 * The section of this name if there is one. It may be replaced.
 * @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS
 */
export function replaceable(
  text: string,
  { target, overwrite }: Pick<SectionInstall, 'target' | 'overwrite'>,
): ini.Section | undefined {
  const { file, section } = target;
  const [present, ...more] = ini.listSections(text).filter(({ name }) => name === section);
  if (more.length > 0)
    throw new ActionError('PROFILE_AMBIGUOUS', `${file} has [${section}] ${more.length + 1} times.`);
  if (present !== undefined && !overwrite && ownerOf(ini.textOf(text, present)) === undefined) {
    throw new ActionError(
      'PROFILE_EXISTS',
      `${file} has a section [${section}] that this action did not write.`,
    );
  }
  return present;
}
