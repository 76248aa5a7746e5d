// Logins in a temporary home directory, and a disk whose process is killed at a chosen call.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installSession } from '../../../src/login/install.ts';
import { newSavedState, type SavedState, saveInstalled } from '../../../src/login/saved-state.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { createLock } from '../../../src/node/lock.ts';
import { systemClock } from '../../../src/node/system.ts';
import { readKeyPair } from '../../../src/oci/key-pair.ts';
import type { SessionToken } from '../../../src/oci/session-token.ts';
import type { Disk, Files, RunnerProcesses } from '../../../src/ports.ts';
import { removeSection } from '../../../src/profiles/remove.ts';
import { deleteSession } from '../../../src/profiles/secrets.ts';
import { Secret } from '../../../src/secret.ts';
import { type Tree, treeOf } from './tree.ts';

const homes: string[] = [];

export function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'login-test-'));
  homes.push(home);
  return home;
}

export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}

/** A login waits when a file has just been written, because another program could still be writing. */
const LONG_AGO = new Date('2026-01-01');

/** Writes files by their path below the home, with mode 600. */
export function fill(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, encoding: 'latin1' });
    chmodSync(file, 0o600);
    utimesSync(file, LONG_AGO, LONG_AGO);
  }
}

/** Reports every file as unchanged for long, so that no login waits for other programs. */
const quietFiles: Files = {
  ...nodeFiles,
  state: (file) => ({ ...nodeFiles.state(file), quietMs: Number.POSITIVE_INFINITY }),
};

/** Does not wait before a login reads a file again. */
export const disk: Disk = {
  files: quietFiles,
  clock: { ...systemClock, sleep: async () => {} },
  lock: createLock(systemClock),
};

/** Simulates SIGKILL. */
export class Killed extends Error {}

const MEMBERS = [
  'kind',
  'state',
  'unsafeReason',
  'read',
  'realPath',
  'overwrite',
  'allowOwner',
  'list',
  'makeDirectory',
  'ensureDirectory',
  'create',
  'replace',
  'rewrite',
  'undoRewrite',
  'setMode',
  'rename',
  'remove',
  'removeTree',
  'removeIfEmpty',
] as const satisfies readonly (keyof Files)[];

/** The session token of a login, as far as the profile tests depend on it. @param expiresAt milliseconds since the epoch */
export function sessionTokenOf(loginId: string, expiresAt: number): SessionToken {
  return {
    token: new Secret(`token of ${loginId}`),
    expiresAt,
    tenancy: 'ocid1.tenancy.oc1..aaaa',
    principal: 'p',
    tokenId: undefined,
    validFrom: undefined,
    jwk: undefined,
    requestId: undefined,
  };
}

/** Files that run `before` in front of every call. */
export function watched(before: (member: keyof Files, path: string) => void): Files {
  const wrapped = MEMBERS.map((member) => {
    const call = quietFiles[member] as (...parameters: unknown[]) => unknown;
    const watchedCall = (...parameters: unknown[]) => {
      before(member, String(parameters[0]));
      return call(...parameters);
    };
    return [member, watchedCall];
  });
  return Object.fromEntries(wrapped) as Files;
}

/** A disk whose process is killed before its n-th call. */
export function dyingDisk(n: number): Disk {
  let calls = 0;
  const files = watched(() => {
    calls += 1;
    if (calls >= n) throw new Killed();
  });
  return { ...disk, files };
}

export interface Login {
  id: string;
  /** The state for the post step. */
  state: SavedState;
  warnings: string[];
  install(on?: Disk): Promise<void>;
  /** Removes the login as the post step does. */
  remove(on?: Disk): Promise<void>;
}

export interface LoginOptions {
  profile?: string;
  job?: string;
  overwrite?: boolean;
  configFile?: string;
  /** Default: in an hour. */
  expiresAt?: number;
  /** State of the runner processes of other jobs. Default: gone. */
  otherJobs?: ReturnType<RunnerProcesses['stateOf']>;
}

export const KEY = '-----BEGIN PRIVATE KEY-----';

/** Ed25519, because it is generated fast. */
export function newKeyPair() {
  const { privateKey } = generateKeyPairSync('ed25519');
  const keyPair = readKeyPair(new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
  if (keyPair === undefined) throw new Error('no key');
  return keyPair;
}

export function newLogin(home: string, id: string, options: LoginOptions = {}): Login {
  const { profile = 'P', job = '0b', overwrite = false, configFile = '.oci/config' } = options;
  const { expiresAt = Date.now() + 3_600_000, otherJobs = 'gone' } = options;
  const keyPair = newKeyPair();
  const made: Login = {
    id,
    state: newSavedState(id, null),
    warnings: [],
    async install(on = disk) {
      const deps = {
        disk: on,
        owner: { loginId: id, jobId: job },
        runnerProcesses: { parent: () => null, stateOf: () => otherJobs },
        warn: (text: string) => void made.warnings.push(text),
        save: (installed: SavedState['installed'][number]) =>
          saveInstalled({ saveState: () => {} }, made.state, installed),
      };
      const config = { configFile: path.join(home, configFile), profile, overwriteProfile: overwrite };
      const sessionToken = sessionTokenOf(id, expiresAt);
      await installSession(deps, { ...config, region: 'eu-frankfurt-1' }, { sessionToken, keyPair });
    },
    async remove(on = disk) {
      for (const installed of made.state.installed) {
        deleteSession(on.files, installed);
        await removeSection(on, id, installed);
      }
    },
  };
  return made;
}

/** Returns false when `work` was killed. */
export async function survives(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** Repeats `attempt` with n = 1, 2, … until it returns that the process was not killed. */
export async function atEveryCall(attempt: (n: number) => Promise<boolean>, atLeast = 4): Promise<void> {
  let n = 1;
  while (!(await attempt(n))) {
    n += 1;
    if (n > 500) throw new Error('the process never survives');
  }
  if (n < atLeast) throw new Error('the process was killed too rarely');
  removeHomes();
}

/** Returns a home with these files, and its tree. */
export function homeWith(files: Record<string, string>): { home: string; before: Tree } {
  const home = newHome();
  fill(home, files);
  return { home, before: treeOf(home) };
}

export async function installed(home: string, id: string, options?: LoginOptions): Promise<Login> {
  const made = newLogin(home, id, options);
  await made.install();
  return made;
}
