// The one name of a file that has several.
import fs, { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalPath } from '../../../src/node/canonical-path.ts';
import type { System } from '../../../src/node/system.ts';
import { itWithLinks } from '../systems-with.ts';

let root: string;
beforeAll(() => {
  root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'canonical-')));
  mkdirSync(path.join(root, 'real/deep'), { recursive: true });
  writeFileSync(path.join(root, 'real/file'), '');
  symlinkSync('real', path.join(root, 'link'));
  symlinkSync('real/deep', path.join(root, 'deep-link'));
  symlinkSync('link', path.join(root, 'second'));
  symlinkSync('absent', path.join(root, 'dangling'));
  symlinkSync('file', path.join(root, 'real/file-link'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the canonical path', () => {
  itWithLinks.each([
    ['an existing file', 'real/file', 'real/file'],
    ['a file below a linked directory', 'link/file', 'real/file'],
    ['a file below two links', 'second/file', 'real/file'],
    ['an absent file below a linked directory', 'link/a/b', 'real/a/b'],
    ['an absent file', 'a/b/c', 'a/b/c'],
    // As the system resolves it; `path.normalize` gives `file`.
    ['`..` after a link', 'deep-link/../file', 'real/file'],
    ['`..` after an absent directory', 'a/../real/./file', 'real/file'],
    ['a link in place of the file', 'link/file-link', 'real/file-link'],
    ['a link that leads nowhere', 'dangling/config', 'dangling/config'],
  ])('of %s', (_what, name, expected) => {
    expect(canonicalPath(`${root}/${name}`)).toBe(path.join(root, expected));
  });

  itWithLinks('of a linked directory is that of its target', () => {
    expect(canonicalPath(`${root}/second`, 'directory')).toBe(path.join(root, 'real'));
    expect(canonicalPath(`${root}/second`)).toBe(path.join(root, 'second'));
  });

  it('without any existing directory is the normalized path', () => {
    const drive = path.resolve('/');
    expect(canonicalPath(drive)).toBe(drive);
    expect(canonicalPath(`${drive}absent//x/../config`)).toBe(path.join(drive, 'absent/config'));
  });

  describe('on Windows', () => {
    /** A disk that ignores letter case and returns the names of what exists as they were created. */
    const windows = (...existing: string[]): System => {
      const find = (name: string) => {
        const plain = path.win32.normalize(name).toLowerCase();
        const found = existing.find((one) => one.toLowerCase() === plain);
        if (found === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
        return found;
      };
      const lstatSync = (name: string) => find(name) && { isSymbolicLink: () => false };
      const system = { lstatSync, realpathSync: { native: find } };
      return {
        platform: 'win32',
        uid: undefined,
        temporary: undefined,
        workspace: undefined,
        fs: { ...fs, ...system } as unknown as System['fs'],
      };
    };

    it('is the same before the file exists and after', () => {
      const before = windows('C:\\', 'C:\\Users');
      const file = canonicalPath('c:\\users\\R\\.oci\\config', 'file', before);
      expect(file).toBe('C:\\Users\\R\\.oci\\config');
      const after = windows('C:\\', 'C:\\Users', 'C:\\Users\\R', 'C:\\Users\\R\\.oci', file);
      for (const name of [file, 'c:/USERS/r/.OCI/Config', 'C:\\users\\r\\x\\..\\.oci\\config'])
        expect(canonicalPath(name, 'file', after)).toBe(file);
    });
  });
});
