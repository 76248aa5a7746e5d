// The ledger of a directory: which logins have sections in its files, and what each of them replaced. Every change is in
// the ledger before it happens, so after a crash the post step, or the next login, can finish or revert it.
import path from 'node:path';
import type { Disk, Files, RunnerProcess } from '../ports.ts';
import { parseObject } from '../response.ts';
import type { AddedNewline, Section } from './ini-text.ts';
import {
  type Digests,
  DOCKER_OBJECTS,
  INI,
  isSameDirectory,
  isSameSection,
  isSectionOf,
  type Owner,
  type SectionTarget,
} from './section-target.ts';
import { lockOf, scratchFile } from './shared-file.ts';

export interface LedgerEntry extends SectionTarget, Digests, Omit<Owner, 'macKey'> {
  /** `macOf` the session and of the one before, for a login during a renewal. Empty without a directory. */
  macs: readonly string[];
  /** Milliseconds since the epoch; null when the section names a file that is renewed. */
  expiresAt: number | null;
  /** The runner process of the job; null when it is unknown. */
  runnerProcess: RunnerProcess | null;
  /** Text of the section that was replaced; null if there was none. It may hold a pass phrase. */
  previousSection: string | null;
  /** New path of the session directory that this login replaced; null if there was none. */
  previousDirectory: string | null;
  /** Line end that was added before the section. */
  addedNewline: AddedNewline;
  /** Objects of a JSON text that did not exist before the first login in the ledger: see `TextFormat.absentObjects`. */
  absentObjects: readonly string[];
}

export interface Ledger {
  version: 1;
  createdFiles: readonly string[];
  /** Modes to restore, by file, of files that are for their owner alone while they have credentials of a login. */
  modes: Readonly<Record<string, number>>;
  /** Outermost first. */
  createdDirectories: readonly string[];
  /** Oldest first. Entries of one section form a stack: the file contains the section of the last one. */
  entries: readonly LedgerEntry[];
}

export function ledgerFile(file: string): string {
  return path.join(path.dirname(file), '.oci-wif-action-ledger.json');
}

/**
 * The ledger of a file's directory. It is empty if there is none, and it has only entries that a login could have written.
 * Its names are those of files beside it: another container may know the directory by another path.
 */
export function readLedger(files: Files, file: string): Ledger {
  const ledger = ledgerFile(file);
  const text = Buffer.from(files.read(ledger) ?? '').toString('utf8');
  const { version, createdFiles, modes, createdDirectories, entries } = parseObject(text) ?? {};
  const directory = path.dirname(file);
  // Parents are in the saved state alone: a later step can change the ledger.
  const directories = [directory, path.join(directory, 'sessions')];
  return {
    version: 1,
    createdFiles: texts(createdFiles)
      .map((one) => path.join(directory, path.basename(one)))
      .filter((one) => path.dirname(one) === directory),
    modes: Object.fromEntries(
      Object.entries(Object(modes))
        .filter(([, mode]) => isMode(mode))
        .map(([one, mode]) => [path.join(directory, path.basename(one)), Number(mode)]),
    ),
    createdDirectories: texts(createdDirectories).filter((one) => directories.includes(one)),
    entries: (version === 1 && Array.isArray(entries) ? entries : [])
      .map((one) => placedIn(directory, one))
      .filter((one) => isEntry(one, directory)),
  };
}

/** Replaces the ledger in one step. */
export function writeLedger(files: Files, file: string, ledger: Ledger): void {
  files.replace(ledgerFile(file), Buffer.from(JSON.stringify(ledger)), scratchFile(file));
}

export function findEntry(ledger: Ledger, loginId: string, target: SectionTarget): LedgerEntry | undefined {
  return ledger.entries.find((entry) => entry.loginId === loginId && isSameSection(entry, target));
}

/** The entry whose section the file contains. */
export function topEntry(ledger: Ledger, target: SectionTarget): LedgerEntry | undefined {
  return ledger.entries.findLast((entry) => isSameSection(entry, target));
}

/** The next later entry with the same session directory, perhaps of another file. */
export function entryAboveInDirectory(ledger: Ledger, entry: LedgerEntry): LedgerEntry | undefined {
  return laterThan(ledger, entry).find((later) => isSameDirectory(later, entry));
}

function laterThan({ entries }: Ledger, entry: LedgerEntry): readonly LedgerEntry[] {
  return entries.slice(entries.indexOf(entry) + 1);
}

/** The entry whose section this is; undefined for a section that no login has written. */
export function entryOfSection(
  ledger: Ledger,
  { file, member }: Pick<SectionTarget, 'file' | 'member'>,
  { name: section, text }: Section,
  format = INI,
): LedgerEntry | undefined {
  return ledger.entries.findLast(
    (one) =>
      isSameSection(one, { file, section, ...(member && { member }), directory: null }) &&
      one.previousSection !== text &&
      isSectionOf(one, text, format),
  );
}

export function withChanges(ledger: Ledger, entry: LedgerEntry, changes: Partial<LedgerEntry>): Ledger {
  const entries = ledger.entries.map((one) => (one === entry ? { ...one, ...changes } : one));
  return { ...ledger, entries };
}

/** Records the mode that a file has before it is for its owner alone. */
export function withMode(ledger: Ledger, file: string, mode: number | undefined): Ledger {
  if (mode === undefined || file in ledger.modes) return ledger;
  return { ...ledger, modes: { ...ledger.modes, [file]: mode } };
}

/** Removes an entry. The next later entries of its section and its directory then restore what it replaced. */
export function withoutEntry(ledger: Ledger, entry: LedgerEntry): Ledger {
  const { previousSection, previousDirectory } = entry;
  const above = laterThan(ledger, entry).find((later) => isSameSection(later, entry));
  const aboveInDirectory = entryAboveInDirectory(ledger, entry);
  const entries = ledger.entries
    .filter((one) => one !== entry)
    .map((one) => ({
      ...one,
      ...(one === above && { previousSection }),
      ...(one === aboveInDirectory && { previousDirectory }),
    }));
  const isUsed = ([file]: [string, number]) => entries.some((one) => one.file === file);
  return { ...ledger, modes: Object.fromEntries(Object.entries(ledger.modes).filter(isUsed)), entries };
}

/** Without duplicates, outermost first: the path of a parent is shorter than that of its child. */
export function mergeDirectories(...lists: (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}

/** This directory and its parents, as far as they do not exist, outermost first. */
export function missingDirectories(files: Files, directory: string): string[] {
  if (files.kind(directory) !== 'absent') return [];
  return [...missingDirectories(files, path.dirname(directory)), directory];
}

/** Whether there is a directory, perhaps behind a link. */
export function isDirectory(files: Files, directory: string): boolean {
  const real = files.realPath(directory);
  return real !== undefined && files.kind(real) === 'directory';
}

const ROUNDS = 5;
const ROUND_MS = 20;

/**
 * Removes directories that are empty. Does not hold the lock, because the lock file is in one of them. If a new login has
 * its lock file there, the directories are added to its ledger instead.
 */
export async function removeDirectories(
  { files, lock, clock }: Disk,
  file: string,
  directories: readonly string[],
): Promise<void> {
  const vanished = new Error('Another process has removed the directory in which the lock would be.');
  const assertExists = () => {
    if (!isDirectory(files, path.dirname(file))) throw vanished;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const directory of directories.toReversed())
      if (files.kind(directory) === 'directory') files.removeIfEmpty(directory);
    if (directories.every((directory) => files.kind(directory) !== 'directory')) return;
    try {
      if (await lock.hold(lockOf(file), assertExists, () => addToLedger(files, file, directories))) return;
    } catch (error) {
      if (error === vanished) return;
      throw error;
    }
    await clock.sleep(ROUND_MS);
  }
}

/** Leaves the removal to the last login in the ledger. @returns false if the ledger has no other login */
function addToLedger(files: Files, file: string, directories: readonly string[]): boolean {
  const ledger = readLedger(files, file);
  if (ledger.entries.length === 0) return false;
  const createdDirectories = mergeDirectories(ledger.createdDirectories, directories);
  if (createdDirectories.length > ledger.createdDirectories.length)
    writeLedger(files, file, { ...ledger, createdDirectories });
  return true;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isDate = (value: unknown) => typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
const isMode = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0o7777;
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** An entry with this parent directory in its paths. */
function placedIn(parent: string, value: unknown): unknown {
  const entry = Object(value) as Record<string, unknown>;
  const placed = (old: unknown, folder: string) =>
    isText(old) ? path.join(parent, folder, path.basename(old)) : old;
  return {
    ...entry,
    file: placed(entry['file'], ''),
    directory: placed(entry['directory'], 'sessions'),
    previousDirectory: placed(entry['previousDirectory'], 'sessions'),
  };
}

/** An entry names files that are removed, so a changed entry must not name files that no login has written. */
function isEntry(value: unknown, parent: string): value is LedgerEntry {
  if (!isTarget(value) || path.dirname(value.file) !== parent) return false;
  const { directory, previousDirectory, previousSection, expiresAt, macs, absentObjects } =
    value as Partial<LedgerEntry>;
  const isMoved =
    isText(previousDirectory) &&
    previousDirectory.startsWith(`${directory}~`) &&
    /^~[0-9a-f]+$/.test(previousDirectory.slice(directory?.length));
  return (
    Array.isArray(macs) &&
    Array.isArray(absentObjects) &&
    absentObjects.every(isText) &&
    (previousDirectory === null || isMoved) &&
    (previousSection === null || isText(previousSection)) &&
    (expiresAt === null || isDate(expiresAt))
  );
}

/** Whether a login could have written this target. */
export function isTarget(value: unknown): value is SectionTarget {
  const { file, section, member, directory } = Object(value) as Partial<SectionTarget>;
  if (!isText(file) || !path.isAbsolute(file) || !isText(section)) return false;
  if (member !== undefined) return DOCKER_OBJECTS.includes(member) && directory === null;
  const isName = /^[^/\\~]+$/.test(section) && section !== '.' && section !== '..';
  return directory === null || (isName && directory === path.join(path.dirname(file), 'sessions', section));
}
