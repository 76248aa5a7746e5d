// Several logins in one home, of one job or of several, removed in any order.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { itWithLinks } from '../systems-with.ts';
import { fill, homeWith, installed, type Login, newHome, newLogin, removeHomes } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const USER = '[P]\nuser=ocid1.user\n';
const originals: [string, Record<string, string>][] = [
  ['no config', {}],
  ['an empty config', { '.oci/config': '' }],
  ['a last line end', { '.oci/config': '[Z]\nx=1\n' }],
  ['no last line end', { '.oci/config': '[Z]\nx=1' }],
  ['sections of all three names', { '.oci/config': '[A]\nx=1\n\n# b\n[B]\nx=2\n[C]\nx=3\n' }],
  ['sections of all three names and no last line end', { '.oci/config': '[A]\nx=1\n[B]\nx=2\n[C]\nx=3' }],
  ['a section of one of the names and no last line end', { '.oci/config': '[Z]\n[A]\nx=1' }],
];
const orders = ['012', '021', '102', '120', '201', '210'].map((order) => order.split('').map(Number));

async function removeIn(order: readonly number[], logins: readonly Login[]): Promise<void> {
  for (const at of order) await logins[at]?.remove();
}

function keysIn(home: string): string[] {
  return Object.keys(treeOf(home)).filter((name) => name.endsWith('.pem') || name.endsWith('token'));
}

describe('three profiles of one job', () => {
  for (const [title, files] of originals) {
    it.each(orders)(`are removed in the order %i, %i, %i from a home with ${title}`, async (...order) => {
      const { home, before } = homeWith(files);
      const logins = [];
      for (const profile of 'ABC')
        logins.push(await installed(home, `a${profile.toLowerCase()}`, { profile, overwrite: true }));
      await removeIn(order, logins);
      expect(treeOf(home)).toEqual(before);
    });
  }
});

describe('a file without a last line end is restored', () => {
  it.each([
    [0, 1],
    [1, 0],
  ])('when its section was replaced after another login; removed in the order %i, %i', async (...order) => {
    const { home, before } = homeWith({ '.oci/config': '[D]\nx=1' });
    const logins = [await installed(home, 'a1', { profile: 'P' })];
    logins.push(await installed(home, 'a2', { profile: 'D', overwrite: true }));
    await removeIn(order, logins);
    expect(treeOf(home)).toEqual(before);
  });

  it('when two logins replaced its section after another login', async () => {
    const { home, before } = homeWith({ '.oci/config': '[P]\na=' });
    const logins = [await installed(home, 'a1', { profile: 'D' })];
    for (const id of ['a2', 'a3']) logins.push(await installed(home, id, { overwrite: true }));
    for (const login of logins) await login.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('when the line end that a login added now belongs to another login', async () => {
    const { home, before } = homeWith({ '.oci/config': '[P]\na=' });
    const lower = await installed(home, 'a1', { overwrite: true });
    const first = await installed(home, 'a2', { profile: 'D' });
    const second = await installed(home, 'a3', { profile: 'D' });
    for (const login of [lower, second, first]) await login.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('two logins to one directory with two paths, as in two containers', () => {
  itWithLinks.each([
    [0, 1],
    [1, 0],
  ])('are removed in the order %i, %i', async (...order) => {
    const { home, before } = homeWith({ '.oci/config': USER, '.oci/sessions/P/token': 'theirs' });
    const other = path.join(newHome(), 'link');
    symlinkSync(home, other);
    const logins = [await installed(home, 'a1', { overwrite: true })];
    logins.push(await installed(other, 'a2', { overwrite: true }));
    await removeIn(order, logins);
    expect(treeOf(home)).toEqual(before);
  });
});

describe('three logins of one job to one profile', () => {
  it.each(orders)('are removed in the order %i, %i, %i', async (...order) => {
    const { home, before } = homeWith({ '.oci/config': USER, '.oci/sessions/P/token': 'theirs' });
    const logins = [];
    for (const id of ['a1', 'a2', 'a3']) logins.push(await installed(home, id, { overwrite: true }));
    await removeIn(order, logins);
    expect(treeOf(home)).toEqual(before);
  });

  it('replace the section of each other without `overwrite-profile`', async () => {
    const { home, before } = homeWith({});
    const logins = [];
    for (const id of ['a1', 'a2', 'a3']) logins.push(await installed(home, id));
    for (const login of logins.toReversed()) await login.remove();
    expect(treeOf(home)).toEqual(before);
  });
});

describe('the next login after a job that died', () => {
  it.each([
    ['nothing', {}],
    ['an empty config', { '.oci/config': '' }],
    ['no last line end', { '.oci/config': '[Z]\nx=1' }],
    ['a section of the user', { '.oci/config': USER, '.oci/sessions/P/token': 'theirs' }],
  ])('removes its session; its own removal restores %s', async (_title, files) => {
    const { home, before } = homeWith(files);
    await installed(home, 'd1', { job: 'dead', overwrite: true });
    const next = await installed(home, 'a1', { overwrite: true });
    expect(treeOf(home)['.oci/sessions/P/token']).toContain('token of a1');
    expect(existsSync(path.join(home, '.oci/sessions/P~d1'))).toBe(false);
    await next.remove();
    expect(treeOf(home)).toEqual(before);
  });

  it('returns PROFILE_EXISTS for the section that the dead job had replaced', async () => {
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
  ])('removes the sessions of two logins, %s and %s', async (lower, upper) => {
    const { home, before } = homeWith({ '.oci/config': '[Z]\nx=1' });
    await installed(home, lower, { job: 'dead' });
    await installed(home, upper, { job: 'dead' });
    const next = await installed(home, 'a1');
    expect(keysIn(home)).toEqual(['.oci/sessions/P/oci_api_key.pem', '.oci/sessions/P/token']);
    await next.remove();
    expect(keysIn(home)).toEqual([]);
    expect(treeOf(home)['.oci/config']).toEqual(before['.oci/config']);
  });

  it('keeps the session of another profile', async () => {
    const { home } = homeWith({});
    await installed(home, 'd1', { job: 'dead', profile: 'Q' });
    const between = treeOf(home);
    const next = await installed(home, 'a1');
    await next.remove();
    expect(treeOf(home)['.oci/sessions/Q/token']).toBe(between['.oci/sessions/Q/token']);
    expect(readFileSync(path.join(home, '.oci/config'), 'latin1')).toContain('[Q]');
  });

  it('replaces a section without a ledger, and does not restore it', async () => {
    const { home } = homeWith({
      '.oci/config': '[P]\n# oci-wif-action login d1 of job dead, removed\nregion=x\n',
    });
    const next = await installed(home, 'a1');
    await next.remove();
    expect(readFileSync(path.join(home, '.oci/config'), 'latin1')).toBe('');
  });
});

describe('a profile of another job', () => {
  it('returns PROFILE_IN_USE for another config in the same directory, whose session files are the same', async () => {
    const { home } = homeWith({});
    await installed(home, 'b1', { job: 'b' });
    const next = newLogin(home, 'a1', { configFile: '.oci/other', otherJobs: 'alive' });
    await expect(next.install()).rejects.toMatchObject({ code: 'PROFILE_IN_USE' });
  });

  it('does not prevent a login to another profile', async () => {
    const { home } = homeWith({});
    await installed(home, 'b1', { job: 'b', profile: 'Q' });
    const next = newLogin(home, 'a1', { otherJobs: 'alive' });
    await next.install();
    expect(next.warnings).toEqual([]);
  });
});

describe('a directory of another program beside the sessions', () => {
  it.each(['x~', '0~note', '~', '#~'])('is kept, and everything else is removed: %s', async (name) => {
    const { home } = homeWith({});
    const first = await installed(home, 'a1', { profile: 'A' });
    fill(home, { [`.oci/sessions/${name}/note`]: 'of the user' });
    const second = await installed(home, 'a2', { profile: 'B' });
    await first.remove();
    await second.remove();
    expect(Object.keys(treeOf(home))).toEqual([
      '.',
      '.oci',
      '.oci/sessions',
      `.oci/sessions/${name}`,
      `.oci/sessions/${name}/note`,
    ]);
  });
});

describe('logins to two configs in one directory', () => {
  it.each(orders)('are removed in the order %i, %i, %i', async (...order) => {
    const { home, before } = homeWith({ '.oci/config': '[P]\nuser=a\n', '.oci/other': '[P]\nuser=b\n' });
    const logins = [];
    for (const [at, name] of ['config', 'other', 'config'].entries())
      logins.push(await installed(home, `a${at}`, { configFile: `.oci/${name}`, overwrite: true }));
    await removeIn(order, logins);
    expect(treeOf(home)).toEqual(before);
  });
});
