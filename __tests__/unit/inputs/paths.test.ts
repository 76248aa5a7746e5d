// Paths and names by the rules of each platform.
import { describe, expect, it } from '@jest/globals';
import { configFile, InputError, profileName } from '../../../src/inputs/parsers.ts';
import { isInside } from '../../../src/inputs/paths.ts';

type Case = [file: string, directory: string, isInside: boolean];

const CASES: Record<'linux' | 'darwin' | 'win32', Case[]> = {
  linux: [
    ['/srv/repo/a', '/srv/repo', true],
    ['/srv/repo/..a', '/srv/repo', true],
    ['/srv/repo', '/srv/repo', false],
    ['/srv/repository/a', '/srv/repo', false],
    ['/SRV/repo/a', '/srv/repo', false],
    ['/private/tmp/a', '/tmp', false],
    ['/srv/repo\\a', '/srv/repo', false],
  ],
  darwin: [
    ['/Users/Runner/Work/a', '/users/runner/work', true],
    ['/Users/runner/caf\u00e9/a', '/Users/runner/cafe\u0301', true],
    ['/private/tmp/w/a', '/tmp/w', true],
    ['/tmp/w/a', '/private/tmp/w', true],
    ['/private/var/folders/x/a', '/var/folders/x', true],
    ['/private/other/a', '/other', false],
    ['/Users/runner/workshop/a', '/users/runner/work', false],
  ],
  win32: [
    ['D:\\a\\repo\\x', 'D:\\a\\repo', true],
    ['d:\\A\\Repo\\x', 'D:\\a\\repo', true],
    ['D:/a/repo/x', 'D:\\a\\repo', true],
    ['D:\\a\\repo.\\x', 'D:\\a\\repo', true],
    ['D:\\a\\repo. .\\x', 'D:\\a\\repo', true],
    ['\\\\?\\D:\\a\\repo\\x', 'D:\\a\\repo', true],
    ['D:\\a\\repo\\..\\x', 'D:\\a\\repo', false],
    ['C:\\a\\repo\\x', 'D:\\a\\repo', false],
    ['\\\\server\\share\\a', 'D:\\a', false],
    ['D:\\a\\repository\\x', 'D:\\a\\repo', false],
    ['D:\\a\\repo', 'D:\\a\\repo', false],
  ],
};

describe.each(Object.entries(CASES) as [NodeJS.Platform, Case[]][])('isInside on %s', (platform, cases) => {
  it.each(cases)('of %s and %s is %s', (file, directory, expected) => {
    expect(isInside(file, directory, platform)).toBe(expected);
  });
});

describe('the name of a profile', () => {
  const names = ['CON', 'con', 'NUL', 'Aux', 'prn', 'COM1', 'lpt9', 'con.x', 'COM0.a.b', 'a.', '...'];

  it.each(names)('cannot be %s on Windows, where no directory can have this name', (name) => {
    expect(() => profileName(name, { platform: 'win32' })).toThrow(InputError);
    for (const platform of ['linux', 'darwin'] as const) expect(profileName(name, { platform })).toBe(name);
  });

  it.each(['CONFIG', 'a.con', 'com', 'com10', '.a', 'NULL', 'con-1', 'DEFAULT'])(
    'can be %s on Windows',
    (name) => {
      expect(profileName(name, { platform: 'win32' })).toBe(name);
    },
  );
});

describe('a config file on Windows', () => {
  const context = { home: 'C:\\Users\\r', workspace: 'D:\\a\\repo', platform: 'win32' } as const;

  it.each([
    ['C:\\Users\\r\\.oci\\config', 'C:\\Users\\r\\.oci\\config'],
    ['C:/Users/r/../x/config', 'C:\\Users\\x\\config'],
    ['\\\\server\\share\\oci\\config', '\\\\server\\share\\oci\\config'],
  ])('can be %s', (raw, file) => {
    expect(configFile(raw, context)).toBe(file);
  });

  it.each([
    'C:config',
    '\\oci\\config',
    '/oci/config',
    'd:\\A\\REPO\\config',
    'D:/a/repo./config',
    'C:\\oci\\',
  ])('cannot be %s', (raw) => {
    expect(() => configFile(raw, context)).toThrow(InputError);
  });
});
