// Hosts with unusual home directories, umasks, paths, profile names and environment variables.
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeAsRoot, describeWithModes, itWithAnyName } from '../unit/systems-with.ts';
import { errorOf, expectFailure, logOf, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';

const onHost = (settings: Record<string, string>) => ({
  RUNNER_DEBUG: '1',
  NODE_OPTIONS: `--import=${new URL('other-host.ts', import.meta.url)}`,
  ...settings,
});

/** A user without an account, who may enter the directories of the job. */
const NOBODY = { HOST_USER: '54321' };

/** The note in the log begins with it. */
const NOTE = 'Packer, rclone and Java look for';

async function startFor(settings: Record<string, string>) {
  const journey = await startJourney({ job: { env: onHost(settings) } });
  const { home, temp, workspace } = journey.job;
  const certificates = journey.emulator.env['NODE_EXTRA_CA_CERTS'] ?? '';
  for (const directory of [path.dirname(home), path.dirname(certificates)]) chmodSync(directory, 0o755);
  chmodSync(certificates, 0o644);
  if (process.getuid?.() === 0)
    for (const directory of [home, temp, workspace]) chownSync(directory, 54321, 54321);
  return journey;
}

describe('a home directory with commands to the runner in its name', () => {
  itWithAnyName('is printed without them by main, doctor and post', async () => {
    const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'job-')));
    const home = path.join(root, '##[add-mask]Logged', '::error::');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const { main, doctor, post } = await startJourney({ job: { home } });
    try {
      const stage = await main();
      const stages = [stage, await doctor(), await post(stage)];
      expect(stages.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      for (const { stdout } of stages) {
        expect(stdout).toContain('## [add-mask]Logged');
        expect(stdout).not.toMatch(/##\[|^::error/m);
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('a job without a home directory', () => {
  const NO_HOME = { ...NOBODY, HOST_HOME: 'none' };

  it('fails with INPUT_INVALID before the first request', async () => {
    const journey = await startFor(NO_HOME);
    const { message } = await expectFailure(journey, 'INPUT_INVALID');
    expect(message).toMatch(
      /`config-file` needs a home directory.* set (HOME|USERPROFILE).* or give an absolute path/,
    );
    expect(journey.emulator.journal).toEqual([]);
  });

  it('fails with INPUT_INVALID for `aws-profile`', async () => {
    const journey = await startFor(NO_HOME);
    const aws = { ...journey.emulator.awsInputs, 'aws-profile': 'p', 'token-type': 'none', region: '' };
    const { message } = await expectFailure(journey, 'INPUT_INVALID', aws);
    expect(message).toMatch(/^INPUT_INVALID: `aws-profile` needs a home directory/);
  });

  it('logs in to OCI and AWS with an absolute `config-file`', async () => {
    const { job, toAws, post } = await startFor(NO_HOME);
    const config = path.join(job.temp, 'oci', 'config');
    const stage = await toAws({ 'config-file': config });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, config]);
    expect(treeOf(job.home)).toEqual({});
    expect((await post(stage)).exitCode).toBe(0);
    expect(treeOf(job.temp)).toEqual({});
  });

  it('logs in to AWS alone', async () => {
    const { toAws, post } = await startFor(NO_HOME);
    const stage = await toAws({ 'token-type': 'none', region: '' });
    expect([stage.exitCode, (await post(stage)).exitCode]).toEqual([0, 0]);
  });

  it('uses HOME without an account, and logs no note about another home', async () => {
    const { job, main } = await startFor(NOBODY);
    const stage = await main();
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, path.join(job.home, '.oci/config')]);
    expect(logOf(stage)).not.toContain(NOTE);
  });
});

describe('HOME, and USERPROFILE on Windows,', () => {
  it('is named in the log when it is not the home of the account', async () => {
    const { job, main } = await startJourney();
    expect(os.userInfo().homedir).not.toBe(job.home);
    const stage = await main();
    const notes = logOf(stage)
      .split('\n')
      .filter((line) => line.startsWith(NOTE));
    expect(notes).toEqual([expect.stringContaining(`${NOTE} .oci/config in ${os.userInfo().homedir}`)]);
    expect(warningsOf(stage)).toEqual([]);
  });

  it('is not named in the log when the config is elsewhere', async () => {
    const { job, main } = await startJourney();
    const stage = await main({ 'config-file': path.join(job.temp, 'config') });
    expect([stage.exitCode, logOf(stage).includes(NOTE)]).toEqual([0, false]);
  });

  it.each(['', 'somewhere'])('is ignored when it is %j: the home of the account is used', async (HOME) => {
    const env = { HOME, USERPROFILE: HOME, GITHUB_WORKSPACE: os.userInfo().homedir };
    const journey = await startJourney({ job: { env } });
    const { message } = await expectFailure(journey, 'INPUT_INVALID');
    expect(message).toContain('`config-file` must be outside the checkout');
  });
});

describeWithModes('a directory that others can write', () => {
  const WRITABLE = ['.oci', '.oci/sessions', '.oci/sessions/DEPLOY', '.aws'];
  const DEPLOY = { profile: 'DEPLOY', 'aws-profile': 'deploy' };

  it.each(WRITABLE)('is refused with PATH_UNSAFE, its mode and the remedy: %s', async (name) => {
    const journey = await startJourney({ job: { env: { RUNNER_DEBUG: '1' } } });
    const directory = path.join(journey.job.home, name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o777);
    const changes = { ...journey.emulator.awsInputs, ...DEPLOY };
    const { message } = await expectFailure(journey, 'PATH_UNSAFE', changes);
    expect(message).toContain(`${directory} can be written by every user of this machine (mode 777)`);
    expect(message).toContain('`chmod go-w`');
  });

  it('is refused when it is sticky, as /tmp is', async () => {
    const journey = await startJourney();
    mkdirSync(path.join(journey.job.home, '.oci'));
    chmodSync(path.join(journey.job.home, '.oci'), 0o1777);
    const { message } = await expectFailure(journey, 'PATH_UNSAFE');
    expect(message).toContain('(mode 1777)');
  });

  it('is accepted above `.oci` when it is sticky', async () => {
    const { job, main, post } = await startJourney();
    const open = path.join(job.home, 'open');
    mkdirSync(open);
    chmodSync(open, 0o1777);
    const stage = await main({ 'config-file': path.join(open, '.oci/config') });
    expect(stage.exitCode).toBe(0);
    await post(stage);
    expect(treeOf(job.home)).toEqual({ open: '1777 directory' });
  });

  it('is refused above `.oci`, and is named', async () => {
    const journey = await startJourney();
    const { home } = journey.job;
    chmodSync(home, 0o777);
    const { message } = await expectFailure(journey, 'PATH_UNSAFE');
    expect(message).toContain(`${home}/.oci is in ${home}, which can be written by every user`);
  });

  it('is refused as RUNNER_TEMP when the login needs files there', async () => {
    const journey = await startJourney();
    chmodSync(journey.job.temp, 0o777);
    expect((await journey.main({ profile: 'ONE' })).exitCode).toBe(0);
    const files = { profile: 'TWO', 'export-for': 'resource-principal' };
    const two = await journey.main(files);
    expect(two.outputs).toEqual({ 'failure-code': 'PATH_UNSAFE' });
    expect(errorOf(two)).toContain(`is in ${journey.job.temp}, which can be written`);
  });

  it('is refused by a repeated login that would keep its session', async () => {
    const { job, main } = await startJourney();
    expect((await main()).exitCode).toBe(0);
    chmodSync(path.join(job.home, '.oci'), 0o777);
    const two = await main({ 'minimum-lifetime-seconds': '60' });
    expect(two.outputs).toEqual({ 'failure-code': 'PATH_UNSAFE' });
  });
});

const OTHER_USER = 54322;

describeAsRoot('for root, a directory of another user', () => {
  const DIRECTORIES = ['.', '.oci', '.oci/sessions', '.oci/sessions/DEPLOY', '.aws'];

  it.each(DIRECTORIES)('is refused with PATH_UNSAFE: %s', async (name) => {
    const journey = await startJourney();
    const directory = path.join(journey.job.home, name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chownSync(directory, OTHER_USER, OTHER_USER);
    const changes = { ...journey.emulator.awsInputs, profile: 'DEPLOY', 'aws-profile': 'deploy' };
    const { message } = await expectFailure(journey, 'PATH_UNSAFE', changes);
    expect(message).toMatch(new RegExp(`${directory}(, which)? belongs to user ${OTHER_USER}`));
  });

  it.each(['config', '.oci-wif-action-ledger.json'])(
    'is refused, like a file of that user: %s',
    async (name) => {
      const journey = await startJourney();
      writeHome(journey.job.home, { [`.oci/${name}`]: '' });
      chownSync(path.join(journey.job.home, '.oci', name), OTHER_USER, OTHER_USER);
      const { message } = await expectFailure(journey, 'PATH_UNSAFE');
      expect(message).toContain(`${name} belongs to user ${OTHER_USER}`);
    },
  );

  it('is accepted when the runner has this user, as in a job container', async () => {
    const { job, main, post } = await startJourney();
    for (const directory of [job.home, job.temp]) {
      chownSync(directory, OTHER_USER, OTHER_USER);
      chmodSync(directory, 0o775);
    }
    const stage = await main({ 'export-for': 'cli,docker,resource-principal' });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    await post(stage);
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual([{}, {}]);
  });
});

describeAsRoot('a directory that a group can write', () => {
  async function startWith(group: number) {
    const journey = await startFor(NOBODY);
    const oci = path.join(journey.job.home, '.oci');
    mkdirSync(oci);
    chownSync(oci, 54321, group);
    chmodSync(oci, 0o770);
    return journey;
  }

  it('is refused with PATH_UNSAFE when others may be in the group', async () => {
    const { message } = await expectFailure(await startWith(54323), 'PATH_UNSAFE');
    expect(message).toContain('can be written by group 54323 (mode 770)');
  });

  it("is accepted when it is the user's own group", async () => {
    const { main, post } = await startWith(54321);
    const stage = await main();
    expect(stage.exitCode).toBe(0);
    await post(stage);
  });
});

describeWithModes('a umask', () => {
  it.each(['000', '022', '077'])(
    'of %s leaves all files and directories to their owner only',
    async (HOST_UMASK) => {
      const { job, toAws, post } = await startJourney({ job: { env: onHost({ HOST_UMASK }) } });
      const stage = await toAws({ 'aws-profile': 'p', 'aws-credential-source': 'web-identity' });
      expect(stage.exitCode).toBe(0);
      const tree = { ...treeOf(job.home), ...treeOf(job.temp) };
      expect(Object.keys(tree).length).toBeGreaterThan(8);
      const wrong = Object.entries(tree).filter(([, text]) => !/^(700 directory$|600 )/.test(text));
      expect(wrong.map(([name]) => name)).toEqual([]);
      await post(stage);
      expect([treeOf(job.home), treeOf(job.temp)]).toEqual([{}, {}]);
    },
  );
});

describe('a config file whose path has', () => {
  const PATHS: [what: string, name: string, warnings: number][] = [
    ['letters of other alphabets', 'käse/配置/config', 0],
    ['blanks', 'my oci/the config', 0],
    ['a hash and a semicolon', 'a#b;c/config', 0],
    ['a percent sign', '100%/%(x)s/config', 1],
    ['an equals sign', 'a=b/c=d/config', 1],
    ['a dollar sign and backquotes', '$HOME/`id`/config', 0],
  ];
  const expectWritten = async (_what: string, name: string, warnings: number) => {
    const { job, main, post } = await startJourney({ job: { env: { RUNNER_DEBUG: '1' } } });
    const config = path.join(job.home, name);
    const stage = await main({ 'config-file': config });
    expect([stage.exitCode, stage.outputs['config-file']]).toEqual([0, config]);
    expect(stage.exported).toMatchObject({ OCI_CLI_CONFIG_FILE: config, OCI_CONFIG_FILE: config });
    expect(warningsOf(stage)).toHaveLength(warnings);
    const [, keyFile] = /^key_file=(.*)$/m.exec(readFileSync(config, 'utf8')) ?? [];
    expect(statSync(keyFile ?? '').isFile()).toBe(true);
    await post(stage);
    expect(treeOf(job.home)).toEqual({});
  };
  it.each(PATHS)('%s is written and removed', expectWritten);
  itWithAnyName.each([['quotes', `it's "mine"/config`, 0]] as const)(
    '%s is written and removed',
    expectWritten,
  );
});

describe('a profile called', () => {
  const expectWritten = async (profile: string) => {
    const { job, toAws, post } = await startJourney();
    writeHome(job.home, { '.oci/config': '[A]\n', '.aws/config': '[default]\n' });
    const before = treeOf(job.home);
    const stage = await toAws({ profile, 'aws-profile': profile });
    expect([stage.exitCode, stage.outputs['profile']]).toEqual([0, profile]);
    expect(readFileSync(path.join(job.home, '.oci/config'), 'utf8')).toContain(`[${profile}]\n`);
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  };
  it.each(['a'.repeat(64), '-', '@', '.hidden', 'a.b_c-d@e', 'toString', '__proto__'])(
    '%s is written and removed',
    expectWritten,
  );
  itWithAnyName.each(['...', 'CON'])('%s is written and removed', expectWritten);
});

describe('variables that outrank the profile', () => {
  it('are named without their values', async () => {
    const names = ['USER', 'TENANCY', 'FINGERPRINT', 'REGION', 'KEY_FILE', 'KEY_CONTENT', 'PASSPHRASE'];
    const stale = [...names, 'SECURITY_TOKEN_FILE'].map((name) => `OCI_CLI_${name}`);
    const env = Object.fromEntries(stale.map((name) => [name, `stale-value-of-${name.toLowerCase()}`]));
    const { main } = await startJourney({ job: { env: { ...env, RUNNER_DEBUG: '1' } } });
    const stage = await main();
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toHaveLength(1);
    for (const name of stale) expect(warningsOf(stage)[0]).toContain(name);
    expect(JSON.stringify(stage)).not.toContain('stale-value-of');
  });

  it('of AWS are named or emptied, without their values', async () => {
    const env = { AWS_PROFILE: 'stale-value-1', AWS_SECURITY_TOKEN: 'stale-value-2', RUNNER_DEBUG: '1' };
    const { toAws } = await startJourney({ job: { env } });
    const stage = await toAws();
    expect(warningsOf(stage)).toEqual([expect.stringContaining('AWS_PROFILE is set')]);
    expect(stage.exported['AWS_SECURITY_TOKEN']).toBe('');
    expect(JSON.stringify(stage)).not.toContain('stale-value');
  });
});
