// The ledger of a directory: which logins have sections in its files, and what each of them replaced. Every change is in
// the ledger before it happens, so after a crash the post step, or the next login, can finish or revert it.
import path from 'node:path';
import type { Files, RunnerProcess } from '../ports.ts';
import { parseObject } from '../response.ts';
import * as ini from './ini-text.ts';
import {
  isSameDirectory,
  isSameSection,
  namesSessionOf,
  type Owner,
  ownerOf,
  type SectionTarget,
} from './section-target.ts';

export interface LedgerEntry extends SectionTarget, Required<Omit<Owner, 'request'>> {
  request: string | null;
  /** Digest of the public key of the session; null without a directory. */
  keyDigest: string | null;
  /** Milliseconds since the epoch; null when the section names a file that is renewed. */
  expiresAt: number | null;
  /** The runner process of the job; null when it is unknown. */
  runnerProcess: RunnerProcess | null;
  /** Text of the section that was replaced; null if there was none. It may hold a pass phrase. */
  previousSection: string | null;
  /** Where the directory that was there before was moved; null if there was none. */
  previousDirectory: string | null;
  /** Line end that was added before the section. */
  addedNewline: ini.AddedNewline;
}

export interface Ledger {
  version: 1;
  createdFiles: readonly string[];
  /** Outermost first. */
  createdDirectories: readonly string[];
  /** Oldest first. Entries of one section form a stack: the file shows the last one. */
  entries: readonly LedgerEntry[];
}

export function ledgerFile(file: string): string {
  return path.join(path.dirname(file), '.oci-wif-action-ledger.json');
}

/** For every replacement in the directory; the lock allows one at a time. */
export function scratchFile(file: string): string {
  return path.join(path.dirname(file), '.oci-wif-action-scratch');
}

/** The ledger of a file's directory. It is empty if there is none, and it has only entries that a login could have written. */
export function readLedger(files: Files, file: string): Ledger {
  const ledger = ledgerFile(file);
  const text = files.kind(ledger) === 'file' ? Buffer.from(files.read(ledger)).toString('utf8') : '';
  const { version, createdFiles, createdDirectories, entries } = parseObject(text) ?? {};
  const directory = path.dirname(file);
  const isCreated = (created: string) =>
    [directory, path.join(directory, 'sessions')].includes(created) ||
    directory.startsWith(created + path.sep);
  return {
    version: 1,
    createdFiles: texts(createdFiles).filter((created) => path.dirname(created) === directory),
    createdDirectories: texts(createdDirectories).filter((one) => path.isAbsolute(one) && isCreated(one)),
    entries: version === 1 && Array.isArray(entries) ? entries.filter((one) => isEntry(one, directory)) : [],
  };
}

/** Replaces the ledger in one step. */
export function writeLedger(files: Files, file: string, ledger: Ledger): void {
  files.replace(ledgerFile(file), Buffer.from(JSON.stringify(ledger)), scratchFile(file));
}

export function findEntry(ledger: Ledger, loginId: string, target: SectionTarget): LedgerEntry | undefined {
  return ledger.entries.find((entry) => entry.loginId === loginId && isSameSection(entry, target));
}

/** The entry that the file shows. */
export function topEntry(ledger: Ledger, target: SectionTarget): LedgerEntry | undefined {
  return ledger.entries.findLast((entry) => isSameSection(entry, target));
}

/** The next later entry of the same section. */
export function entryAbove(ledger: Ledger, entry: LedgerEntry): LedgerEntry | undefined {
  return laterThan(ledger, entry).find((later) => isSameSection(later, entry));
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
  file: string,
  text: string,
  section: ini.Section,
): LedgerEntry | undefined {
  const target = { file, section: section.name, directory: null };
  const sectionText = ini.textOf(text, section);
  const owner = ownerOf(sectionText);
  if (owner !== undefined) return findEntry(ledger, owner.loginId, target);
  const top = topEntry(ledger, target);
  if (top === undefined || top.directory === null || top.previousSection === sectionText) return undefined;
  return namesSessionOf(sectionText, top.section) ? top : undefined;
}

export function withChanges(ledger: Ledger, entry: LedgerEntry, changes: Partial<LedgerEntry>): Ledger {
  const entries = ledger.entries.map((one) => (one === entry ? { ...one, ...changes } : one));
  return { ...ledger, entries };
}

/** Removes an entry. The next entries above it take over what it replaced. */
export function withoutEntry(ledger: Ledger, entry: LedgerEntry): Ledger {
  const { previousSection, previousDirectory } = entry;
  const above = entryAbove(ledger, entry);
  const aboveInDirectory = entryAboveInDirectory(ledger, entry);
  const entries = ledger.entries
    .filter((one) => one !== entry)
    .map((one) => ({
      ...one,
      ...(one === above && { previousSection }),
      ...(one === aboveInDirectory && { previousDirectory }),
    }));
  return { ...ledger, entries };
}

/** Each once, outermost first: the path of a parent is shorter than that of its child. */
export function mergeDirectories(...lists: (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): boolean => isText(value) && /^[0-9a-f]+$/.test(value);
const isDate = (value: unknown) => typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
const isNullOr = (value: unknown, test: (value: unknown) => boolean) => value === null || test(value);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** Files are removed by an entry, so an edited one must not lead to files that no login has written. */
function isEntry(value: unknown, directory: string): boolean {
  const entry = Object(value) as Partial<LedgerEntry>;
  const { previousDirectory, addedNewline = 'none' } = entry;
  return (
    isId(entry.loginId) &&
    isId(entry.jobId) &&
    isNullOr(entry.request, isId) &&
    isNullOr(entry.keyDigest, isId) &&
    isNullOr(entry.expiresAt, isDate) &&
    isNullOr(entry.runnerProcess, isRunnerProcess) &&
    isNullOr(entry.previousSection, isText) &&
    isNullOr(previousDirectory, (aside) => isText(aside) && isMoved(aside, entry.directory)) &&
    ['', '\n', '\r\n'].includes(addedNewline) &&
    isTarget(entry, directory)
  );
}

function isMoved(aside: string, directory: string | null | undefined): boolean {
  return isText(directory) && aside.startsWith(`${directory}~`) && isId(aside.slice(directory.length + 1));
}

function isRunnerProcess(value: unknown): boolean {
  const { pid, startTime, bootId, pidNamespace } = Object(value) as Partial<RunnerProcess>;
  return Number.isSafeInteger(pid) && [startTime, bootId, pidNamespace].every(isText);
}

/** Whether a target is such as a login writes, in the given directory if there is one. */
export function isTarget(value: unknown, parent?: string): value is SectionTarget {
  const { file, section, directory } = Object(value) as Partial<SectionTarget>;
  if (!isText(file) || !path.isAbsolute(file) || !isText(section)) return false;
  if (parent !== undefined && path.dirname(file) !== parent) return false;
  const isName = /^[^/\\~]+$/.test(section) && section !== '.' && section !== '..';
  return directory === null || (isName && directory === path.join(path.dirname(file), 'sessions', section));
}
