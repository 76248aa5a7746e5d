// Files on each platform. Other platforms are emulated on this one's file system.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import { itWithLinks } from '../systems-with.ts';
import { failing, windows } from './fake-systems.ts';

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
  itWithLinks('does not read, create or replace the target of a link', () => {
    const files = createFiles(system());
    fs.writeFileSync(at('target'), 'theirs');
    for (const [link, to] of [
      ['link', 'target'],
      ['dangling', 'nowhere'],
    ] as const) {
      fs.symlinkSync(at(to), at(link));
      expect(files.read(at(link))).toBeUndefined();
      expect(() => files.overwrite(at(link), () => 'x')).toThrow(
        expect.objectContaining({ code: expect.any(String) }),
      );
      expect(() => files.create(at(link), 'ours')).toThrow(expect.objectContaining({ code: 'PATH_UNSAFE' }));
      files.replace(at('new'), bytes('ours'), at(link)); // as the scratch file
      files.remove(at('new'));
      fs.symlinkSync(at(to), at(link));
      files.replace(at(link), bytes('ours'), at('scratch'));
      expect([files.kind(at(link)), text(link)]).toEqual(['file', 'ours']);
    }
    expect([text('target'), fs.existsSync(at('nowhere'))]).toEqual(['theirs', false]);
  });

  it('does not change a file under its other hard link', () => {
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

  it('removes a link to a directory, but not its content', () => {
    fs.mkdirSync(at('theirs'));
    fs.writeFileSync(at('theirs/file'), 'theirs');
    fs.symlinkSync(at('theirs'), at('link'));
    const files = createFiles(system());
    expect(files.list(at('link'))).toEqual([]);
    files.removeTree(at('link'));
    expect([fs.readdirSync(directory), text('theirs/file')]).toEqual([['theirs'], 'theirs']);
  });

  it('leaves no incomplete file when the disk is full', () => {
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
  it.each(BUSY)('retries while another process has the file open: %s', (code) => {
    fs.writeFileSync(at('config'), 'before');
    createFiles(failing(windows(), 'renameSync', code, 3)).replace(at('config'), bytes('now'), at('s'));
    createFiles(failing(windows(), 'renameSync', code, 3)).rename(at('config'), at('moved'));
    expect(text('moved')).toBe('now');
    createFiles(failing(windows(), 'rmSync', code, 3)).remove(at('moved'));
    fs.mkdirSync(at('tree/inner'), { recursive: true });
    createFiles(failing(windows(), 'rmSync', code, 3)).removeTree(at('tree'));
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('fails and changes nothing when another process never closes the file', () => {
    fs.writeFileSync(at('config'), 'before');
    const files = createFiles(failing(windows(), 'renameSync', 'EPERM'));
    expect(() => files.replace(at('config'), bytes('now'), at('scratch'))).toThrow(
      expect.objectContaining({ code: 'FILES_NOT_WRITABLE', message: expect.stringContaining('EPERM') }),
    );
    expect([fs.readdirSync(directory), text('config')]).toEqual([['config'], 'before']);
  });

  it('sets no modes', () => {
    const files = createFiles(failing(windows(), 'fchmodSync', 'EPERM'));
    files.create(at('new'), 'a');
    files.replace(at('new'), bytes('b'), at('scratch'));
    expect(text('new')).toBe('b');
  });
});

describe('on Linux and macOS', () => {
  it.each(['linux', 'darwin'] as const)('does not retry on %s', (platform) => {
    fs.writeFileSync(at('config'), 'before');
    const system = failing({ ...thisSystem, platform }, 'renameSync', 'EPERM', 1);
    expect(() => createFiles(system).replace(at('config'), bytes('now'), at('s'))).toThrow(
      expect.objectContaining({ code: 'FILES_NOT_WRITABLE' }),
    );
    expect(text('config')).toBe('before');
  });
});
