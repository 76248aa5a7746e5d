// What the author sees in the job's summary, after a login that worked and one that failed, and when nothing is shown.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { asShown, errorOf, logOf, QUICK, startJourney, warningsOf } from './journey.ts';

const ISO = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

const WRONG_SECRET = { 'client-secret': 'idcscs-wrong', ...QUICK };

/** The rows of all tables, as a reader sees them. */
function rowsOf(summary: string): Record<string, string> {
  const rows = [...summary.matchAll(/^\| (.+?) \| (.+) \|$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return Object.fromEntries(
    rows.filter(([name]) => !['what', '---'].includes(name ?? '')).map((row) => row.map(asShown)),
  );
}

/** Each piece of the summary is there once: one heading, one table, one fold-out with the rest. */
const SHAPE =
  /^### [^\n]+\n\n(\|[^\n]+\|\n)+\n<details><summary>[^\n]+<\/summary>\n\n(\|[^\n]+\|\n)+\n<\/details>\n\n$/;

describe('the summary of a login', () => {
  it('says who, where and until when, and folds away what an auditor and later steps look for', async () => {
    const { emulator, job, main } = await startJourney();
    const { summary, outputs } = await main({ profile: 'DEPLOY_1' });
    const [session] = emulator.journal.filter(({ service }) => service === 'domain');
    const payload = (outputs['security-token'] ?? '').split('.')[1] ?? '';
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const at = (...names: string[]) => path.join(job.home, '.oci', ...names);
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to OCI\n/);
    expect(rowsOf(summary)).toEqual({
      principal: outputs['principal'],
      tenancy: outputs['tenancy'],
      domain: new URL(emulator.urls.domain).host,
      profile: 'DEPLOY_1 in us-ashburn-1',
      until: `${outputs['expires-at']}, 60 min from login`,
      'request id of the exchange': session?.requestId,
      'id of the session token (jti)': jti,
      files: [at('config'), at('sessions/DEPLOY_1/oci_api_key.pem'), at('sessions/DEPLOY_1/token')].join(
        '\n',
      ),
      variables: 'OCI_CLI_AUTH OCI_CLI_PROFILE OCI_CLI_CONFIG_FILE OCI_CONFIG_FILE',
      'when the job ends': 'the post step takes these back',
    });
  });

  it('to OCI and AWS adds account, role session and its end, and every file and variable of both', async () => {
    const { emulator, job, toAws } = await startJourney();
    const { summary, outputs } = await toAws(
      { 'aws-profile': 'aws', cleanup: 'false' },
      { env: { AWS_SECURITY_TOKEN: 'old' } },
    );
    const rows = rowsOf(summary);
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to OCI and AWS\n/);
    expect(rows).toMatchObject({
      'AWS account': '123456789012',
      'AWS role session': outputs['aws-assumed-role-arn'],
      'AWS until': `${outputs['aws-expiration']}, 60 min from login`,
      'variables emptied': 'AWS_SECURITY_TOKEN',
      'when the job ends': 'these stay (`cleanup: false`)',
    });
    const files = rows['files']?.split('\n') ?? [];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const inAws = files.filter((file) => file.startsWith(path.join(job.home, '.aws')));
    expect(inAws.map((file) => path.basename(file)).toSorted()).toEqual(['config', 'credentials']);
    expect(rows['variables']?.split(' ')).toEqual(
      expect.arrayContaining(['OCI_CLI_AUTH', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_REGION']),
    );
    expect(rows['variables']?.split(' ')).not.toContain('AWS_SECURITY_TOKEN');
    // Nor does the runner's mask have anything to do in it.
    const [session] = emulator.world.awsSessions.values();
    expect(asShown(summary)).not.toContain(session?.accessKeyId);
  });

  it('to AWS alone speaks of AWS alone, and of the application that it trusts', async () => {
    const { emulator, toAws } = await startJourney();
    const { summary, outputs } = await toAws({
      'token-type': 'none',
      region: '',
      'aws-credential-source': 'web-identity',
    });
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to AWS\n/);
    const { files, variables, ...rows } = rowsOf(summary);
    expect(rows).toEqual({
      application: emulator.inputs['client-id'],
      domain: new URL(emulator.urls.domain).host,
      'AWS account': '123456789012',
      'AWS role session': outputs['aws-assumed-role-arn'],
      'AWS until': expect.stringMatching(new RegExp(`^${ISO}, 60 min from login$`)),
      'when the job ends': 'the post step takes these back',
    });
    expect(files).toMatch(/aws-web-identity-token$/);
    expect(variables).toContain('AWS_WEB_IDENTITY_TOKEN_FILE');
  });

  it('shows a name to the letter that Markdown or HTML would take for markup', async () => {
    const { job, main } = await startJourney();
    const directory = path.join(job.home, '_a_ | <b>&lt;`$x$` [y](z) ~~q~~ \\');
    const { summary, exitCode } = await main({ 'config-file': path.join(directory, 'config') });
    expect(exitCode).toBe(0);
    expect(summary).toMatch(SHAPE);
    const files = /^\| files \| (.*) \|$/m.exec(summary)?.[1] ?? '';
    expect(files.replaceAll(/<\/?code>|<br>|&#\d+;/g, '')).not.toMatch(/[&<>|[\]\\`*~$]/);
    expect(rowsOf(summary)['files']?.split('\n')[0]).toBe(path.join(directory, 'config'));
  });

  it('is written for each of two logins of a job', async () => {
    const { main } = await startJourney();
    const [first, second] = [await main({ profile: 'A' }), await main({ profile: 'B' })];
    expect(rowsOf(first.summary)['profile']).toBe('A in us-ashburn-1');
    expect(rowsOf(second.summary)['profile']).toBe('B in us-ashburn-1');
    for (const { summary } of [first, second]) expect(summary).toMatch(SHAPE);
  });

  it('goes behind what stands in the file already, of which nothing is lost', async () => {
    const { job, main } = await startJourney();
    const file = path.join(job.temp, 'summary');
    const env = { GITHUB_STEP_SUMMARY: file };
    writeFileSync(file, '# Mine\n\n');
    await main({ profile: 'A' }, { env });
    const { summary } = await main({ profile: 'B', ...WRONG_SECRET }, { env });
    const [mine, first, second] = summary.split(/^(?=#)/m);
    expect([mine, second?.split('\n')[0]]).toEqual(['# Mine\n\n', '### Login failed']);
    expect(first).toMatch(SHAPE);
  });

  it('does not change the log, and costs no warning however short the session is beside the job', async () => {
    const { main } = await startJourney();
    const [always, never] = [await main({ profile: 'A' }), await main({ profile: 'A', summary: 'never' })];
    const told = (log: string) =>
      log
        .replaceAll(new RegExp(ISO, 'g'), 'then')
        .replaceAll(/id \S+/g, 'id x')
        .replaceAll(/in \d+ ms/g, 'in 1 ms');
    expect(told(logOf(always))).toBe(told(logOf(never)));
    expect(warningsOf(always)).toEqual([]);
  });
});

describe('expires-in', () => {
  it('is whole seconds, never more than are left', async () => {
    const { main } = await startJourney({ world: { upstLifetimeSeconds: 1800 } });
    const before = Date.now();
    const { outputs } = await main();
    const seconds = Number(outputs['expires-in']);
    const left = (Date.parse(outputs['expires-at'] ?? '') - before) / 1000;
    expect(outputs['expires-in']).toMatch(/^\d+$/);
    expect(seconds).toBeLessThanOrEqual(left);
    expect(seconds).toBeGreaterThan(left - 60);
  });
});

describe('the input summary', () => {
  it.each([
    { summary: 'always', success: true, failure: true },
    { summary: 'on-failure', success: false, failure: true },
    { summary: 'never', success: false, failure: false },
    { summary: '', success: true, failure: true },
  ])('decides which logins write one: $summary', async ({ summary, success, failure }) => {
    const { main } = await startJourney();
    const good = await main({ summary });
    const bad = await main({ summary, ...WRONG_SECRET, profile: 'B' });
    expect([good.exitCode, bad.exitCode]).toEqual([0, 1]);
    expect([good.summary !== '', bad.summary !== '']).toEqual([success, failure]);
    expect(errorOf(bad)).toMatch(/^OCI_CLIENT_REJECTED: /);
    if (failure) expect(bad.summary).toContain('**OCI_CLIENT_REJECTED**');
  });

  it.each([
    ['on-failure', true],
    ['sometimes', true],
    [' never ', false],
    ['never', false],
  ])('counts before any other is understood: %j', async (summary, isWritten) => {
    const { main } = await startJourney();
    const stage = await main({ summary, region: 'nowhere' });
    expect(stage.outputs).toEqual({ 'failure-code': 'INPUT_INVALID' });
    expect(stage.summary.includes('**INPUT_INVALID**')).toBe(isWritten);
    expect(stage.summary === '').toBe(!isWritten);
  });
});

describe('a job without a summary', () => {
  it.each([
    ['that has no file for it', '', false],
    ['whose file cannot be written', '/nonexistent/summary', true],
  ])('%s logs in, and fails, as any other', async (_what, file, isSaid) => {
    const env = { GITHUB_STEP_SUMMARY: file };
    const { main } = await startJourney({ job: { env } });
    const [good, bad] = [await main(), await main({ ...WRONG_SECRET, profile: 'B' })];
    expect([good.exitCode, good.stderr, warningsOf(good)]).toEqual([0, '', []]);
    expect(good.outputs['principal']).toMatch(/^ocid1\./);
    expect(bad.outputs).toEqual({ 'failure-code': 'OCI_CLIENT_REJECTED' });
    expect(errorOf(bad)).toMatch(/^OCI_CLIENT_REJECTED: /);
    for (const stage of [good, bad])
      expect(logOf(stage).includes('The job summary could not be written.')).toBe(isSaid);
  });
});
