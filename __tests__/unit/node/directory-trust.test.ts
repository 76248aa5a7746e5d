// Directories in which other users could replace files, by platform and user.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import { describeWithModes } from '../systems-with.ts';
import { ownedBy, windows } from './fake-systems.ts';

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
const reasonFor = (system: System) => createFiles(system).unsafeReason(directory);

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
  it.each(modes)('a directory of mode %o is safe: %s', (mode, isSafe) => {
    fs.chmodSync(directory, mode);
    for (const uid of [ME, 0]) {
      const reason = reasonFor(ownedBy(posix(platform, uid), ME, EVERYTHING));
      if (isSafe) expect(reason).toBeUndefined();
      else expect(reason).toMatch(new RegExp(`mode ${mode.toString(8)}\\).*chmod go-w`));
    }
  });

  it('a directory of another user is unsafe, unless that user or this one is root', () => {
    expect(reasonFor(ownedBy(me, 1002, EVERYTHING))).toMatch(/1002.*1001.*chown/);
    expect(reasonFor(ownedBy(me, 0, EVERYTHING))).toBeUndefined();
    expect(reasonFor(ownedBy(posix(platform, 0), 1001, EVERYTHING))).toBeUndefined();
  });

  it('an absent directory is safe', () => {
    fs.rmdirSync(directory);
    expect(reasonFor(me)).toBeUndefined();
  });

  it('a file and a link are unsafe', () => {
    fs.rmdirSync(directory);
    fs.writeFileSync(directory, '');
    expect(reasonFor(me)).toMatch(/should be a directory/);
    fs.rmSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.symlinkSync(`${directory}-real`, directory);
    for (const owner of [ME, 1002]) expect(reasonFor(ownedBy(me, owner, EVERYTHING))).toMatch(/is a link/);
    expect(reasonFor(ownedBy(posix(platform, 0), 0, EVERYTHING))).toMatch(/is a link/);
  });

  it('a link of root is as safe as its target, as /tmp on macOS', () => {
    fs.rmdirSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.chmodSync(`${directory}-real`, 0o1777);
    fs.symlinkSync(`${directory}-real`, directory);
    expect(reasonFor(ownedBy(me, 0, ITSELF))).toBeUndefined();
    fs.chmodSync(`${directory}-real`, 0o777);
    expect(reasonFor(ownedBy(me, 0, ITSELF))).toMatch(/mode 777/);
  });
});

describe('on Windows', () => {
  it('ignores mode and owner, which Node invents', () => {
    fs.chmodSync(directory, 0o777);
    expect(reasonFor(ownedBy(windows(), 1002, EVERYTHING))).toBeUndefined();
  });

  it('a link of any owner is unsafe', () => {
    fs.rmdirSync(directory);
    fs.symlinkSync(root, directory);
    expect(reasonFor(ownedBy(windows(), 0, EVERYTHING))).toMatch(/is a link/);
  });
});
