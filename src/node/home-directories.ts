// Where the user's files are: by the environment, and by the account. The two differ in container jobs.
import os from 'node:os';
import path from 'node:path';
import type { HomeDirectories } from '../inputs/paths.ts';

/** An empty or relative HOME is none: clients would each make something else of it. */
export function findHomeDirectories(system: Pick<typeof os, 'homedir' | 'userInfo'> = os): HomeDirectories {
  const account = absolute(() => system.userInfo().homedir);
  return { home: absolute(() => system.homedir()) ?? account, account };
}

function absolute(ask: () => string): string | undefined {
  try {
    const directory = ask();
    return path.isAbsolute(directory) ? path.resolve(directory) : undefined;
  } catch (error) {
    // No HOME, and a number that no user has, as in a container that was started with one.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
