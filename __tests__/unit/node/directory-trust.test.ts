// Which directories are ours alone to write into, by platform and by who we are.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import { describeWithModes } from '../systems-with.ts';
import { ownedBy, windows } from './systems.ts';

const root = fs.mkdtempSync(path.join(tmpdir(), 'trust-test-'));
let directory = root;
beforeEach(() => {
  directory = path.join(fs.mkdtempSync(path.join(root, 'd-')), 'it');
  fs.mkdirSync(directory);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const ME = 1001;
const EVERYTHING = /^/;
const ITSELF = /it$/;
const posix = (platform: 'linux' | 'darwin', uid: number): System => ({ ...thisSystem, platform, uid });
const judge = (system: System) => createFiles(system).unsafeReason(directory);

describeWithModes.each(['linux', 'darwin'] as const)('on %s', (platform) => {
  const me = posix(platform, ME);
  const modes: [mode: number, isSafe: boolean][] = [
    [0o700, true],
    [0o755, true],
    [0o775, true], // a group of its own is each user's on most systems
    [0o1777, true],
    [0o777, false],
    [0o702, false],
    [0o2777, false],
  ];
  it.each(modes)('a directory of mode %o is ours alone: %s', (mode, isSafe) => {
    fs.chmodSync(directory, mode);
    for (const uid of [ME, 0]) {
      const fault = judge(ownedBy(posix(platform, uid), ME, EVERYTHING));
      if (isSafe) expect(fault).toBeUndefined();
      else expect(fault).toMatch(new RegExp(`mode ${mode.toString(8)}\\).*chmod go-w`));
    }
  });

  it('a directory of another user is not, unless that is root or we are', () => {
    expect(judge(ownedBy(me, 1002, EVERYTHING))).toMatch(/1002.*1001.*chown/);
    expect(judge(ownedBy(me, 0, EVERYTHING))).toBeUndefined();
    expect(judge(ownedBy(posix(platform, 0), 1001, EVERYTHING))).toBeUndefined();
  });

  it('one that is not there is nobody else’s', () => {
    fs.rmdirSync(directory);
    expect(judge(me)).toBeUndefined();
  });

  it('a file, or a link, is no directory', () => {
    fs.rmdirSync(directory);
    fs.writeFileSync(directory, '');
    expect(judge(me)).toMatch(/should be a directory/);
    fs.rmSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.symlinkSync(`${directory}-real`, directory);
    for (const owner of [ME, 1002]) expect(judge(ownedBy(me, owner, EVERYTHING))).toMatch(/is a link/);
    expect(judge(ownedBy(posix(platform, 0), 0, EVERYTHING))).toMatch(/is a link/);
  });

  it('a link that root has put there is part of the system, as /tmp is on macOS; its target is judged', () => {
    fs.rmdirSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.chmodSync(`${directory}-real`, 0o1777);
    fs.symlinkSync(`${directory}-real`, directory);
    expect(judge(ownedBy(me, 0, ITSELF))).toBeUndefined();
    fs.chmodSync(`${directory}-real`, 0o777);
    expect(judge(ownedBy(me, 0, ITSELF))).toMatch(/mode 777/);
  });
});

describe('on Windows', () => {
  it('modes and owners, which Node makes up, are not looked at', () => {
    fs.chmodSync(directory, 0o777);
    expect(judge(ownedBy(windows(), 1002, EVERYTHING))).toBeUndefined();
  });

  it('a link is refused, whoever made it', () => {
    fs.rmdirSync(directory);
    fs.symlinkSync(root, directory);
    expect(judge(ownedBy(windows(), 0, EVERYTHING))).toMatch(/is a link/);
  });
});
