// The post step, logins to a profile of another job, and later steps that change the files of a login.
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithLinks, itWithProcfs } from '../unit/systems-with.ts';
import { errorOf, logOf, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';
import { hostOf, readConfig, registryInputs } from './registry-clients.ts';

describe('the post step', () => {
  it('restores the home, also when it runs twice', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, {
      '.oci/config': '\xef\xbb\xbf[A]\r\nuser=\xe4\r\n[A]\r\nuser=y',
      '.oci/sessions/A/token': 'a',
      '.oci/sessions/DEPLOY/token': 'b',
    });
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY' });
    expect(treeOf(job.home)).not.toEqual(before);
    for (const one of [await post(stage), await post(stage)]) {
      expect([one.exitCode, one.stderr]).toEqual([0, '']);
      expect(treeOf(job.home)).toEqual(before);
    }
  });

  it('removes nothing without a saved state', async () => {
    const { job, post } = await startJourney();
    const stage = await post({ state: {} });
    expect([stage.exitCode, logOf(stage)]).toEqual([0, 'Nothing to clean up: the login wrote nothing.\n']);
    expect(treeOf(job.home)).toEqual({});
  });

  it('removes nothing when main failed before it wrote', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { '.oci/config': '[DEFAULT]\nuser=theirs\n' });
    const stage = await post(await main());
    expect([stage.exitCode, logOf(stage)]).toEqual([0, 'Nothing to clean up: the login wrote nothing.\n']);
  });

  it('warns and exits with 0 when the saved state is invalid', async () => {
    const { post } = await startJourney();
    for (const session of ['{', 'null', '{"version":2}', '[]']) {
      const stage = await post({ state: { session } });
      expect([stage.exitCode, stage.stdout]).toEqual([0, expect.stringMatching(/^::warning::/)]);
    }
  });

  it('restores variables, except those that a later step has changed', async () => {
    const { main, post } = await startJourney({ job: { env: { OCI_CLI_PROFILE: 'ADMIN' } } });
    const stage = await main();
    const { exported } = await post(stage, { env: { OCI_CLI_AUTH: 'api_key' } });
    expect(exported).toEqual({ OCI_CLI_PROFILE: 'ADMIN', OCI_CLI_CONFIG_FILE: '', OCI_CONFIG_FILE: '' });
  });

  it('keeps the session with `cleanup: false`', async () => {
    const { job, main, post } = await startJourney();
    const stage = await main({ cleanup: 'false' });
    const before = treeOf(job.home);
    expect((await post(stage)).exported).toEqual({});
    expect(treeOf(job.home)).toEqual(before);
  });

  it('keeps a section that another program has added to the config', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { '.oci/config': '[A]\nx=1' });
    const stage = await main({ profile: 'DEPLOY' });
    const config = path.join(job.home, '.oci/config');
    writeFileSync(config, `${readFileSync(config, 'utf8')}[LATER]\ny=2\n`);
    await post(stage);
    expect(readFileSync(config, 'utf8')).toBe('[A]\nx=1\n[LATER]\ny=2\n');
  });
});

describe('an existing profile', () => {
  const own = {
    '.oci/config': '# a\n[DEPLOY]\nuser=x\npass_phrase=y\n\n[B]\nz=1',
    '.oci/sessions/DEPLOY/token': 'old',
  };

  it('is replaced with `overwrite-profile: true` and restored byte for byte; the saved state has no pass phrase', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, own);
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    expect(JSON.stringify(stage.state)).not.toContain('pass_phrase');
    expect(readFileSync(path.join(job.home, '.oci/config'), 'utf8')).not.toContain('user=x');
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  itWithProcfs('of a job that died is removed by the next job, without a warning', async () => {
    const { job, main, nextJob } = await startJourney({ job: { runnerDies: true } });
    expect((await main()).exitCode).toBe(0);
    const next = nextJob({ home: job.home });
    const stage = await next.main();
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    await next.post(stage);
    expect(treeOf(job.home)).toEqual({});
  });
});

const LEDGER = '.oci/.oci-wif-action-ledger.json';

/** Changes the only entry of the ledger. */
function editEntry(home: string, edit: (entry: Record<string, unknown>) => void): void {
  const file = path.join(home, LEDGER);
  const ledger = JSON.parse(readFileSync(file, 'utf8'));
  edit(ledger.entries[0]);
  writeFileSync(file, JSON.stringify(ledger));
}

describe('a profile of another job', () => {
  itWithProcfs(
    'returns PROFILE_IN_USE while the runner of that job runs, and leaves the profile alone',
    async () => {
      const { job, main, post, nextJob } = await startJourney();
      const first = await main({ profile: 'DEPLOY' });
      const before = treeOf(job.home);
      const next = nextJob({ home: job.home });
      const stage = await next.main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
      expect(stage.outputs).toEqual({ 'failure-code': 'PROFILE_IN_USE' });
      expect(errorOf(stage)).toContain(`[DEPLOY] in ${first.outputs['config-file']}`);
      expect(errorOf(stage)).toContain(first.outputs['expires-at']?.slice(0, 16));
      const report = await next.doctor({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
      expect(report.stdout).toContain(`PROFILE_IN_USE: Profile [DEPLOY] in ${first.outputs['config-file']}`);
      await next.post(stage);
      expect(treeOf(job.home)).toEqual(before);
      await post(first);
      expect(treeOf(job.home)).toEqual({});
    },
  );

  itWithProcfs('of the same matrix on another runner is in use too, without a tracking ID', async () => {
    const job = (name: string) => ({ env: { RUNNER_TRACKING_ID: '', RUNNER_NAME: name } });
    const { job: first, main, nextJob } = await startJourney({ job: job('one') });
    await main();
    const before = treeOf(first.home);
    const stage = await nextJob({ home: first.home, ...job('two') }).main();
    expect(stage.outputs).toEqual({ 'failure-code': 'PROFILE_IN_USE' });
    expect(treeOf(first.home)).toEqual(before);
  });

  it('is replaced without a warning when its session has expired', async () => {
    const { job, main, post, nextJob } = await startJourney();
    const first = await main();
    editEntry(job.home, (entry) => Object.assign(entry, { expiresAt: Date.now() - 1 }));
    const next = nextJob({ home: job.home });
    const stage = await next.main();
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    const between = treeOf(job.home);
    await post(first);
    expect(treeOf(job.home)).toEqual(between);
    await next.post(stage);
    expect(treeOf(job.home)).toEqual({});
  });

  it.each([
    ['of another host', { bootId: 'another' }],
    ['of another container', { pidNamespace: 'pid:[1]' }],
  ])('%s is replaced with a warning', async (_what, changes) => {
    const { job, main, nextJob } = await startJourney();
    await main();
    editEntry(job.home, (entry) => Object.assign(entry['runnerProcess'] ?? {}, changes));
    const next = nextJob({ home: job.home });
    const stage = await next.main();
    expect([stage.exitCode, warningsOf(stage)]).toEqual([
      0,
      [expect.stringContaining('Profile [DEFAULT] in')],
    ]);
    await next.post(stage);
    expect(treeOf(job.home)).toEqual({});
  });
});

describe('the post step after a later step that', () => {
  const OTHER = {
    '.oci/config': '[OTHER]\nx=1\n',
    '.oci/sessions/OTHER/token': 'theirs',
    '.oci/sessions/OTHER/oci_api_key.pem': 'theirs',
  };

  it('deleted the ledger: removes key, token and profile', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, OTHER);
    const before = treeOf(job.home);
    const stage = await main();
    rmSync(path.join(job.home, LEDGER));
    const { exitCode, stdout } = await post(stage);
    expect([exitCode, stdout.includes('::warning::')]).toEqual([0, false]);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('deleted the ledger: restores the session files of the user', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { ...OTHER, '.oci/sessions/DEPLOY/token': 'old' });
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY' });
    rmSync(path.join(job.home, LEDGER));
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  it.each(['', ' and deleted the ledgers'])(
    'dropped the comments of all files%s: removes keys and sections',
    async (more) => {
      const { emulator, job, toAws, post } = await startJourney();
      const files = { '.oci/config': '[OTHER]\nx=1\n', '.aws/credentials': '[other]\nx = 1\n' };
      const replaced = { '.aws/config': '[profile deploy]\nregion = of the user\n' };
      writeHome(job.home, more === '' ? { ...files, ...replaced } : files);
      const before = treeOf(job.home);
      const stage = await toAws({ 'aws-profile': 'deploy', 'overwrite-profile': 'true' });
      for (const name of ['.oci/config', '.aws/config', '.aws/credentials']) {
        const file = path.join(job.home, name);
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^#.*\n/gm, ''));
        const ledger = path.join(path.dirname(file), path.basename(LEDGER));
        if (more !== '') rmSync(ledger, { force: true });
      }
      const { exitCode, stdout } = await post(stage);
      expect([exitCode, stdout.includes('::warning::')]).toEqual([0, false]);
      const secret = [...emulator.world.awsSessions.values()].at(-1)?.secretAccessKey;
      expect(JSON.stringify(treeOf(job.home))).not.toContain(secret);
      // Nothing but the ledger tells a section with nothing but a region from that of another program.
      const region = { '.aws/config': expect.stringMatching(/^600 \[profile deploy\]\nregion = \S+\n$/) };
      expect(treeOf(job.home)).toEqual({ ...before, ...(more !== '' && region) });
    },
  );

  itWithLinks(
    'replaced a config by a link: removes everything else, and warns about that section',
    async () => {
      const { emulator, job, toAws, post } = await startJourney();
      writeHome(job.home, { '.oci/config': '[OTHER]\nx=1\n' });
      const before = treeOf(job.home);
      const stage = await toAws({ 'aws-profile': 'deploy' });
      const config = path.join(job.home, '.aws/config');
      renameSync(config, path.join(job.home, 'elsewhere'));
      symlinkSync(path.join(job.home, 'elsewhere'), config);
      const cleaned = await post(stage);
      expect(cleaned.exitCode).toBe(0);
      expect(warningsOf(cleaned)).toEqual([
        expect.stringMatching(/profile \[profile deploy\] in \S+\.aws[\\/]config\. PATH_UNSAFE/),
      ]);
      expect(existsSync(path.join(job.home, '.aws/credentials'))).toBe(false);
      expect(JSON.stringify(treeOf(job.home))).not.toContain(
        [...emulator.world.awsSessions.values()].at(-1)?.secretAccessKey,
      );
      expect(treeOf(job.home)).toMatchObject(before);
      expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: '', AWS_ACCESS_KEY_ID: '' });
      expect(logOf(cleaned)).toContain('Removed profile [deploy] from');
    },
  );

  itWithLinks.each([[[1, 0]], [[0, 1]]])(
    'replaced files by links after two logins: leaves no secret in a ledger; post steps in the order %j',
    async (order) => {
      const journey = await startJourney();
      const { emulator, job, toAws } = journey;
      const registries = { 'ocir-login': 'true', ...registryInputs(journey) };
      const inputs = { 'aws-profile': 'deploy', ...registries };
      const files = ['.aws/credentials', '.docker/config.json'].map((name) => path.join(job.home, name));
      const logins = [];
      const passwords: string[] = [];
      for (let login = 0; login < 2; login += 1) {
        logins.push(await toAws(inputs));
        passwords.push(readConfig(journey).auths[hostOf(journey)].auth);
      }
      for (const [index, file] of files.entries()) {
        renameSync(file, path.join(job.home, `elsewhere${index}`));
        symlinkSync(path.join(job.home, `elsewhere${index}`), file);
      }
      for (const index of order) {
        const cleaned = await job.post(logins[index] ?? { state: {} });
        expect([cleaned.exitCode, warningsOf(cleaned).length]).toEqual([0, 2]);
      }
      const text = JSON.stringify(treeOf(job.home));
      const keys = [...emulator.world.awsSessions.values()].map(({ secretAccessKey }) => secretAccessKey);
      expect([...keys, ...passwords].filter((secret) => text.includes(secret))).toEqual([]);
    },
  );
});
