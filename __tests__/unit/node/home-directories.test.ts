// Home directories from the environment and the account, and the note about their difference.
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { homeDirectoryNote } from '../../../src/inputs/warnings.ts';
import { findHomeDirectories } from '../../../src/node/home-directories.ts';
import { fullPath } from '../systems-with.ts';

const at = (file: string) => path.normalize(fullPath(file));
const unknown = (): never => {
  throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
};
const entry = (homedir: string) => () => ({ ...os.userInfo(), homedir });

describe('the home directory', () => {
  const cases: [what: string, home: () => string, account: () => os.UserInfo<string>, found: unknown][] = [
    [
      'HOME and account',
      () => at('/github/home'),
      entry(at('/root')),
      { home: at('/github/home'), account: at('/root') },
    ],
    ['no HOME', () => at('/root'), entry(at('/root')), { home: at('/root'), account: at('/root') }],
    ['empty HOME', () => '', entry(at('/root')), { home: at('/root'), account: at('/root') }],
    ['relative HOME', () => 'home', entry(at('/root')), { home: at('/root'), account: at('/root') }],
    ['no account', () => at('/h'), unknown, { home: at('/h'), account: undefined }],
    ['neither', unknown, unknown, { home: undefined, account: undefined }],
    ['an empty entry', () => '', entry(''), { home: undefined, account: undefined }],
    [
      'paths that are not normalized',
      () => fullPath('/h//x/../'),
      entry(fullPath('/h/')),
      { home: at('/h'), account: at('/h') },
    ],
  ];
  it.each(cases)('is found with %s', (_what, homedir, userInfo, found) => {
    expect(findHomeDirectories({ homedir, userInfo } as typeof os)).toEqual(found);
  });

  it('is not found when the system throws another error', () => {
    const broken = () => {
      throw new RangeError('not ours');
    };
    expect(() => findHomeDirectories({ homedir: broken, userInfo: os.userInfo })).toThrow(RangeError);
  });
});

describe('the note about two home directories', () => {
  const homes = { home: '/github/home', account: '/root' };

  it('names both', () => {
    expect(homeDirectoryNote('/github/home/.oci/config', homes)).toMatch(/\/root.*\/github\/home/);
  });

  it.each([
    ['there is only one', '/root/.oci/config', { home: '/root', account: '/root' }],
    ['the config is elsewhere', '/srv/oci/config', homes],
    ['the account has none', '/h/.oci/config', { home: '/h', account: undefined }],
    ['there is no HOME', '/srv/oci/config', { home: undefined, account: '/root' }],
  ])('is undefined when %s', (_why, file, found) => {
    expect(homeDirectoryNote(file, found)).toBeUndefined();
  });
});
