// A home directory to log in to, the sessions in it, and a disk that dies at a chosen call.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installSession, type SessionInstall } from '../../../src/login/install-session.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { createLock } from '../../../src/node/lock.ts';
import type { Disk, Files } from '../../../src/ports.ts';
import { undoSection } from '../../../src/profiles/remove.ts';
import type { UndoRecord } from '../../../src/profiles/section-target.ts';
import { Secret } from '../../../src/secret.ts';
import { type Tree, treeOf } from './tree.ts';

const homes: string[] = [];

export function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'session-test-'));
  homes.push(home);
  return home;
}

export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
}

/** Who finds a file that was written just now has to think of other programs at work. */
const LONG_AGO = new Date('2026-01-01');

/** Files by their path below the home, given to its owner alone. */
export function fill(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, encoding: 'latin1' });
    chmodSync(file, 0o600);
    utimesSync(file, LONG_AGO, LONG_AGO);
  }
}

/** To sessions here all files look as if nobody had touched them for long, or each would wait for others to finish. */
const quietFiles: Files = {
  ...nodeFiles,
  state: (file) => ({ ...nodeFiles.state(file), quietMs: Number.POSITIVE_INFINITY }),
};

/** Time passes at once where sessions only look again whether another program has been there. */
export const disk: Disk = {
  files: quietFiles,
  clock: { ...systemClock, sleep: async () => {} },
  lock: createLock(systemClock),
};

/** Stands for the end of the process: nothing that follows it may run. */
export class Killed extends Error {}

const MEMBERS = [
  'kind',
  'state',
  'unsafeReason',
  'read',
  'list',
  'makeDirectory',
  'ensureDirectory',
  'create',
  'replace',
  'rename',
  'remove',
  'removeTree',
  'removeIfEmpty',
] as const satisfies readonly (keyof Files)[];

/** Files that tell of every call before it takes effect. */
export function watched(before: (member: keyof Files, path: string) => void): Files {
  const wrapped = MEMBERS.map((member) => {
    const call = quietFiles[member] as (...parameters: unknown[]) => unknown;
    const tell = (...parameters: unknown[]) => {
      before(member, String(parameters[0]));
      return call(...parameters);
    };
    return [member, tell];
  });
  return Object.fromEntries(wrapped) as Files;
}

/** A disk whose process dies just before its n-th call. */
export function dyingDisk(n: number): Disk {
  let calls = 0;
  const files = watched(() => {
    calls += 1;
    if (calls >= n) throw new Killed();
  });
  return { ...disk, files };
}

export interface Session {
  id: string;
  /** What a post step would find in its state. */
  record: UndoRecord | undefined;
  warnings: string[];
  install(on?: Disk): Promise<void>;
  undo(on?: Disk): Promise<void>;
}

export interface SessionOptions {
  profile?: string;
  job?: string;
  overwrite?: boolean;
  configFile?: string;
}

export const KEY = '-----BEGIN PRIVATE KEY-----';

/** A login of job `job` with an id that begins with `id`. */
export function session(home: string, id: string, options: SessionOptions = {}): Session {
  const { profile = 'P', job = '0b', overwrite = false, configFile = '.oci/config' } = options;
  const made: Session = {
    id,
    record: undefined,
    warnings: [],
    async install(on = disk) {
      const install: SessionInstall = {
        owner: { loginId: id, jobId: job },
        configFile: path.join(home, configFile),
        profile,
        overwriteProfile: overwrite,
        tenancy: 'ocid1.tenancy.oc1..aaaa',
        region: 'eu-frankfurt-1',
        fingerprint: '00:11',
        privateKeyPem: new Secret(`${KEY} of ${id}\n`),
        token: new Secret(`token of ${id}`),
        save: (record) => {
          made.record = JSON.parse(JSON.stringify(record)) as UndoRecord;
        },
        warn: (text) => made.warnings.push(text),
      };
      await installSession(on, install);
    },
    async undo(on = disk) {
      if (made.record !== undefined) await undoSection(on, made.record);
    },
  };
  return made;
}

/** Runs `work` and says whether it was killed; every other failure is a failure. */
export async function survives(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** Tries every point of death, the first call to the disk first, until `attempt` says that it lived. */
export async function atEveryCall(attempt: (n: number) => Promise<boolean>, atLeast = 4): Promise<void> {
  let n = 1;
  while (!(await attempt(n))) {
    n += 1;
    if (n > 500) throw new Error('the work never ends');
  }
  if (n < atLeast) throw new Error('the work was over before it could be killed');
  removeHomes();
}

/** A home with these files, and its tree before anybody came. */
export function homeWith(files: Record<string, string>): { home: string; before: Tree } {
  const home = newHome();
  fill(home, files);
  return { home, before: treeOf(home) };
}

export async function installed(home: string, id: string, options?: SessionOptions): Promise<Session> {
  const login = session(home, id, options);
  await login.install();
  return login;
}
