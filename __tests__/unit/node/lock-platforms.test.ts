// The lock on other platforms, and with other files in place of lock files.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createLock } from '../../../src/node/lock.ts';
import { type System, systemClock, thisSystem } from '../../../src/node/system.ts';
import { failing, windows } from './fake-systems.ts';

const root = fs.mkdtempSync(path.join(tmpdir(), 'lock-platforms-'));
let directory = root;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(root, 'd-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const LOCK_FILE = /\.lock-/;
const holdOn = (system: System, work = () => 'done') =>
  createLock(systemClock, system).hold(path.join(directory, 'config'), () => {}, work);

describe('a lock on Windows', () => {
  it.each(['openSync', 'rmSync', 'lstatSync'] as const)(
    'waits for a name that is being removed: %s',
    async (call) => {
      expect(await holdOn(failing(windows(), call, 'EPERM', 3, LOCK_FILE))).toBe('done');
      expect(fs.readdirSync(directory)).toEqual([]);
    },
  );

  it('waits for a directory that is being removed', async () => {
    expect(await holdOn(failing(windows(), 'readdirSync', 'EPERM', 3))).toBe('done');
  });

  it('fails with FILES_NOT_WRITABLE when the directory stays in use', async () => {
    await expect(holdOn(failing(windows(), 'openSync', 'EPERM'))).rejects.toMatchObject({
      code: 'FILES_NOT_WRITABLE',
    });
  });
});

describe('a lock on Linux and macOS', () => {
  it.each(['linux', 'darwin'] as const)(
    'fails at once with FILES_NOT_WRITABLE when it may not write: %s',
    async (platform) => {
      const system = failing({ ...thisSystem, platform }, 'openSync', 'EPERM', 1);
      await expect(holdOn(system)).rejects.toMatchObject({ code: 'FILES_NOT_WRITABLE' });
      expect(fs.readdirSync(directory)).toEqual([]);
    },
  );
});

it.each([
  ['linux', /lock-\d+-[1-9]\d*-/],
  ['darwin', /lock-\d+-0-/],
  ['win32', /lock-\d+-0-/],
] as const)('a lock file names the PID namespace only on Linux: %s', async (platform, name) => {
  const fakeProc = { ...fs, readlinkSync: () => 'pid:[4026531836]' } as unknown as typeof fs;
  const work = () => fs.readdirSync(directory).join();
  expect(await holdOn({ ...thisSystem, platform, fs: fakeProc }, work)).toMatch(name);
});
