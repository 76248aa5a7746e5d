// Where the home is, when the environment, the account, both or neither say so; and what is said of it.
import os from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { findHomeDirectories } from '../../../src/node/home-directories.ts';
import { homeDirectoryNote } from '../../../src/targets/home-note.ts';

const unknown = (): never => {
  throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
};
const entry = (homedir: string) => () => ({ ...os.userInfo(), homedir });

describe('the home', () => {
  const cases: [what: string, home: () => string, account: () => os.UserInfo<string>, found: unknown][] = [
    ['of both', () => '/github/home', entry('/root'), { home: '/github/home', account: '/root' }],
    ['without HOME', () => '/root', entry('/root'), { home: '/root', account: '/root' }],
    ['with HOME empty', () => '', entry('/root'), { home: '/root', account: '/root' }],
    ['with HOME relative', () => 'home', entry('/root'), { home: '/root', account: '/root' }],
    ['of no account', () => '/h', unknown, { home: '/h', account: undefined }],
    ['of nobody', unknown, unknown, { home: undefined, account: undefined }],
    ['of an empty entry', () => '', entry(''), { home: undefined, account: undefined }],
    ['in other spellings', () => '/h//x/../', entry('/h/'), { home: '/h', account: '/h' }],
  ];
  it.each(cases)('is found: %s', (_what, homedir, userInfo, found) => {
    expect(findHomeDirectories({ homedir, userInfo } as typeof os)).toEqual(found);
  });

  it('does not hide other faults', () => {
    const broken = () => {
      throw new RangeError('not ours');
    };
    expect(() => findHomeDirectories({ homedir: broken, userInfo: os.userInfo })).toThrow(RangeError);
  });
});

describe('the note on two homes', () => {
  const homes = { home: '/github/home', account: '/root' };

  it('names both, and the variable that helps Terraform', () => {
    const note = homeDirectoryNote('/github/home/.oci/config', homes);
    expect(note).toMatch(/\/github\/home.*\/root.*TF_HOME_OVERRIDE to \/github\/home\.$/);
  });

  it('names no variable for a config that no variable would lead to', () => {
    expect(homeDirectoryNote('/github/home/oci.cfg', homes)).not.toContain('TF_HOME_OVERRIDE');
  });

  it.each([
    ['the homes are one', '/root/.oci/config', { home: '/root', account: '/root' }],
    ['the config lies elsewhere', '/srv/oci/config', homes],
    ['the account has none', '/h/.oci/config', { home: '/h', account: undefined }],
    ['there is none', '/srv/oci/config', { home: undefined, account: '/root' }],
  ])('is not made when %s', (_why, file, found) => {
    expect(homeDirectoryNote(file, found)).toBeUndefined();
  });
});
