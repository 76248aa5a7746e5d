// A config that other programs write: an incomplete text is not read, and a changed file is not replaced.
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Contention } from '../../../src/errors/action-error.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { createLock } from '../../../src/node/lock.ts';
import { systemClock } from '../../../src/node/system.ts';
import type { Disk, Files } from '../../../src/ports.ts';
import { readShared, replaceShared } from '../../../src/profiles/shared-file.ts';
import { disk, fill, newHome, newLogin, removeHomes } from './home.ts';

afterAll(removeHomes);

const OWN = '[Z]\nx=1\n';

const namesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .toSorted();

function newFile(text: string): string {
  const file = path.join(newHome(), 'config');
  writeFileSync(file, text);
  return file;
}

/** Files that were written `ageMs` ago. */
function aged(ageMs: number, quietMs = ageMs): Files {
  return { ...nodeFiles, state: (file) => ({ ...nodeFiles.state(file), ageMs, quietMs }) };
}

describe('readShared and replaceShared', () => {
  it.each([
    ['an empty file', ''],
    ['a file of one page', `${'#'.repeat(4095)}\n`],
  ])('treat %s as incomplete for two seconds', (_what, text) => {
    const file = newFile(text);
    expect(() => readShared(aged(1999), file)).toThrow(Contention);
    // The modification time alone is not enough: a file can be empty before that changes.
    expect(() => readShared(aged(Number.POSITIVE_INFINITY, 1999), file)).toThrow(Contention);
    expect(readShared(aged(2000), file).text).toBe(text);
  });

  it('treat a file without a last line end as incomplete for 10 ms', () => {
    const file = newFile('[A]\nx=');
    expect(() => readShared(aged(9), file)).toThrow(Contention);
    expect(readShared(aged(10), file).text).toBe('[A]\nx=');
  });

  it('report a file as busy when another program has just written it', () => {
    const file = newFile(OWN);
    expect(readShared(nodeFiles, file).isBusy).toBe(true);
    expect(readShared(aged(1000), file).isBusy).toBe(false);
  });

  it('report a file as busy for a second after another program wrote it, although we have replaced it since', () => {
    const file = newFile(OWN);
    const write = (text: string) => replaceShared(nodeFiles, file, readShared(nodeFiles, file), text, false);
    write(`${OWN}y=2\n`);
    expect(readShared(nodeFiles, file)).toMatchObject({ isBusy: true, text: `${OWN}y=2\n` });
    utimesSync(file, Date.now() / 1000 - 1.001, Date.now() / 1000 - 1.001);
    write(`${OWN}y=3\n`);
    expect(readShared(nodeFiles, file)).toMatchObject({ isBusy: false, text: `${OWN}y=3\n` });
    write(`${OWN}y=4\n`);
    expect(readShared(nodeFiles, file).isBusy).toBe(false);
  });

  it('throw Contention when the file has changed since it was read', () => {
    const file = newFile(OWN);
    const shared = readShared(nodeFiles, file);
    writeFileSync(file, OWN); // the same text at another time
    expect(() => replaceShared(nodeFiles, file, shared, 'ours\n', false)).toThrow(Contention);
    expect(namesIn(path.dirname(file))).toEqual(['config']);
    rmSync(file);
    const absent = readShared(nodeFiles, file);
    writeFileSync(file, OWN);
    expect(() => replaceShared(nodeFiles, file, absent, 'ours\n', false)).toThrow(Contention);
    expect(readFileSync(file, 'utf8')).toBe(OWN);
  });
});

describe('the lock', () => {
  it('repeats work after Contention, and returns CONFIG_LOCKED when that does not end', async () => {
    const directory = newHome();
    let slept = 0;
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
    };
    const lock = createLock({ now: () => Date.now() + slept, sleep });
    let runs = 0;
    const interrupted = (times: number) => () => {
      runs += 1;
      if (runs <= times) throw new Contention('the config was being written');
      return runs;
    };
    const target = path.join(directory, 'x');
    expect(await lock.hold(target, () => {}, interrupted(3))).toBe(4);
    await expect(lock.hold(target, () => {}, interrupted(Number.POSITIVE_INFINITY))).rejects.toMatchObject({
      code: 'CONFIG_LOCKED',
      message: expect.stringContaining('the config was being written'),
    });
    expect(namesIn(directory)).toEqual([]);
  });
});

/** A disk on which another program acts while a login waits. */
function meanwhile(...acts: (() => void)[]): Disk {
  return { ...disk, clock: { ...systemClock, sleep: async () => acts.shift()?.() } };
}

describe('a program that writes an earlier text back', () => {
  it('makes install write its section again', async () => {
    const home = newHome();
    const config = path.join(home, '.oci/config');
    fill(home, { '.oci/config': '' });
    writeFileSync(config, OWN);
    const login = newLogin(home, 'a1');
    const writesBack = () => writeFileSync(config, `${OWN}y=2\n`);
    await login.install(meanwhile(writesBack, writesBack));
    expect(readFileSync(config, 'utf8')).toMatch(/^\[Z\]\nx=1\ny=2\n\[P\]\n/);
    await login.remove();
    expect(readFileSync(config, 'utf8')).toBe(`${OWN}y=2\n`);
    expect(namesIn(home)).toEqual(['.oci', '.oci/config']);
  });

  it('makes remove run again', async () => {
    const home = newHome();
    const config = path.join(home, '.oci/config');
    fill(home, { '.oci/config': OWN });
    const login = newLogin(home, 'a1');
    await login.install();
    const withOurs = readFileSync(config);
    const writesBack = () => writeFileSync(config, withOurs);
    writesBack();
    await login.remove(meanwhile(writesBack));
    expect(readFileSync(config, 'utf8')).toBe(OWN);
    expect(namesIn(home)).toEqual(['.oci', '.oci/config']);
  });

  it('is not waited for when the config has not changed for five seconds', async () => {
    const home = newHome();
    fill(home, { '.oci/config': OWN });
    utimesSync(path.join(home, '.oci/config'), new Date(), new Date(Date.now() - 5000.5));
    const never = () => {
      throw new Error('waited');
    };
    const login = newLogin(home, 'a1');
    await login.install(meanwhile(never));
    await login.remove(meanwhile(never));
    expect(readFileSync(path.join(home, '.oci/config'), 'utf8')).toBe(OWN);
  });
});
