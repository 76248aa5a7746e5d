// Mutual exclusion of many processes is in the stress tests.
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLock } from '../../../src/node/lock.ts';
import { systemClock, thisSystem } from '../../../src/node/system.ts';
import type { Clock } from '../../../src/ports.ts';
import { itWithLinks } from '../systems-with.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lock-test-'));
let home = root;
let directory = root;
let target = root;

beforeEach(() => {
  home = mkdtempSync(path.join(root, 'home-'));
  directory = path.join(home, '.oci');
  target = path.join(directory, 'config');
  mkdirSync(directory);
});
afterAll(() => rmSync(root, { recursive: true }));

const lock = createLock(systemClock);
const nothing = () => {};

/** Starts at the present time, because file times are compared with it, and advances only by `sleep`. */
function fakeClock(): Clock {
  let now = Date.now();
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}

/** Creates the lock file of a process, `age` milliseconds old. */
function lockFileOf(pid: number, age = 0, space = namespace()): string {
  const file = path.join(directory, `.config.lock-${pid}-${space}-0123456789abcdef`);
  writeFileSync(file, '');
  const then = (Date.now() - age) / 1000;
  utimesSync(file, then, then);
  return file;
}

function exitedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('a lock', () => {
  it('returns the result of the work, and is released', async () => {
    const held = await lock.hold(target, nothing, () => readdirSync(directory).length);
    expect(held).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is released when the work throws', async () => {
    const work = () => {
      throw new RangeError('of the work');
    };
    await expect(lock.hold(target, nothing, work)).rejects.toThrow(RangeError);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('removes the lock file of a process that has exited', async () => {
    const file = lockFileOf(exitedProcess());
    await lock.hold(target, nothing, nothing);
    expect(existsSync(file)).toBe(false);
  });

  it.each([11_000, -11_000, Date.now(), -1e12])(
    'removes a lock file of %i milliseconds, even if its process runs',
    async (age) => {
      const file = lockFileOf(process.ppid, age);
      await lock.hold(target, nothing, nothing);
      expect(existsSync(file)).toBe(false);
    },
  );

  it('fails with CONFIG_LOCKED while a running process holds it, and then does not wait for another', async () => {
    const clock = fakeClock();
    let sleeps = 0;
    const sleep = async (milliseconds: number) => {
      sleeps += 1;
      await clock.sleep(milliseconds);
      utimesSync(file, clock.now() / 1000, clock.now() / 1000);
    };
    const file = lockFileOf(process.pid);
    let worked = 0;
    const held = createLock({ ...clock, sleep });
    const holdAgain = () =>
      held.hold(target, nothing, () => {
        worked += 1;
      });
    await expect(holdAgain()).rejects.toMatchObject({ code: 'CONFIG_LOCKED' });
    sleeps = 0;
    await expect(holdAgain()).rejects.toMatchObject({ code: 'CONFIG_LOCKED' });
    expect([worked, sleeps, readdirSync(directory)]).toEqual([0, 1, [path.basename(file)]]);
    rmSync(file);
    await holdAgain();
    expect(worked).toBe(1);
  });

  it('waits for the process of another container, whatever its ID', async () => {
    const clock = fakeClock();
    lockFileOf(exitedProcess(), 0, '1');
    const start = clock.now();
    await createLock(clock).hold(target, nothing, nothing);
    expect(clock.now() - start).toBeGreaterThanOrEqual(9_900);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip; // only root can give files away

  asRoot('ignores the lock file of another user, unless the directory is theirs', async () => {
    const clock = fakeClock();
    const start = clock.now();
    chownSync(lockFileOf(process.pid), 12_345, 12_345);
    await createLock(clock).hold(target, nothing, nothing);
    expect(clock.now()).toBe(start);
    chownSync(lockFileOf(process.pid), 12_345, 12_345);
    chownSync(directory, 12_345, 12_345);
    await createLock(clock).hold(target, nothing, nothing);
    expect(clock.now()).toBeGreaterThan(start);
  });

  itWithLinks('ignores directories and links with the name of a lock file', async () => {
    const file = lockFileOf(process.pid);
    rmSync(file);
    mkdirSync(path.join(file, 'inner'), { recursive: true });
    symlinkSync(home, `${file}0`);
    await lock.hold(target, nothing, nothing);
    expect(readdirSync(directory)).toContain(path.basename(file));
  });

  it('is acquired again when another process has removed its new file, as after a suspension', async () => {
    let created = 0;
    const fs = {
      ...thisSystem.fs,
      closeSync(descriptor: number) {
        thisSystem.fs.closeSync(descriptor);
        created += 1;
        if (created === 1) for (const name of readdirSync(directory)) rmSync(path.join(directory, name));
      },
    };
    const held = createLock(fakeClock(), { ...thisSystem, fs });
    expect(await held.hold(target, nothing, () => readdirSync(directory).length)).toBe(1);
    expect(created).toBe(2);
  });

  it('is acquired when its holder releases it', async () => {
    const file = lockFileOf(process.pid);
    let sleeps = 0;
    const clock = fakeClock();
    const sleep = async (milliseconds: number) => {
      sleeps += 1;
      if (sleeps === 3) rmSync(file);
      await clock.sleep(milliseconds);
    };
    await createLock({ ...clock, sleep }).hold(target, nothing, nothing);
    expect(sleeps).toBe(3);
  });

  it('ignores lock files of other targets', async () => {
    writeFileSync(path.join(directory, `.other.lock-${process.pid}-${namespace()}-00`), '');
    await lock.hold(target, nothing, nothing);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('prepares the directory again when another process has removed it', async () => {
    let prepared = 0;
    const prepare = () => {
      prepared += 1;
      if (prepared === 1) rmSync(directory, { recursive: true });
      else mkdirSync(directory, { recursive: true });
    };
    await lock.hold(target, prepare, nothing);
    expect(prepared).toBe(2);
  });
});
