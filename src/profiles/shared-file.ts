// A file that other programs write without our lock. Never returns half-written text, never replaces a newer version.
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Files, RewritePlan } from '../ports.ts';
import { listSections, toBytes, toText } from './ini-text.ts';
import { ownerOf } from './section-target.ts';

export interface SharedText {
  text: string;
  /** Identifies the version that was read, for `replaceShared`. */
  state: string;
  /** Another program wrote the file within the last second. It may write back a text that it read before our change. */
  isBusy: boolean;
}

/** The name that login and clean-up lock: one for all files of a directory, which share a ledger. */
export function lockOf(file: string): string {
  return path.join(path.dirname(file), 'oci-wif-action');
}

/** For every replacement in the directory; the lock allows one at a time. */
export function scratchFile(file: string): string {
  return path.join(path.dirname(file), '.oci-wif-action-scratch');
}

function rewritePlan(file: string): RewritePlan {
  const beside = (what: string) =>
    path.join(path.dirname(file), `.oci-wif-action-${what}-${path.basename(file)}`);
  return {
    scratch: scratchFile(file),
    original: beside('original'),
    journal: beside('journal'),
    isSecret: (content) => sectionsOfLogins(content).some((text) => /^aws_secret_access_key\b/m.test(text)),
    isOurs: (content) => sectionsOfLogins(content).length > 0,
  };
}

function sectionsOfLogins(content: Uint8Array): string[] {
  const texts = listSections(toText(content)).map(({ text }) => text);
  return texts.filter((text) => ownerOf(text) !== undefined);
}

/** Time after which we check whether a program has written back an older text: long enough on an overloaded machine. */
export const CHECK_AGAIN_MS = 250;
const BUSY_MS = 1000;
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
 * Under the lock: completes a change that a crash has interrupted.
 * @throws ActionError PATH_UNSAFE
 * @throws Contention when another program seems to have written only a part of the text
 */
export function readShared(files: Files, file: string): SharedText {
  const { id, ...times } = files.state(file);
  const text = readText(files, file);
  // The time may come from the clock of another machine.
  const [age, quiet] = [Math.abs(times.ageMs), Math.abs(times.quietMs)];
  if (!isWhole(text, age, quiet)) throw new Contention(`${file} was being written by another program`);
  files.finishRewrite(file, id, rewritePlan(file));
  // Another file may have the name now, so its text must be checked as well.
  if (files.state(file).id !== id) throw new Contention(`${file} was completed after a crash`);
  return { text, state: id, isBusy: age < BUSY_MS };
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
export function replaceShared(files: Files, file: string, { state }: SharedText, text: string): void {
  files.rewrite(file, toBytes(text), state, rewritePlan(file));
}

/** Removes a file that a login has created, also where it is aside. */
export function removeShared(files: Files, file: string): void {
  files.remove(file);
  files.remove(rewritePlan(file).original);
}
