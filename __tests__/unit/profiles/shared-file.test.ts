// A config that other programs write too: half of a text is not read, and what has changed since is not written over.
import { appendFileSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Contention } from '../../../src/errors/action-error.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { createLock } from '../../../src/node/lock.ts';
import type { Disk, Files } from '../../../src/ports.ts';
import { readShared, replaceShared } from '../../../src/profiles/shared-file.ts';
import { disk, fill, newHome, newLogin, removeHomes } from './home.ts';

afterAll(removeHomes);

const OWN = '[Z]\nx=1\n';

const namesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();

function newFile(text: string): string {
  const file = path.join(newHome(), 'config');
  writeFileSync(file, text);
  return file;
}

/** Files that were last written so long ago. */
function aged(ageMs: number, quietMs = ageMs): Files {
  return { ...nodeFiles, state: (file) => ({ id: nodeFiles.state(file).id, ageMs, quietMs }) };
}

describe('a text', () => {
  it.each([
    ['that is empty', ''],
    ['of one page', `${'#'.repeat(4095)}\n`],
  ])('%s is half of one for two seconds', (_what, text) => {
    const file = newFile(text);
    expect(() => readShared(aged(1999), file)).toThrow(Contention);
    // The time of writing alone does not count: a file can be seen empty before that shows it.
    expect(() => readShared(aged(Number.POSITIVE_INFINITY, 1999), file)).toThrow(Contention);
    expect(readShared(aged(2000), file).text).toBe(text);
  });

  it('without a last line end is half of one for a moment', () => {
    const file = newFile('[A]\nx=');
    expect(() => readShared(aged(9), file)).toThrow(Contention);
    expect(readShared(aged(10), file).text).toBe('[A]\nx=');
  });

  it('tells whether a program has just written it, which our own replacement does not count as', () => {
    const file = newFile(OWN);
    expect(readShared(nodeFiles, file).isBusy).toBe(true);
    replaceShared(nodeFiles, file, { ...readShared(nodeFiles, file), text: `${OWN}y=2\n` }, `${file}~`);
    expect(readShared(nodeFiles, file)).toMatchObject({ isBusy: false, text: `${OWN}y=2\n` });
    appendFileSync(file, 'z=3\n');
    expect(readShared(nodeFiles, file).isBusy).toBe(true);
    expect(readShared(aged(1000), file).isBusy).toBe(false);
  });

  it('that has changed since it was read is not written over', () => {
    const file = newFile(OWN);
    const shared = readShared(nodeFiles, file);
    writeFileSync(file, OWN); // the same text at another time
    expect(() => replaceShared(nodeFiles, file, { ...shared, text: 'ours\n' }, `${file}~`)).toThrow(
      Contention,
    );
    expect(namesIn(path.dirname(file))).toEqual(['config']);
    rmSync(file);
    const absent = readShared(nodeFiles, file);
    writeFileSync(file, OWN);
    expect(() => replaceShared(nodeFiles, file, { ...absent, text: 'ours\n' }, `${file}~`)).toThrow(
      Contention,
    );
    expect(readFileSync(file, 'utf8')).toBe(OWN);
  });
});

describe('the lock', () => {
  it('runs work that was disturbed again, and says so when that has no end', async () => {
    const directory = newHome();
    let slept = 0;
    const sleep = async (milliseconds: number) => {
      slept += milliseconds;
    };
    const lock = createLock({ now: () => Date.now() + slept, sleep });
    let runs = 0;
    const disturbed = (times: number) => () => {
      runs += 1;
      if (runs <= times) throw new Contention('the config was being written');
      return runs;
    };
    const target = path.join(directory, 'x');
    expect(await lock.hold(target, () => {}, disturbed(3))).toBe(4);
    await expect(lock.hold(target, () => {}, disturbed(Number.POSITIVE_INFINITY))).rejects.toMatchObject({
      code: 'CONFIG_LOCKED',
      message: expect.stringContaining('the config was being written'),
    });
    expect(namesIn(directory)).toEqual([]);
  });
});

/** A disk on which, while we wait to look again, another program does something. */
function meanwhile(...acts: (() => void)[]): Disk {
  return { ...disk, clock: { ...systemClock, sleep: async () => acts.shift()?.() } };
}

describe('a program that writes back what it had read before', () => {
  it('a login is written again', async () => {
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

  it('a clean-up is done again', async () => {
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

  it('a login to a quiet config waits for nobody', async () => {
    const home = newHome();
    fill(home, { '.oci/config': OWN });
    utimesSync(path.join(home, '.oci/config'), new Date(), new Date(Date.now() - 5000.5));
    const never = () => {
      throw new Error('it has waited');
    };
    const login = newLogin(home, 'a1');
    await login.install(meanwhile(never));
    await login.remove(meanwhile(never));
    expect(readFileSync(path.join(home, '.oci/config'), 'utf8')).toBe(OWN);
  });
});
