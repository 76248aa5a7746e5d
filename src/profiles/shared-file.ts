// A text that other programs write too, and without our lock: read when they are done, replaced only as it was read.
import { ActionError, Contention } from '../errors/action-error.ts';
import type { Files } from '../ports.ts';
import * as config from './ini-text.ts';

export interface SharedText {
  text: string;
  /** As which the file was read, for `replaceShared`. */
  state: string;
  /** Whether somebody has just written it: whoever did may be about to write again what he read before we came. */
  isBusy: boolean;
}

/** How long a program may take from reading a config to writing it back, on a machine with more to do than it can. */
export const LOOK_AGAIN_MS = 250;
const BUSY_MS = 1000;
const UNFINISHED_MS = 10;
const EMPTIED_MS = 2000;
/** Programs write large texts in pieces of whole pages. */
const PAGE_BYTES = 4096;

/** @throws ActionError PATH_UNSAFE for a link or a special file, which it would not be ours to replace */
export function readText(files: Files, file: string): string {
  const kind = files.kind(file);
  if (kind === 'absent') return '';
  if (kind !== 'file') throw new ActionError('PATH_UNSAFE', `${file} should be a file but is a ${kind}.`);
  return config.toText(files.read(file));
}

/**
 * @throws ActionError PATH_UNSAFE
 * @throws Contention when it looks as if somebody had written but half of it yet
 */
export function readShared(files: Files, file: string): SharedText {
  const { id, ...times } = files.state(file);
  const text = readText(files, file);
  // Another machine's clock may have stamped it.
  const [age, quiet] = [Math.abs(times.ageMs), Math.abs(times.quietMs)];
  if (!isWhole(text, age, quiet)) throw new Contention(`${file} was being written by another program`);
  return { text, state: id, isBusy: age < BUSY_MS };
}

/**
 * A text that was emptied, or holds some whole pages, is likely to be half of something; one without a last line end may
 * well be what its author wants. A file can be seen empty before its time of writing shows it.
 */
function isWhole(text: string, ageMs: number, quietMs: number): boolean {
  if (text.length % PAGE_BYTES === 0) return quietMs >= EMPTIED_MS;
  return text.endsWith('\n') || ageMs >= UNFINISHED_MS;
}

/**
 * Replaces the text in one step; `state` is the one as which it was read.
 * @throws Contention when the file is not as it was read; nothing is changed then
 */
export function replaceShared(
  files: Files,
  file: string,
  { text, state }: Pick<SharedText, 'text' | 'state'>,
  scratch: string,
): void {
  files.replace(file, config.toBytes(text), scratch, state);
}
