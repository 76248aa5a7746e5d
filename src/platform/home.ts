// Where the user's files are: by the environment, and by the account. The two differ in container jobs.
import os from 'node:os';
import path from 'node:path';

export interface Homes {
  /** By HOME (USERPROFILE on Windows), else by the account; undefined if neither gives an absolute path. */
  home: string | undefined;
  /** By the account's entry in the user database, as clients in Go and Java look it up; undefined without an entry. */
  account: string | undefined;
}

/** An empty or relative HOME is none: clients would each make something else of it. */
export function findHomes(system: Pick<typeof os, 'homedir' | 'userInfo'> = os): Homes {
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
