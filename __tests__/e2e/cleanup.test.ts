// The post step: after success, failure and crash, when run twice, when main wrote nothing, and after hostile later steps.
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorOf, expectFailure, logOf, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';

const HOMES: [what: string, files: Record<string, string>][] = [
  ['an empty home', {}],
  ['an empty config', { '.oci/config': '' }],
  ['a config of other profiles', { '.oci/config': '# mine\n[A]\nuser=x\n\n; end\n' }],
  ['a config without a final newline', { '.oci/config': '[A]\nuser=x' }],
  ['a config with a BOM and CRLF', { '.oci/config': '\xef\xbb\xbf[A]\r\nuser=\xe4\r\n[A]\r\nuser=y\r\n' }],
  [
    'sessions of the OCI CLI',
    { '.oci/config': '[A]\n', '.oci/sessions/A/token': 'a', '.oci/sessions/DEPLOY/token': 'b' },
  ],
];

describe('the post step', () => {
  it.each(HOMES)('leaves what it found: %s', async (_what, files) => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, files);
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY' });
    expect(stage.exitCode).toBe(0);
    expect(treeOf(job.home)).not.toEqual(before);
    const { exitCode } = await post(stage);
    expect(exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('has nothing to do when main never got anywhere', async () => {
    const { job, post } = await startJourney();
    const stage = await post({ state: {} });
    expect([stage.exitCode, logOf(stage)]).toEqual([0, 'Nothing to clean up: the login wrote nothing.\n']);
    expect(treeOf(job.home)).toEqual({});
  });

  it('has nothing to do when main refused before it wrote', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { '.oci/config': '[DEFAULT]\nuser=theirs\n' });
    const stage = await post(await main());
    expect([stage.exitCode, logOf(stage)]).toEqual([0, 'Nothing to clean up: the login wrote nothing.\n']);
  });

  it('warns and goes on when the state is not what main wrote', async () => {
    const { post } = await startJourney();
    for (const session of ['{', 'null', '{"version":2}', '[]']) {
      const stage = await post({ state: { session } });
      expect([stage.exitCode, stage.stdout]).toEqual([0, expect.stringMatching(/^::warning::/)]);
    }
  });

  it('gives variables their old values back, and leaves alone what somebody has changed since', async () => {
    const { main, post } = await startJourney({ job: { env: { OCI_CLI_PROFILE: 'ADMIN' } } });
    const stage = await main();
    const { exported } = await post(stage, { env: { OCI_CLI_AUTH: 'api_key' } });
    expect(exported).toEqual({ OCI_CLI_PROFILE: 'ADMIN', OCI_CLI_CONFIG_FILE: '', OCI_CONFIG_FILE: '' });
  });

  it('leaves the session in place when asked to', async () => {
    const { job, main, post } = await startJourney();
    const stage = await main({ cleanup: 'false' });
    const before = treeOf(job.home);
    expect((await post(stage)).exported).toEqual({});
    expect(treeOf(job.home)).toEqual(before);
  });

  it('keeps what another program has added to the config meanwhile', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { '.oci/config': '[A]\nx=1' });
    const stage = await main({ profile: 'DEPLOY' });
    const config = path.join(job.home, '.oci/config');
    writeFileSync(config, `${readFileSync(config, 'utf8')}[LATER]\ny=2\n`);
    await post(stage);
    expect(readFileSync(config, 'utf8')).toBe('[A]\nx=1\n[LATER]\ny=2\n');
  });
});

describe('a profile of that name', () => {
  const own = {
    '.oci/config': '# a\n[DEPLOY]\nuser=x\npass_phrase=y\n\n[B]\nz=1',
    '.oci/sessions/DEPLOY/token': 'old',
  };

  it('that this action did not write is an error that names the input to allow it', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, own);
    const { message } = await expectFailure(journey, 'PROFILE_EXISTS', { profile: 'DEPLOY' });
    expect(message).toContain('`overwrite-profile: true`');
  });

  it('is replaced when allowed, and comes back byte for byte; its pass phrase is in no state', async () => {
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

  it('that stands there twice is refused: no client agrees which one counts', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { '.oci/config': '[P]\na=1\n[P]\na=2\n' });
    await expectFailure(journey, 'PROFILE_AMBIGUOUS', { profile: 'P', 'overwrite-profile': 'true' });
  });

  it('left by a job that died is replaced without asking, and what that job had replaced comes back', async () => {
    const { job, main, nextJob } = await startJourney({ job: { runnerDies: true } });
    writeHome(job.home, own);
    const before = treeOf(job.home);
    expect((await main({ profile: 'DEPLOY', 'overwrite-profile': 'true' })).exitCode).toBe(0);
    const next = nextJob({ home: job.home });
    const stage = await next.main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
    expect(stage.exitCode).toBe(0);
    await next.post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('left by a job that died in a fresh home is gone after the next job', async () => {
    const { job, main, nextJob } = await startJourney({ job: { runnerDies: true } });
    expect((await main()).exitCode).toBe(0);
    const next = nextJob({ home: job.home });
    const stage = await next.main();
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    await next.post(stage);
    expect(treeOf(job.home)).toEqual({});
  });
});

describe('two logins in one job', () => {
  it.each([
    ['with profiles of their own', 'ONE', 'TWO', {}],
    ['with the same profile, for another region', 'ONE', 'ONE', { region: 'eu-zurich-1' }],
  ])('%s are undone in reverse order, each its own', async (_what, first, second, changes) => {
    const { job, main, post } = await startJourney();
    const one = await main({ profile: first });
    const afterOne = treeOf(job.home);
    const two = await main({ profile: second, ...changes });
    expect(two.exitCode).toBe(0);
    expect(treeOf(job.home)).not.toEqual(afterOne);
    const { exported } = await post(two);
    expect(treeOf(job.home)).toEqual(afterOne);
    expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: 'ONE' });
    expect(exported).toMatchObject({ OCI_CLI_PROFILE: first });
    await post(one);
    expect(treeOf(job.home)).toEqual({});
  });
});

const LEDGER = '.oci/.oci-wif-action-ledger.json';

interface EditableLedger {
  createdFiles: string[];
  entries: Record<string, unknown>[];
}

/** Changes the ledger as a later step or another host could. */
function editLedger(home: string, edit: (ledger: EditableLedger) => void): void {
  const file = path.join(home, LEDGER);
  const ledger = JSON.parse(readFileSync(file, 'utf8')) as EditableLedger;
  edit(ledger);
  writeFileSync(file, JSON.stringify(ledger));
}

describe('a profile of another job', () => {
  it('returns PROFILE_IN_USE while the runner of that job runs, and leaves the profile alone', async () => {
    const { job, main, post, nextJob } = await startJourney();
    const first = await main({ profile: 'DEPLOY' });
    const before = treeOf(job.home);
    const next = nextJob({ home: job.home });
    const stage = await next.main({ profile: 'DEPLOY', 'overwrite-profile': 'true' });
    expect(stage.outputs).toEqual({ 'failure-code': 'PROFILE_IN_USE' });
    expect(errorOf(stage)).toContain(`[DEPLOY] in ${first.outputs['config-file']}`);
    expect(errorOf(stage)).toContain(first.outputs['expires-at']?.slice(0, 16));
    await next.post(stage);
    expect(treeOf(job.home)).toEqual(before);
    await post(first);
    expect(treeOf(job.home)).toEqual({});
  });

  it('is replaced without a warning when its session has expired', async () => {
    const { job, main, post, nextJob } = await startJourney();
    const first = await main();
    editLedger(job.home, ({ entries }) => Object.assign(entries[0] ?? {}, { expiresAt: Date.now() - 1 }));
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
    editLedger(job.home, ({ entries }) => Object.assign(entries[0]?.['runnerProcess'] ?? {}, changes));
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

  it('deleted the ledger removes key, token and profile', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, OTHER);
    const before = treeOf(job.home);
    const stage = await main();
    rmSync(path.join(job.home, LEDGER));
    const { exitCode, stdout } = await post(stage);
    expect([exitCode, stdout.includes('::warning::')]).toEqual([0, false]);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('deleted the ledger restores the session files that were there before', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { ...OTHER, '.oci/sessions/DEPLOY/token': 'old' });
    const before = treeOf(job.home);
    const stage = await main({ profile: 'DEPLOY' });
    rmSync(path.join(job.home, LEDGER));
    await post(stage);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('let the ledger name files of others removes none of them', async () => {
    const { job, main, post } = await startJourney();
    writeHome(job.home, { ...OTHER, 'notes/config': '', '.profile': '' });
    const before = treeOf(job.home);
    const stage = await main();
    editLedger(job.home, ({ createdFiles, entries }) => {
      createdFiles.push(path.join(job.home, '.profile'), path.join(job.home, 'notes/config'));
      const [ours] = entries;
      const directory = path.join(job.home, '.oci/sessions/OTHER');
      for (const file of ['notes/config', '.oci/config'])
        entries.push({ ...ours, file: path.join(job.home, file), section: 'OTHER', directory });
      Object.assign(ours ?? {}, { directory, previousDirectory: path.join(job.home, 'notes') });
    });
    expect((await post(stage)).exitCode).toBe(0);
    const after = treeOf(job.home);
    expect(Object.entries(before).filter(([name, content]) => after[name] !== content)).toEqual([]);
    expect(Object.keys(after).filter((name) => /DEFAULT/.test(name))).toEqual([]);
  });

  it('replaced one config by a link removes all the rest, and warns of what stayed', async () => {
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
      expect.stringMatching(/profile \[profile deploy\] in \S+\.aws\/config\. PATH_UNSAFE/),
    ]);
    expect(existsSync(path.join(job.home, '.aws/credentials'))).toBe(false);
    expect(JSON.stringify(treeOf(job.home))).not.toContain(
      [...emulator.world.awsSessions.values()].at(-1)?.secretAccessKey,
    );
    expect(treeOf(job.home)).toMatchObject(before);
    expect(job.env()).toMatchObject({ OCI_CLI_PROFILE: '', AWS_ACCESS_KEY_ID: '' });
    expect(logOf(cleaned)).toContain('Removed profile [deploy] from');
  });
});
