// Files as each platform needs them. Systems that are not this one are played: this one's file system, with the manners
// of the other laid over it.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import { itWithModes } from '../systems-with.ts';
import { failing, windows } from './systems.ts';

const root = fs.mkdtempSync(path.join(tmpdir(), 'files-test-'));
let directory = root;
const at = (name: string) => path.join(directory, name);
const text = (name: string) => fs.readFileSync(at(name), 'utf8');
const bytes = (content: string) => Buffer.from(content);

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(root, 'd-'));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const SYSTEMS: [string, () => System][] = [
  ['Linux', () => ({ ...thisSystem, platform: 'linux' })],
  ['macOS', () => ({ ...thisSystem, platform: 'darwin' })],
  ['Windows', () => windows()],
];

describe.each(SYSTEMS)('on %s', (_name, system) => {
  it('what a link leads to is not read, created or replaced', () => {
    const files = createFiles(system());
    fs.writeFileSync(at('target'), 'theirs');
    for (const [link, to] of [
      ['link', 'target'],
      ['dangling', 'nowhere'],
    ] as const) {
      fs.symlinkSync(at(to), at(link));
      expect(() => files.read(at(link))).toThrow(expect.objectContaining({ code: 'PATH_UNSAFE' }));
      expect(() => files.create(at(link), 'ours')).toThrow(expect.objectContaining({ code: 'PATH_UNSAFE' }));
      files.replace(at('new'), bytes('ours'), at(link)); // as the scratch file
      files.remove(at('new'));
      fs.symlinkSync(at(to), at(link));
      files.replace(at(link), bytes('ours'), at('scratch'));
      expect([files.kind(at(link)), text(link)]).toEqual(['file', 'ours']);
    }
    expect([text('target'), fs.existsSync(at('nowhere'))]).toEqual(['theirs', false]);
  });

  it('what has a second name keeps its content under that', () => {
    const files = createFiles(system());
    fs.writeFileSync(at('theirs'), 'theirs');
    fs.linkSync(at('theirs'), at('config'));
    fs.linkSync(at('theirs'), at('scratch'));
    expect(() => files.create(at('config'), 'ours')).toThrow(
      expect.objectContaining({ code: 'PATH_UNSAFE' }),
    );
    files.replace(at('config'), bytes('ours'), at('scratch'));
    expect([text('theirs'), text('config')]).toEqual(['theirs', 'ours']);
  });

  it('a link to a directory is removed, not what lies there', () => {
    fs.mkdirSync(at('theirs'));
    fs.writeFileSync(at('theirs/file'), 'theirs');
    fs.symlinkSync(at('theirs'), at('link'));
    const files = createFiles(system());
    expect(files.list(at('link'))).toEqual([]);
    files.removeTree(at('link'));
    expect([fs.readdirSync(directory), text('theirs/file')]).toEqual([['theirs'], 'theirs']);
  });

  it('half a file does not stay when the disk is full', () => {
    const full = failing(system(), 'writeFileSync', 'ENOSPC');
    fs.writeFileSync(at('config'), 'before');
    expect(() => createFiles(full).replace(at('config'), bytes('after'), at('scratch'))).toThrow(
      expect.objectContaining({
        code: 'FILES_NOT_WRITABLE',
        message: expect.stringContaining('ENOSPC'),
      }),
    );
    expect([fs.readdirSync(directory), text('config')]).toEqual([['config'], 'before']);
  });
});

const BUSY = ['EPERM', 'EBUSY', 'EACCES'];

describe('on Windows', () => {
  it.each(BUSY)('a file that somebody reads is replaced, moved and removed after a while: %s', (code) => {
    fs.writeFileSync(at('config'), 'before');
    createFiles(failing(windows(), 'renameSync', code, 3)).replace(at('config'), bytes('now'), at('s'));
    createFiles(failing(windows(), 'renameSync', code, 3)).rename(at('config'), at('moved'));
    expect(text('moved')).toBe('now');
    createFiles(failing(windows(), 'rmSync', code, 3)).remove(at('moved'));
    fs.mkdirSync(at('tree/inner'), { recursive: true });
    createFiles(failing(windows(), 'rmSync', code, 3)).removeTree(at('tree'));
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('one that somebody never closes is given up, and nothing has changed', () => {
    fs.writeFileSync(at('config'), 'before');
    const files = createFiles(failing(windows(), 'renameSync', 'EPERM'));
    expect(() => files.replace(at('config'), bytes('now'), at('scratch'))).toThrow(
      expect.objectContaining({ code: 'FILES_NOT_WRITABLE', message: expect.stringContaining('EPERM') }),
    );
    expect([fs.readdirSync(directory), text('config')]).toEqual([['config'], 'before']);
  });

  it('modes are left alone, which mean nothing there', () => {
    const files = createFiles(failing(windows(), 'fchmodSync', 'EPERM'));
    files.create(at('new'), 'a');
    files.replace(at('new'), bytes('b'), at('scratch'));
    expect(text('new')).toBe('b');
  });
});

describe('on Linux and macOS', () => {
  it.each(['linux', 'darwin'] as const)('a refusal is final: %s', (platform) => {
    fs.writeFileSync(at('config'), 'before');
    const system = failing({ ...thisSystem, platform }, 'renameSync', 'EPERM', 1);
    expect(() => createFiles(system).replace(at('config'), bytes('now'), at('s'))).toThrow(
      expect.objectContaining({ code: 'FILES_NOT_WRITABLE' }),
    );
    expect(text('config')).toBe('before');
  });

  itWithModes('new files are for the owner alone, and an old one keeps its mode, whatever the umask', () => {
    const files = createFiles(thisSystem);
    const before = process.umask();
    try {
      for (const umask of [0o000, 0o022, 0o077]) {
        process.umask(umask);
        files.create(at(`new-${umask}`), '');
        files.makeDirectory(at(`directory-${umask}`));
        fs.writeFileSync(at(`old-${umask}`), '');
        fs.chmodSync(at(`old-${umask}`), 0o664);
        files.replace(at(`old-${umask}`), bytes('x'), at('scratch'));
        const modes = ['new', 'directory', 'old'].map(
          (name) => fs.statSync(at(`${name}-${umask}`)).mode & 0o777,
        );
        expect(modes).toEqual([0o600, 0o700, 0o664]);
      }
    } finally {
      process.umask(before);
    }
  });
});
