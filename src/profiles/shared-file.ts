// A file that other programs write without our lock. Never returns half-written text, never replaces a newer version.
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import { BUSY_MS, type Files } from '../ports.ts';
import { toBytes, toText } from './ini-text.ts';

export interface SharedText {
  text: string;
  /** Identifies the version that was read, for `replaceShared`. */
  state: string;
  /** Another program wrote the file within BUSY_MS. */
  isBusy: boolean;
  /** Permission bits of a file that others may open. */
  openMode: number | undefined;
}

/** The name that login and clean-up lock: one for all files of a directory, which share a ledger. */
export function lockOf(file: string): string {
  return path.join(path.dirname(file), 'oci-wif-action');
}

/** For every replacement in the directory; the lock allows one at a time. */
export function scratchFile(file: string): string {
  return path.join(path.dirname(file), '.oci-wif-action-scratch');
}

/** Beside each file while it is written in place. */
function journalFile(file: string): string {
  return path.join(path.dirname(file), `.oci-wif-action-journal-${path.basename(file)}`);
}

/** Time after which we check whether a program has written back an older text: long enough on an overloaded machine. */
export const CHECK_AGAIN_MS = 250;
/** A text without a last line end counts as complete when it is this old: a program continues within less. */
const UNFINISHED_MS = 10;
/** So does an empty text, or one of whole pages, after this time: some programs empty a file long before they write it. */
const EMPTIED_MS = 2000;
/** Programs write large texts in pieces of whole pages. */
const PAGE_BYTES = 4096;

/** @throws ActionError CONFIG_UNREADABLE, and PATH_UNSAFE for a link or a special file: what it points to must not be replaced */
export function readText(files: Files, file: string): string {
  const content = files.read(file);
  if (content !== undefined) return toText(content);
  const kind = files.kind(file);
  if (kind === 'absent') return '';
  const created = files.read(file); // perhaps only now
  if (created !== undefined) return toText(created);
  if (kind === 'file') throw new ActionError('CONFIG_UNREADABLE', `${file} is larger than 64 MB.`);
  throw new ActionError(
    'PATH_UNSAFE',
    `${file} should be a file but is a ${kind === 'other' ? 'special file' : kind}.`,
  );
}

/**
 * Under the lock: undoes a change that a crash has interrupted.
 * @throws ActionError PATH_UNSAFE
 * @throws Contention when another program seems to have written only a part of the text
 */
export function readShared(files: Files, file: string): SharedText {
  const { id, openMode, ...times } = files.state(file);
  const text = readText(files, file);
  // The time may come from the clock of another machine.
  const [age, quiet] = [Math.abs(times.ageMs), Math.abs(times.quietMs)];
  if (!isWhole(text, age, quiet)) throw new Contention(`${file} was being written by another program`);
  files.undoRewrite(file, journalFile(file));
  if (files.state(file).id !== id) throw new Contention(`${file} was restored after a crash`);
  return { text, state: id, isBusy: age < BUSY_MS, openMode };
}

/**
 * Whether no program is still writing the text. The time of the last change of any kind (`quietMs`) counts for an empty
 * text: a program can empty a file before its modification time (`ageMs`) changes.
 */
function isWhole(text: string, ageMs: number, quietMs: number): boolean {
  if (text.length % PAGE_BYTES === 0) return quietMs >= EMPTIED_MS;
  return text.endsWith('\n') || ageMs >= UNFINISHED_MS;
}

/**
 * Replaces the text, see `Files.rewrite`.
 * @throws Contention when the file has changed since it was read; then nothing is changed
 */
export function replaceShared(
  files: Files,
  file: string,
  { state }: SharedText,
  text: string,
  isSecret: boolean,
): void {
  const plan = { scratch: scratchFile(file), journal: journalFile(file), isSecret };
  files.rewrite(file, toBytes(text), state, plan);
}
