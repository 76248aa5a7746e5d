// The files of others, as a login and its post step leave them: not only each byte, but also owner, group, mode, ACL,
// extended attributes and hard links.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithModes } from '../unit/systems-with.ts';
import { type Journey, QUICK, startJourney, treeOf, writeHome } from './journey.ts';

const OCI = '.oci/config';
const CONFIG = '.aws/config';
const CREDENTIALS = '.aws/credentials';
const LEDGER = '.aws/.oci-wif-action-ledger.json';
const OF_USER = {
  [OCI]: '# mine\n[A]\nregion=x\n\n[DEPLOY]\nuser=of the user\n\n[Z]\ny=2',
  [CONFIG]: '[profile a]\nregion = x\n',
  [CREDENTIALS]: '[deploy]\naws_access_key_id = of the user\n\n[other]\naws_access_key_id = x\n',
};
const INPUTS = { ...QUICK, profile: 'DEPLOY', 'aws-profile': 'deploy', 'overwrite-profile': 'true' };

function command(name: string, ...parameters: string[]): string | undefined {
  const { status, stdout } = spawnSync(name, parameters, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

/** Everything besides the content. ACL and attributes are undefined where the system has no such tools. */
function stateOf(home: string, name: string) {
  const file = path.join(home, name);
  const { uid, gid, mode, nlink, ino, birthtimeMs } = statSync(file);
  const acl = command('getfacl', '-cnp', file);
  const label = command('getfattr', '-n', 'user.label', '--only-values', '--absolute-names', file);
  const text = readFileSync(file, 'latin1');
  return { uid, gid, mode: (mode & 0o7777).toString(8), nlink, ino, birthtimeMs, acl, label, text };
}

/** A file with several names is replaced, so that the other name keeps its content. */
function stateOfLinked(home: string) {
  const { uid, gid, mode, text } = stateOf(home, CONFIG);
  return { uid, gid, mode, text, other: readFileSync(path.join(home, 'dotfile'), 'latin1') };
}

const allOf = (home: string) =>
  [stateOf(home, OCI), stateOfLinked(home), stateOf(home, CREDENTIALS)] as const;
const without = ({ text: _, ...rest }: ReturnType<typeof stateOf>) => rest;

/** A home with a file of another user and group, ACLs, attributes, a hard link, and credentials that others can open. */
async function startFurnished(): Promise<Journey> {
  const journey = await startJourney();
  const { home } = journey.job;
  writeHome(home, OF_USER);
  const [oci, config, credentials] = Object.keys(OF_USER).map((name) => path.join(home, name)) as [
    string,
    string,
    string,
  ];
  chmodSync(oci, 0o640);
  // As in a job container: root is the user of the job, another user that of the runner.
  if (process.getuid?.() === 0) for (const one of [oci, journey.job.temp]) chownSync(one, 12345, 54321);
  chmodSync(config, 0o644);
  linkSync(config, path.join(home, 'dotfile'));
  chmodSync(credentials, 0o664);
  for (const file of [oci, credentials]) {
    command('setfacl', '-m', 'u:12345:rw,g:54321:r', file);
    command('setfattr', '-n', 'user.label', '-v', 'mine', file);
  }
  return journey;
}

describe('files of the user', () => {
  itWithModes(
    'are the same files during and after the login: owner, group, mode, ACL, attributes, bytes',
    async () => {
      const { job, toAws, post } = await startFurnished();
      const { home } = job;
      const [before, tree] = [allOf(home), treeOf(home)];
      const main = await toAws(INPUTS);
      expect(main.exitCode).toBe(0);
      const [oci, config, credentials] = allOf(home);
      expect([without(oci), oci.text]).toEqual([
        without(before[0]),
        expect.stringContaining('security_token_file'),
      ]);
      expect(config).toEqual({ ...before[1], text: expect.stringContaining('[profile deploy]') });
      // Nobody but its owner can open the file with credentials, also by its ACL.
      expect(credentials).toMatchObject({ mode: '600', text: expect.stringContaining('aws_session_token') });
      if (credentials.acl !== undefined) expect(credentials.acl).toMatch(/user:12345:rw-\s+#effective:---/);
      expect((await post(main)).exitCode).toBe(0);
      expect(allOf(home)).toEqual(before);
      expect(treeOf(home)).toEqual(tree);
    },
  );

  itWithModes('are the same after two logins to one file, removed in any order', async () => {
    for (const isReversed of [false, true]) {
      const { job, toAws, post } = await startFurnished();
      const before = allOf(job.home);
      const mains = [await toAws(INPUTS), await toAws({ ...INPUTS, profile: 'Q', 'aws-profile': 'second' })];
      for (const main of isReversed ? mains.toReversed() : mains) {
        expect(stateOf(job.home, CREDENTIALS).mode).toBe('600');
        await post(main);
      }
      expect(allOf(job.home)).toEqual(before);
    }
  });

  itWithModes('are the same after a main that failed', async () => {
    const { job, toAws, post } = await startFurnished();
    const before = allOf(job.home);
    // The second of the two AWS files is refused, when the first has been written.
    writeFileSync(path.join(job.home, CONFIG), '[profile deploy]\nx = 1\n[profile deploy]\nx = 2\n');
    const refused = stateOfLinked(job.home);
    const main = await toAws(INPUTS);
    expect(main.outputs['failure-code']).toBe('PROFILE_AMBIGUOUS');
    expect(allOf(job.home)).toEqual([before[0], refused, before[2]]);
    await post(main);
    expect(allOf(job.home)).toEqual([before[0], refused, before[2]]);
  });

  itWithModes('are for their owner alone after post when a later step has removed the ledger', async () => {
    const { job, toAws, post } = await startFurnished();
    const main = await toAws({ ...INPUTS, 'aws-profile': 'new' });
    rmSync(path.join(job.home, LEDGER));
    await post(main);
    expect(stateOf(job.home, CREDENTIALS)).toMatchObject({ mode: '600', text: OF_USER[CREDENTIALS] });
  });

  itWithModes(
    'open to others are for their owner alone until the last login to them is removed',
    async () => {
      const { job, toAws, post } = await startFurnished();
      const before = allOf(job.home);
      // The same profile: the second login has the keys of the first in the ledger.
      for (const isReversed of [false, true]) {
        const mains = [await toAws(INPUTS), await toAws(INPUTS)];
        for (const main of isReversed ? mains.toReversed() : mains) {
          const { mode } = stateOf(job.home, CREDENTIALS);
          expect([mode, statSync(path.join(job.home, LEDGER)).mode & 0o777]).toEqual(['600', 0o600]);
          expect((await post(main)).exitCode).toBe(0);
        }
        expect(allOf(job.home)).toEqual(before);
      }
    },
  );

  it('do not make files of ours readable that had another mode', async () => {
    const { job, main, post } = await startJourney();
    const first = await main({ profile: 'DEPLOY' });
    const ledger = path.join(job.home, '.oci/.oci-wif-action-ledger.json');
    const token = path.join(job.home, '.oci/sessions/DEPLOY/token');
    for (const file of [ledger, token]) chmodSync(file, 0o644);
    const second = await main({ profile: 'DEPLOY' });
    expect(second.exitCode).toBe(0);
    expect([ledger, token].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    for (const stage of [second, first]) await post(stage);
    expect(treeOf(job.home)).toEqual({});
  });
});
