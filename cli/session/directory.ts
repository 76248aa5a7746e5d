// The private directory of a session: what post has in the runner's state is in its `state.json`.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { ActionError } from '../../src/errors/action-error.ts';
import { parseSavedState, type SavedState, temporaryName } from '../../src/login/saved-state.ts';
import type { Environment, Files } from '../../src/ports.ts';
import { toText } from '../../src/profiles/ini-text.ts';

/** The parent of session directories: a directory that only this user can open, if the system has one. */
export function sessionsDirectory(files: Files, env: Environment, temporary: string): string {
  const own = env('XDG_RUNTIME_DIR') ?? '';
  const isUsable = path.isAbsolute(own) && isPrivateDirectory(own);
  return files.canonical(isUsable ? own : temporary, 'directory');
}

/** @see XDG Base Directory Specification, XDG_RUNTIME_DIR: after `su` or `sudo`, it can be that of another user */
export function isPrivateDirectory(directory: string): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return false;
  return process.platform === 'win32' || (stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0);
}

/** Why others could replace or publish the directory of a session; undefined if they cannot. */
export const unsafeReason = (files: Files, directory: string): string | undefined =>
  files.unsafeReason([{ path: directory, use: 'directory' }]);

/** @throws ActionError PATH_UNSAFE, FILES_NOT_WRITABLE */
export function createSessionDirectory(files: Files, directory: string): void {
  const reason = unsafeReason(files, directory);
  if (reason !== undefined)
    throw new ActionError('PATH_UNSAFE', `${reason}.`, { remedy: 'Set TMPDIR to a directory of this user.' });
  files.makeDirectory(directory);
}

const STATE = /^state(-[0-9a-f]+)?\.json$/;

/** Repeated logins of a job use the directory of the first one: each has a file for its state. */
export function stateFileOf(directory: string, loginId?: string): string {
  const isFirst = loginId === undefined || path.basename(directory) === temporaryName(loginId);
  return path.join(directory, isFirst ? 'state.json' : `state-${loginId}.json`);
}

/** @param loginId default: the login that has created the directory. @returns undefined if it has changed nothing yet */
export function readSavedState(files: Files, directory: string, loginId?: string): SavedState | undefined {
  return parseSavedState(toText(files.read(stateFileOf(directory, loginId))));
}

/** The states of all logins of a directory. */
export function readSavedStates(files: Files, directory: string): SavedState[] {
  const names = files.kind(directory) === 'directory' ? files.list(directory) : [];
  return names
    .filter((name) => STATE.test(name))
    .flatMap((name) => parseSavedState(toText(files.read(path.join(directory, name)))) ?? []);
}

export function writeSavedState(files: Files, directory: string, loginId: string, text: string): void {
  const file = stateFileOf(directory, loginId);
  files.replace(file, Buffer.from(text), `${file}~`);
}

/** The file that shows which process is writing a login. */
export const startingFile = (loginId: string) => `starting-${loginId}.json`;
const STARTING = /^starting-([0-9a-f]+)\.json$/;

/** The logins that a process is writing, or was writing when it was killed. */
export function startedLogins(files: Files, directory: string): string[] {
  return files.list(directory).flatMap((name) => STARTING.exec(name)?.[1] ?? []);
}

/**
 * Removes the state of a login that has nothing left. With the last one, the directory goes.
 * @throws ActionError FILES_NOT_WRITABLE
 */
export function removeSavedState(files: Files, directory: string, loginId: string): void {
  if (files.kind(directory) !== 'directory') return;
  const own = [path.basename(stateFileOf(directory, loginId)), startingFile(loginId)];
  const isRecord = (name: string) => STATE.test(name) || STARTING.test(name);
  const names = files.list(directory);
  const isLast = !names.some((name) => isRecord(name) && !own.includes(name));
  // The records are last: a clean-up that is killed can be repeated.
  const removed = [...(isLast ? names.filter((name) => !isRecord(name)) : []), ...own.toReversed()];
  for (const name of removed.filter((one) => names.includes(one)))
    files.removeTree(path.join(directory, name));
  if (isLast) files.removeTree(directory);
}
