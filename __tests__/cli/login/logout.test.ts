// `oci-wif logout` when something was lost, changed or is in the way.
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { writeHome } from '../../e2e/journey.ts';
import { until } from '../../e2e/refresher.ts';
import { type Host, readHome, startHost } from './host.ts';

let host: Host;
let before: ReturnType<Host['trees']>;

beforeEach(async () => {
  host = await startHost();
  writeHome(host.home, { '.oci/config': '[OTHER]\nx=1\n\n[DEFAULT]\nuser=ocid1.user\n' });
  before = host.trees();
});

const inHome = (...names: string[]) => path.join(host.home, ...names);
const sessionDirectory = () => path.join(host.temp, readdirSync(host.temp).join());
const stateFile = () => path.join(sessionDirectory(), 'state.json');
const ledger = () => inHome('.oci/.oci-wif-action-ledger.json');

describe('logout', () => {
  it('has nothing to do without a login, and says so', async () => {
    const { exitCode, stdout, stderr } = await host.logout();
    const what = `Nothing to remove: no login has written profile [DEFAULT] in ${inHome('.oci/config')}.\n`;
    expect([exitCode, stdout, stderr]).toEqual([0, what, '']);
    expect(host.trees()).toEqual(before);
  });

  it('has nothing to do a second time', async () => {
    await host.login(['--overwrite-profile']);
    await host.logout();
    expect((await host.logout()).stdout).toContain('Nothing to remove');
    expect(host.trees()).toEqual(before);
  });

  it('leaves a login to another profile', async () => {
    await host.login(['--profile', 'ci']);
    const trees = host.trees();
    await host.logout(['--profile', 'dev']);
    expect(host.trees()).toEqual(trees);
  });

  it.each<[what: string, damage: () => void]>([
    ['is gone', () => rmSync(sessionDirectory(), { recursive: true })],
    ['is cut off', () => writeFileSync(stateFile(), readFileSync(stateFile(), 'utf8').slice(0, 100))],
    ['is empty', () => writeFileSync(stateFile(), '')],
    [
      'names another key',
      () =>
        writeFileSync(
          stateFile(),
          readFileSync(stateFile(), 'utf8').replace(/("keyDigest":")[0-9a-f]{4}/, '$10000'),
        ),
    ],
    [
      'names no section',
      () => {
        const state = JSON.parse(readFileSync(stateFile(), 'utf8')) as object;
        writeFileSync(stateFile(), JSON.stringify({ ...state, installed: [] }));
      },
    ],
  ])('removes key, token and profile by the ledger when the record %s', async (_, damage) => {
    await host.login(['--overwrite-profile']);
    damage();
    const { exitCode, stderr } = await host.logout();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(host.trees()).toEqual(before);
  });

  it('removes the profile of a role by the ledger of AWS when the record is gone', async () => {
    const role = Object.entries(host.emulator.awsInputs).flatMap(([name, value]) => [`--${name}`, value]);
    await host.login(['--overwrite-profile', ...role, '--aws-profile', 'deploy']);
    rmSync(sessionDirectory(), { recursive: true });
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('finds a login by the ledger when XDG_RUNTIME_DIR is another one, and its process ends by itself', async () => {
    const runtime = path.join(host.temp, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    await host.login(['--overwrite-profile', '--refresh', 'true'], { env: { XDG_RUNTIME_DIR: runtime } });
    expect(readdirSync(runtime)).toHaveLength(1);
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees().home).toEqual(before.home);
    await until(() => host.processes().length === 0);
  });

  it('restores everything by the record when a program has dropped the comments of the config', async () => {
    await host.login(['--overwrite-profile']);
    const config = readHome(host, '.oci/config');
    writeFileSync(inHome('.oci/config'), config.replace(/^# oci-wif-action login.*\n/m, ''));
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees().home['.oci/config']).toBe(before.home['.oci/config']);
    expect(readdirSync(host.temp)).toEqual([]);
  });

  it.each<[what: string, damage: () => void]>([
    ['the ledger', () => unlinkSync(ledger())],
    [
      'the ledger and the record',
      () => {
        unlinkSync(ledger());
        rmSync(sessionDirectory(), { recursive: true });
      },
    ],
  ])('removes key, token and profile without %s', async (_, damage) => {
    await host.login(['--profile', 'ci']);
    damage();
    const { exitCode, stderr } = await host.logout(['--profile', 'ci']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { home, temp } = host.trees();
    expect([home['.oci/config'], temp]).toEqual([before.home['.oci/config'], {}]);
    expect(Object.keys(home).filter((name) => /\.pem$|token$/.test(name))).toEqual([]);
  });

  it('leaves a key that the user has put in place of that of the session', async () => {
    await host.login(['--profile', 'ci']);
    rmSync(sessionDirectory(), { recursive: true });
    unlinkSync(ledger());
    const key = inHome('.oci/sessions/ci/oci_api_key.pem');
    writeFileSync(key, 'the key of the user');
    expect((await host.logout(['--profile', 'ci'])).exitCode).toBe(0);
    expect(readFileSync(key, 'utf8')).toBe('the key of the user');
  });

  it('tries every item, exits with 1 for what it cannot remove, and completes when it is repeated', async () => {
    await host.login(['--overwrite-profile']);
    renameSync(inHome('.oci/config'), inHome('moved'));
    symlinkSync(inHome('moved'), inHome('.oci/config')); // no change is made behind a link
    const failed = await host.logout();
    expect([failed.exitCode, failed.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: Could not remove profile \[DEFAULT\] .*then run the command again/s),
    ]);
    expect(Object.keys(host.trees().home).filter((name) => /\.pem$|token$/.test(name))).toEqual([]);
    unlinkSync(inHome('.oci/config'));
    renameSync(inHome('moved'), inHome('.oci/config'));
    expect((await host.logout()).exitCode).toBe(0);
    expect(host.trees()).toEqual(before);
  });

  it('removes no file that a state in a directory of another user names', async () => {
    await host.login(['--overwrite-profile']);
    const open = path.join(host.temp, 'oci-wif-action-0123456789abcdef');
    renameSync(sessionDirectory(), open);
    const planted = readFileSync(path.join(open, 'state.json'), 'utf8').replaceAll('DEFAULT', 'OTHER');
    writeFileSync(path.join(open, 'state.json'), planted);
    chmodSync(open, 0o777);
    await host.logout(['--profile', 'OTHER']);
    expect(readHome(host, '.oci/config')).toContain('[OTHER]\nx=1\n');
    expect(lstatSync(open).isDirectory()).toBe(true);
  });

  it('refuses a path that no login could have written', async () => {
    const { exitCode, stderr } = await host.logout(['--config-file', 'relative/config']);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/OPTION_INVALID: --config-file /)]);
  });
});
