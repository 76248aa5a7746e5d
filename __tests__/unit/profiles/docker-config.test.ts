// Entries of two logins in Docker's config file, killed before each call to the disk.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newSavedState, saveInstalled } from '../../../src/login/saved-state.ts';
import type { Disk } from '../../../src/ports.ts';
import { blankPassword, formatOf } from '../../../src/profiles/docker-config.ts';
import { installSection } from '../../../src/profiles/install.ts';
import { helperName, membersOf } from '../../../src/profiles/json-members.ts';
import { removeSection } from '../../../src/profiles/remove.ts';
import type { DockerObject } from '../../../src/profiles/section-target.ts';
import { atEveryCall, disk, dyingDisk, homeWith, removeHomes, survives } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const HOST = 'fra.ocir.io';
const PASSWORD = 'QkVBUkVSX1RPS0VOOmFiY2RlZmdoaWprbG1ub3A';

function newLogin(home: string, id: string) {
  const state = newSavedState(id, null);
  const file = path.join(home, '.docker', 'config.json');
  const install = async (on: Disk, member: DockerObject, value: unknown) =>
    installSection(
      {
        disk: on,
        owner: { loginId: id, jobId: '0b' },
        runnerProcesses: { parent: () => null, stateOf: () => 'gone' as const },
        warn: () => {},
        save: (one) => saveInstalled({ saveState: () => {} }, state, one),
      },
      {
        target: { file, section: HOST, member, directory: null },
        format: membersOf(member),
        overwrite: true,
        expiresAt: null,
        lines: [JSON.stringify(value)],
        isSecret: member === 'auths',
      },
    );
  return {
    async install(on = disk) {
      await install(on, 'credHelpers', helperName(id));
      await install(on, 'auths', { auth: `${PASSWORD}${id}` });
    },
    async remove(on = disk) {
      for (const one of state.installed) blankPassword(on.files, id, one);
      for (const one of state.installed.toReversed()) await removeSection(on, id, one, formatOf(one));
    },
  };
}

const HOMES = [
  ['no directory', {}],
  ['an empty object', { '.docker/config.json': '{\r\n}' }],
  [
    'entries of the user',
    { '.docker/config.json': `{"auths":{"${HOST}":{"auth":"eDp5"}},"credHelpers":{"${HOST}":"pass"}}` },
  ],
] as const;

describe("entries in Docker's config file", () => {
  it.each(HOMES)(
    'are removed after a crash of the second login at any call, beside %s',
    async (_what, files) => {
      await atEveryCall(async (n) => {
        const { home, before } = homeWith({ ...files });
        const [one, two] = [newLogin(home, 'a1'), newLogin(home, 'b2')];
        await one.install();
        const survived = await survives(two.install(dyingDisk(n)));
        await two.remove();
        await one.remove();
        expect([n, treeOf(home)]).toEqual([n, before]);
        return survived;
      });
    },
  );

  it.each(HOMES)(
    'are removed by a post that runs again after a crash at any call, beside %s',
    async (_what, files) => {
      await atEveryCall(async (n) => {
        const { home, before } = homeWith({ ...files });
        const [one, two] = [newLogin(home, 'a1'), newLogin(home, 'b2')];
        await one.install();
        await two.install();
        const survived = await survives(one.remove(dyingDisk(n)));
        await one.remove();
        await two.remove();
        expect([n, treeOf(home)]).toEqual([n, before]);
        return survived;
      });
    },
  );

  it('keep no password when the file cannot be changed any more', async () => {
    const { home } = homeWith({ '.docker/config.json': '{}' });
    const login = newLogin(home, 'a1');
    await login.install();
    const text = () => readFileSync(path.join(home, '.docker', 'config.json'), 'utf8');
    expect(text()).toContain(PASSWORD);
    const files = {
      ...disk.files,
      rewrite: () => {
        throw new Error('read-only');
      },
    };
    await expect(login.remove({ ...disk, files })).rejects.toThrow('read-only');
    expect(text()).not.toContain(PASSWORD);
    await login.remove();
    expect(text()).toBe('{}');
  });
});
