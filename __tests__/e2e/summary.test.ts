// The job summary of a successful and of a failed login, and when there is none.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { asShown, errorOf, logOf, QUICK, startJourney, warningsOf } from './journey.ts';

const ISO = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

const WRONG_SECRET = { 'client-secret': 'idcscs-wrong', ...QUICK };

/** The rows of each table, as a reader sees them, by the first cell of its header. */
function tablesOf(summary: string): Record<string, Record<string, string>> {
  const tables = [...summary.matchAll(/^\| (\w+) \|.*\|\n\| --- \| --- \|\n((?:\|.*\|\n)+)/gm)];
  return Object.fromEntries(
    tables.map(([, header, lines = '']) => {
      const rows = [...lines.matchAll(/^\| (.+?) \| (.+) \|$/gm)];
      return [header, Object.fromEntries(rows.map(([, ...cells]) => cells.map(asShown)))];
    }),
  );
}

/** A heading, a table for each cloud, and one folded block. */
const SHAPE =
  /^### [^\n]+\n\n((\|[^\n]+\|\n)+\n){1,2}<details><summary>[^\n]+<\/summary>\n\n(\|[^\n]+\|\n)+\n<\/details>\n\n$/;

describe('the summary of a login', () => {
  it('shows principal, place and end of the session, and folds IDs, files and variables', async () => {
    const { emulator, job, main } = await startJourney();
    const { summary, outputs } = await main({ profile: 'DEPLOY_1' });
    const [session] = emulator.journal.filter(({ service }) => service === 'domain');
    const payload = (outputs['security-token'] ?? '').split('.')[1] ?? '';
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const at = (...names: string[]) => path.join(job.home, '.oci', ...names);
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to OCI\n/);
    const files = [at('config'), at('sessions/DEPLOY_1/oci_api_key.pem'), at('sessions/DEPLOY_1/token')];
    expect(tablesOf(summary)).toEqual({
      OCI: {
        Principal: outputs['principal'],
        Tenancy: outputs['tenancy'],
        'Identity domain': new URL(emulator.urls.domain).host,
        Region: 'us-ashburn-1',
        Profile: 'DEPLOY_1',
        'Valid until': `${outputs['expires-at']} (60 minutes)`,
      },
      Name: {
        'Request ID of the token exchange': session?.requestId,
        'Token ID (`jti`)': jti,
        Files: files.join('\n'),
        'Variables set': 'OCI_CLI_AUTH OCI_CLI_PROFILE OCI_CLI_CONFIG_FILE OCI_CONFIG_FILE',
        'When the job ends': 'the post step removes or restores all of these',
      },
    });
  });

  it('adds account, role session and its end for AWS, and lists every file and variable of both clouds', async () => {
    const { emulator, job, toAws } = await startJourney();
    const { summary, outputs } = await toAws(
      { 'aws-profile': 'aws', cleanup: 'false' },
      { env: { AWS_SECURITY_TOKEN: 'old' } },
    );
    const { OCI, AWS, Name: folded = {} } = tablesOf(summary);
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to OCI and AWS\n/);
    expect(OCI).toMatchObject({ Principal: outputs['principal'] });
    expect(AWS).toEqual({
      Account: '123456789012',
      'Role session': outputs['aws-assumed-role-arn'],
      'Valid until': `${outputs['aws-expiration']} (60 minutes)`,
    });
    expect(folded).toMatchObject({
      'Variables emptied': 'AWS_SECURITY_TOKEN',
      'When the job ends': 'all of these stay (`cleanup: false`)',
    });
    const files = folded['Files']?.split('\n') ?? [];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const inAws = files.filter((file) => file.startsWith(path.join(job.home, '.aws')));
    expect(inAws.map((file) => path.basename(file)).toSorted()).toEqual(['config', 'credentials']);
    expect(folded['Variables set']?.split(' ')).toEqual(
      expect.arrayContaining(['OCI_CLI_AUTH', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_REGION']),
    );
    expect(folded['Variables set']?.split(' ')).not.toContain('AWS_SECURITY_TOKEN');
    // The summary itself, not only the mask of the runner, hides the key ID.
    const [session] = emulator.world.awsSessions.values();
    expect(asShown(summary)).not.toContain(session?.accessKeyId);
  });

  it('shows AWS and the application that it trusts when there is no OCI session', async () => {
    const { emulator, toAws } = await startJourney();
    const { summary, outputs } = await toAws({
      'token-type': 'none',
      region: '',
      'aws-credential-source': 'web-identity',
    });
    expect(summary).toMatch(SHAPE);
    expect(summary).toMatch(/^### Logged in to AWS\n/);
    expect(tablesOf(summary)).toEqual({
      AWS: {
        'Identity domain': new URL(emulator.urls.domain).host,
        Application: emulator.inputs['client-id'],
        Account: '123456789012',
        'Role session': outputs['aws-assumed-role-arn'],
        'Valid until': expect.stringMatching(new RegExp(`^${ISO} \\(60 minutes\\)$`)),
      },
      Name: {
        Files: expect.stringMatching(/aws-web-identity-token$/),
        'Variables set': expect.stringContaining('AWS_WEB_IDENTITY_TOKEN_FILE'),
        'When the job ends': 'the post step removes or restores all of these',
      },
    });
  });

  it('shows a path unchanged when it contains Markdown or HTML', async () => {
    const { job, main } = await startJourney();
    const directory = path.join(job.home, '_a_ | <b>&lt;`$x$` [y](z) ~~q~~ \\');
    const { summary, exitCode } = await main({ 'config-file': path.join(directory, 'config') });
    expect(exitCode).toBe(0);
    expect(summary).toMatch(SHAPE);
    const files = /^\| Files \| (.*) \|$/m.exec(summary)?.[1] ?? '';
    expect(files.replaceAll(/<\/?code>|<br>|&#\d+;/g, '')).not.toMatch(/[&<>|[\]\\`*~$]/);
    expect(tablesOf(summary)['Name']?.['Files']?.split('\n')[0]).toBe(path.join(directory, 'config'));
  });

  it('is appended to what the file already contains', async () => {
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

  it('does not change the log, which has no warning', async () => {
    const { main } = await startJourney();
    const [always, never] = [await main({ profile: 'A' }), await main({ profile: 'A', summary: 'never' })];
    const normalized = (log: string) =>
      log
        .replaceAll(new RegExp(ISO, 'g'), 'then')
        .replaceAll(/\bid:? \S+/gi, 'id x')
        .replaceAll(/in \d+ ms/g, 'in 1 ms');
    expect(normalized(logOf(always))).toBe(normalized(logOf(never)));
    expect(warningsOf(always)).toEqual([]);
  });
});

describe('expires-in', () => {
  it('is a whole number of seconds, never more than are left', async () => {
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
  ])('decides which logins write a summary: $summary', async ({ summary, success, failure }) => {
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
  ])('takes effect even when another input is wrong: %j', async (summary, isWritten) => {
    const { main } = await startJourney();
    const stage = await main({ summary, region: 'nowhere' });
    expect(stage.outputs).toEqual({ 'failure-code': 'INPUT_INVALID' });
    expect(stage.summary.includes('**INPUT_INVALID**')).toBe(isWritten);
    expect(stage.summary === '').toBe(!isWritten);
  });
});

describe('a job without a summary file', () => {
  it.each([
    ['has no path', '', false],
    ['cannot be written', '/nonexistent/summary', true],
  ])('logs in, and reports a failure, when the file %s', async (_what, file, isLogged) => {
    const env = { GITHUB_STEP_SUMMARY: file };
    const { main } = await startJourney({ job: { env } });
    const [good, bad] = [await main(), await main({ ...WRONG_SECRET, profile: 'B' })];
    expect([good.exitCode, good.stderr, warningsOf(good)]).toEqual([0, '', []]);
    expect(good.outputs['principal']).toMatch(/^ocid1\./);
    expect(bad.outputs).toEqual({ 'failure-code': 'OCI_CLIENT_REJECTED' });
    expect(errorOf(bad)).toMatch(/^OCI_CLIENT_REJECTED: /);
    for (const stage of [good, bad])
      expect(logOf(stage).includes('The job summary could not be written.')).toBe(isLogged);
  });
});
