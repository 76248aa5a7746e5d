import os from 'node:os';
import path from 'node:path';
import type { HomeDirectories } from '../inputs/paths.ts';
import { canonicalPath } from './canonical-path.ts';

/** Ignores an empty or relative HOME, because each client would resolve it differently. */
export function findHomeDirectories(system: Pick<typeof os, 'homedir' | 'userInfo'> = os): HomeDirectories {
  const account = absolute(() => system.userInfo().homedir);
  return { home: absolute(() => system.homedir()) ?? account, account };
}

function absolute(find: () => string): string | undefined {
  try {
    const directory = find();
    return path.isAbsolute(directory) ? canonicalPath(directory, 'directory') : undefined;
  } catch (error) {
    // No HOME, and a user ID without an entry in the user database, as in a container with `--user`.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
