// Several sessions in one home: of one job or several, of one profile or several, undone in any order.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { homeWith, installed, type Login, newLogin, removeHomes } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const USER = '[P]\nuser=ocid1.user\n';
const originals: [string, Record<string, string>][] = [
  ['no config at all', {}],
  ['an empty config', { '.oci/config': '' }],
  ['a finished last line', { '.oci/config': '[Z]\nx=1\n' }],
  ['an unfinished last line', { '.oci/config': '[Z]\nx=1' }],
  ['sections of all three names', { '.oci/config': '[A]\nx=1\n\n# b\n[B]\nx=2\n[C]\nx=3\n' }],
  ['sections of all three names, unfinished', { '.oci/config': '[A]\nx=1\n[B]\nx=2\n[C]\nx=3' }],
  ['an unfinished section of one of the names', { '.oci/config': '[Z]\n[A]\nx=1' }],
];
const orders = ['ABC', 'ACB', 'BAC', 'BCA', 'CAB', 'CBA'].map((order) => order.split(''));

function keysIn(home: string): string[] {
  return Object.keys(treeOf(home)).filter((name) => name.endsWith('.pem') || name.endsWith('token'));
}

describe('three profiles of one job', () => {
  for (const [title, files] of originals) {
    it.each(orders)(`are undone in the order %s%s%s where there was ${title}`, async (...order) => {
      const { home, before } = homeWith(files);
      const logins = new Map<string, Login>();
      for (const profile of 'ABC') {
        logins.set(profile, await installed(home, `a${profile.toLowerCase()}`, { profile, overwrite: true }));
      }
      for (const profile of order) await logins.get(profile)?.remove();
      expect(treeOf(home)).toEqual(before);
    });
  }
});

describe('an unfinished last line', () => {
  it.each(['PD', 'DP'])(
    'stays so when its section was replaced after ours was added, undone as %s',
    async (order) => {
      const { home, before } = homeWith({ '.oci/config': '[D]\nx=1' });
      const logins = new Map<string, Login>();
      for (const profile of 'PD') {
        logins.set(
          profile,
          await installed(home, `a${profile === 'P' ? 1 : 2}`, { profile, overwrite: true }),
        );
      }
      for (const profile of order) await logins.get(profile)?.remove();
      expect(treeOf(home)).toEqual(before);
    },
  );

  it('stays so when its section was replaced twice since', async () => {
    const { home, before } = homeWith({ '.oci/config': '[P]\na=' });
    const logins = [await installed(home, 'a1', { profile: 'D' })];
    for (const id of ['a2', 'a3']) logins.push(await installed(home, id, { overwrite: true }));
    for (const login of logins) await login.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('stays so when the line end that it got passes from one session to another', async () => {
    const { home, before } = homeWith({ '.oci/config': '[P]\na=' });
    const lower = await installed(home, 'a1', { overwrite: true });
    const first = await installed(home, 'a2', { profile: 'D' });
    const second = await installed(home, 'a3', { profile: 'D' });
    for (const login of [lower, second, first]) await login.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('two logins of one job to one profile', () => {
  it.each([
    ['no config', {}],
    ['other profiles', { '.oci/config': '[Z]\nx=1' }],
    ['a section of the user', { '.oci/config': `${USER}[Z]\n` }],
    ['a section and files of the user', { '.oci/config': USER, '.oci/sessions/P/token': 'theirs' }],
  ])('go back one by one to %s', async (_title, files) => {
    const { home, before } = homeWith(files);
    const first = await installed(home, 'a1', { overwrite: true });
    const between = treeOf(home);
    const second = await installed(home, 'a2', { overwrite: true });
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a2');
    await second.remove();
    expect(treeOf(home)).toEqual(between);
    await first.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it.each([
    ['no config', {}],
    ['other profiles', { '.oci/config': '[Z]\nx=1' }],
    ['a section of the user', { '.oci/config': `${USER}[Z]\n` }],
    ['a section and files of the user', { '.oci/config': USER, '.oci/sessions/P/token': 'theirs' }],
  ])('lead back to %s when the first goes first', async (_title, files) => {
    const { home, before } = homeWith(files);
    const first = await installed(home, 'a1', { overwrite: true });
    const second = await installed(home, 'a2', { overwrite: true });
    await first.remove();
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a2');
    await second.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it.each([
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ])('do so as three, in the order %i %i %i', async (...order) => {
    const { home, before } = homeWith({ '.oci/config': USER, '.oci/sessions/P/token': 'theirs' });
    const logins = new Map<number, Login>();
    for (const n of [1, 2, 3]) logins.set(n, await installed(home, `a${n}`, { overwrite: true }));
    for (const n of order) await logins.get(n)?.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('need no leave to replace a section of their own', async () => {
    const { home, before } = homeWith({});
    const first = await installed(home, 'a1');
    const second = await installed(home, 'a2');
    await second.remove();
    await first.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('a session of a job that died', () => {
  it.each([
    ['nothing', {}],
    ['an empty config', { '.oci/config': '' }],
    ['an unfinished last line', { '.oci/config': '[Z]\nx=1' }],
    ['a section of the user', { '.oci/config': USER, '.oci/sessions/P/token': 'theirs' }],
  ])('is gone with the next one, and %s comes back', async (_title, files) => {
    const { home, before } = homeWith(files);
    await installed(home, 'd1', { job: 'dead', overwrite: true });
    const next = await installed(home, 'a1', { overwrite: true });
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a1');
    expect(existsSync(path.join(home, '.oci/sessions/P~d1'))).toBe(false);
    await next.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('is no reason to replace what the user had in its place', async () => {
    const { home, before } = homeWith({ '.oci/config': USER });
    await installed(home, 'd1', { job: 'dead', overwrite: true });
    const next = newLogin(home, 'a1');
    await expect(next.install()).rejects.toMatchObject({ code: 'PROFILE_EXISTS' });
    await next.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it.each([
    ['d1', 'd2'],
    ['d2', 'd1'],
  ])('may be two, %s below %s', async (lower, upper) => {
    const { home, before } = homeWith({ '.oci/config': '[Z]\nx=1' });
    await installed(home, lower, { job: 'dead' });
    await installed(home, upper, { job: 'dead' });
    const next = await installed(home, 'a1');
    expect(keysIn(home)).toEqual(['.oci/sessions/P/oci_api_key.pem', '.oci/sessions/P/token']);
    await next.remove();
    expect(keysIn(home)).toEqual([]);
    expect(treeOf(home)['.oci/config']).toEqual(before['.oci/config']);
  });

  it('stays when it serves another profile', async () => {
    const { home } = homeWith({});
    await installed(home, 'd1', { job: 'dead', profile: 'Q' });
    const between = treeOf(home);
    const next = await installed(home, 'a1');
    await next.remove();
    expect(treeOf(home)['.oci/sessions/Q/token']).toBe(between['.oci/sessions/Q/token']);
    expect(readFileSync(path.join(home, '.oci/config'), 'latin1')).toContain('[Q]');
  });

  it('whose record is gone is replaced, and its section not put back', async () => {
    const { home } = homeWith({
      '.oci/config': '[P]\n# oci-wif-action login d1 of job dead, removed\nregion=x\n',
    });
    const next = await installed(home, 'a1');
    await next.remove();
    expect(readFileSync(path.join(home, '.oci/config'), 'latin1')).toBe('');
  });
});

describe('a profile of another job', () => {
  const HOUR_MS = 3_600_000;

  it('returns PROFILE_IN_USE when its runner process is alive, and is left alone', async () => {
    const { home, before } = homeWith({ '.oci/config': '[Z]\nx=1' });
    const expiresAt = Date.now() + HOUR_MS;
    const first = await installed(home, 'b1', { job: 'b', expiresAt });
    const between = treeOf(home);
    const next = newLogin(home, 'a1', { overwrite: true, otherJobs: 'alive' });
    await expect(next.install()).rejects.toMatchObject({
      code: 'PROFILE_IN_USE',
      message: expect.stringContaining(new Date(expiresAt).toISOString()),
    });
    await next.remove();
    expect(treeOf(home)).toEqual(between);
    await first.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('returns PROFILE_IN_USE for another config in the directory, which would share its session files', async () => {
    const { home } = homeWith({});
    await installed(home, 'b1', { job: 'b' });
    const next = newLogin(home, 'a1', { configFile: '.oci/other', otherJobs: 'alive' });
    await expect(next.install()).rejects.toMatchObject({ code: 'PROFILE_IN_USE' });
  });

  it('is no obstacle under another name', async () => {
    const { home } = homeWith({});
    await installed(home, 'b1', { job: 'b', profile: 'Q' });
    const next = newLogin(home, 'a1', { otherJobs: 'alive' });
    await next.install();
    expect(next.warnings).toEqual([]);
  });

  it.each([
    ['its runner process is gone', { otherJobs: 'gone' }, HOUR_MS, []],
    ['its session has expired', { otherJobs: 'alive' }, -1, []],
    ['nobody can tell', { otherJobs: 'unknown' }, HOUR_MS, [expect.stringContaining('[P]')]],
  ] as const)(
    'is replaced when %s; its own post then removes nothing',
    async (_what, options, life, warnings) => {
      const { home, before } = homeWith({ '.oci/config': '[Z]\nx=1', '.oci/sessions/P/token': 'theirs' });
      const first = await installed(home, 'b1', { job: 'b', expiresAt: Date.now() + life });
      const next = await installed(home, 'a1', options);
      expect(next.warnings).toEqual(warnings);
      const between = treeOf(home);
      await first.remove();
      expect(treeOf(home)).toEqual(between);
      await next.remove();
      expect(treeOf(home)).toEqual(before);
    },
  );
});
