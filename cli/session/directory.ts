// The private directory of a session: what post has in the runner's state is in its `state.json`.
import path from 'node:path';
import { parseSavedState, type SavedState, temporaryName } from '../../src/login/saved-state.ts';
import type { Environment, Files } from '../../src/ports.ts';
import { toText } from '../../src/profiles/ini-text.ts';

/** Where the directories of sessions are: a directory of this user alone if the system has one. */
export function sessionsDirectory(files: Files, env: Environment, temporary: string): string {
  const own = env('XDG_RUNTIME_DIR') ?? '';
  const isUsable = path.isAbsolute(own) && files.kind(own) === 'directory';
  return files.canonical(isUsable ? own : temporary, 'directory');
}

export const stateFileOf = (directory: string): string => path.join(directory, 'state.json');

/** @throws ActionError PATH_UNSAFE, FILES_NOT_WRITABLE */
export function createSessionDirectory(files: Files, sessions: string, loginId: string): string {
  const directory = path.join(sessions, temporaryName(loginId));
  files.makeDirectory(directory);
  return directory;
}

/** Undefined if there is none, or if no login has written it. */
export function readSavedState(files: Files, directory: string): SavedState | undefined {
  return parseSavedState(toText(files.read(stateFileOf(directory))));
}

export function writeSavedState(files: Files, directory: string, text: string): void {
  const file = stateFileOf(directory);
  files.replace(file, Buffer.from(text), `${file}~`);
}
