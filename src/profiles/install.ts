// Installs one section of a shared file and its session. Saved state and ledger record each change before it happens.
import path from 'node:path';
import { ActionError } from '../errors/action-error.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { SessionToken } from '../oci/session-token.ts';
import type { Disk, Files, PathToCheck, RunnerProcesses } from '../ports.ts';
import * as ini from './ini-text.ts';
import {
  entryOfSection,
  findEntry,
  type Ledger,
  type LedgerEntry,
  ledgerFile,
  mergeDirectories,
  missingDirectories,
  readLedger,
  topEntry,
  withChanges,
  withMode,
  writeLedger,
} from './ledger.ts';
import { removeOutdatedEntries } from './outdated.ts';
import type { InstalledSection } from './remove.ts';
import {
  assertReadable,
  type Digests,
  findReplaceable,
  INI,
  type Owner,
  type SectionTarget,
  settingsDigestOf,
} from './section-target.ts';
import { keyDigestOf, macOf, writeSessionFiles } from './session-files.ts';
import {
  CHECK_AGAIN_MS,
  lockOf,
  readShared,
  readText,
  replaceShared,
  type SharedText,
} from './shared-file.ts';
import type { TextFormat } from './text-format.ts';

/** After so many checks, a program that rewrites the file without a pause wins. */
const MAX_CHECKS = 5;

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
  /** Default: an INI file. */
  format?: TextFormat;
  /** Whether a section that this action did not write may be replaced. */
  overwrite: boolean;
  /** Milliseconds since the epoch; null when the section names a file that is renewed. */
  expiresAt: number | null;
  /** Its settings. None holds a line break. */
  lines: readonly string[];
  /** Whether they contain credentials: nobody but the owner may then open the file. */
  isSecret: boolean;
  /** For the directory of the target; undefined if it has none. */
  session?: { keyPair: KeyPair; sessionToken: SessionToken };
}

/**
 * Writes a section, and key and token of its session.
 * @throws ActionError PROFILE_EXISTS, PROFILE_AMBIGUOUS, PROFILE_IN_USE, CONFIG_UNREADABLE, PATH_UNSAFE, FILES_NOT_WRITABLE, CONFIG_LOCKED
 */
export async function installSection(deps: InstallDeps, install: SectionInstall): Promise<void> {
  const { files, lock, clock } = deps.disk;
  const { target, session, format = INI } = install;
  const { file } = target;
  const block = format.render(target.section, deps.owner, install.lines, '');
  const digests: Digests = {
    keyDigest: session === undefined ? null : keyDigestOf(session.keyPair.publicKeyBase64),
    settingsDigest: settingsDigestOf(deps.owner.loginId, block, format),
  };
  const settingsDigest = format.uniqueSettingOf(block) ? digests.settingsDigest : null;
  const save = (createdDirectories: readonly string[]) =>
    deps.save({ ...target, ...digests, settingsDigest, createdDirectories });
  const created: string[] = []; // for the lock, before there is a ledger
  const prepare = () => {
    assertSafe(files, target);
    const missing = missingDirectories(files, path.dirname(file));
    created.push(...missing);
    save(missing); // the directories, or the lock file in them, are the first change
    for (const directory of missing) files.ensureDirectory(directory);
  };
  let isBusy = await lock.hold(lockOf(file), prepare, () => {
    assertSafe(files, target);
    const ledger = removeOutdatedEntries(deps, readLedger(files, file), target, format);
    const shared = readShared(files, file);
    assertReadable(target, shared.text, format);
    const entry = planEntry(deps, ledger, install, digests, shared.text);
    const next = withEntry(files, ledger, entry, created);
    save(next.createdDirectories);
    writeLedger(files, file, next);
    if (session !== undefined) writeSessionFiles(files, entry, session);
    writeSection(deps, next, entry, install, shared);
    return shared.isBusy;
  });
  for (let checks = 0; isBusy && checks < MAX_CHECKS; checks += 1) {
    await clock.sleep(CHECK_AGAIN_MS);
    isBusy = await lock.hold(lockOf(file), prepare, () => writeSectionAgain(deps, install));
  }
}

/** @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS */
function planEntry(
  { disk: { files }, owner, runnerProcesses }: InstallDeps,
  ledger: Ledger,
  install: SectionInstall,
  digests: Digests,
  text: string,
): LedgerEntry {
  const { target, expiresAt, session, format = INI } = install;
  const { loginId, jobId, macKey } = owner;
  const present = findReplaceable(text, install, isIn(ledger, target, format), format);
  const writer = present && format.writerOf(present.text);
  // The section and session of a login without a ledger entry are not restored.
  const isOrphan = writer !== undefined && !ledger.entries.some((entry) => entry.loginId === writer);
  const hasDirectory = target.directory !== null && files.kind(target.directory) === 'directory';
  return {
    ...target,
    loginId,
    jobId,
    macs: session && macKey ? [macOf(macKey, session.keyPair, session.sessionToken)] : [],
    ...digests,
    expiresAt: expiresAt ?? runnerProcesses.latestEnd ?? null,
    runnerProcess: runnerProcesses.parent(),
    previousSection: present && !isOrphan ? originalText(ledger, target, text, present) : null,
    previousDirectory: hasDirectory && !isOrphan ? `${target.directory}~${loginId}` : null,
    addedNewline: present
      ? (entryOfSection(ledger, target, present, format)?.addedNewline ?? '')
      : format.append(text, '').addedNewline,
    absentObjects: [
      ...new Set([
        ...ledger.entries.flatMap((entry) => (entry.file === target.file ? entry.absentObjects : [])),
        ...format.absentObjects(text, target.section),
      ]),
    ],
  };
}

function isIn(ledger: Ledger, target: SectionTarget, format: TextFormat) {
  return (section: ini.Section) => entryOfSection(ledger, target, section, format) !== undefined;
}

/** The text of a section without a line end that a login added after it. */
function originalText(ledger: Ledger, target: SectionTarget, text: string, section: ini.Section): string {
  const next = ini.listSections(text).find(({ start }) => start === section.end);
  const isAdded = next !== undefined && entryOfSection(ledger, target, next)?.addedNewline;
  return isAdded ? ini.withoutNewlineBefore(section.text, next.text) : section.text;
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

/** @throws Contention when the file has changed since it was read */
function writeSection(
  { disk: { files }, owner }: InstallDeps,
  ledger: Ledger,
  entry: LedgerEntry,
  install: SectionInstall,
  shared: SharedText,
): void {
  const { format = INI } = install;
  const { file, section } = entry;
  const block = format.render(section, owner, install.lines, shared.text);
  const present = findReplaceable(shared.text, install, isIn(ledger, entry, format), format);
  const appended = format.append(shared.text, block);
  const text = present ? format.replace(shared.text, present, block).text : appended.text;
  const limited = install.isSecret ? withMode(ledger, file, shared.openMode) : ledger;
  const isAsPlanned = present !== undefined || appended.addedNewline === entry.addedNewline;
  const { addedNewline } = appended;
  const next = isAsPlanned ? limited : withChanges(limited, entry, { addedNewline });
  if (next !== ledger) writeLedger(files, file, next);
  replaceShared(files, file, shared, text, file in next.modes);
}

/**
 * A program that read the file before our change may have written it back without our section.
 * @returns whether that had happened
 */
function writeSectionAgain(deps: InstallDeps, install: SectionInstall): boolean {
  const { files } = deps.disk;
  const { target, format = INI } = install;
  const ledger = readLedger(files, target.file);
  const entry = findEntry(ledger, deps.owner.loginId, target);
  if (entry === undefined || topEntry(ledger, target) !== entry) return false;
  const shared = readShared(files, target.file);
  assertReadable(target, shared.text, format);
  const namesakes = format.find(shared.text, target.section);
  if (namesakes.some((section) => entryOfSection(ledger, target, section, format) === entry)) return false;
  writeSection(deps, ledger, entry, install, shared);
  return true;
}

/** @throws ActionError PATH_UNSAFE */
export function hasSection(files: Files, { file, section }: SectionTarget): boolean {
  return ini.sectionsNamed(readText(files, file), section).length > 0;
}

/** @throws ActionError PATH_UNSAFE for a directory or file that is a link, is in the checkout, or that other users could replace */
export function assertSafe(files: Files, { file, directory }: SectionTarget): void {
  const sessions = directory === null ? [] : [path.dirname(directory), directory];
  assertSafePaths(files, [
    ...[path.dirname(file), ...sessions].map((one) => ({ path: one, use: 'directory' as const })),
    { path: ledgerFile(file), use: 'file' },
    { path: file, use: 'shared file' },
  ]);
}

/** @throws ActionError PATH_UNSAFE */
export function assertSafePaths(files: Files, paths: readonly PathToCheck[]): void {
  const reason = files.unsafeReason(paths);
  if (reason !== undefined) throw new ActionError('PATH_UNSAFE', `${reason}.`);
}
