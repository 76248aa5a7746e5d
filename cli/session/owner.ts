// Which process a session belongs to, so that a later one can remove what a killed process has left.
import path from 'node:path';
import { createRunnerProcesses } from '../../src/node/runner-process.ts';
import { thisSystem } from '../../src/node/system.ts';
import type { Files, RunnerProcess } from '../../src/ports.ts';
import { toText } from '../../src/profiles/ini-text.ts';
import { parseObject } from '../../src/response.ts';

/** The process that owns the session of a directory. A session of `login` has none: it outlives its process. */
export interface SessionOwner {
  pid: number;
  /** Null where the system does not show when a process has started. */
  process: RunnerProcess | null;
}

export const OWNER = 'owner.json';

/** As `RunnerProcesses` for a process that is its own runner. */
export const ownProcesses = createRunnerProcesses(thisSystem, process.pid);

/** @param name of the file in the directory. @throws ActionError FILES_NOT_WRITABLE */
export function writeOwner(files: Files, directory: string, name = OWNER): void {
  const owner: SessionOwner = { pid: process.pid, process: ownProcesses.parent() };
  const file = path.join(directory, name);
  files.replace(file, Buffer.from(JSON.stringify(owner)), `${file}~`);
}

export function readOwner(files: Files, directory: string, name = OWNER): SessionOwner | undefined {
  const { pid, process: identity } = parseObject(toText(files.read(path.join(directory, name)))) ?? {};
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  return { pid, process: (identity ?? null) as RunnerProcess | null };
}

/** `unknown` where a later process may have the same ID: on other systems than Linux, and after a restart. */
export function stateOfOwner({ pid, process: identity }: SessionOwner): 'alive' | 'gone' | 'unknown' {
  if (identity !== null || process.platform === 'linux') return ownProcesses.stateOf(identity);
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'unknown';
  }
}
