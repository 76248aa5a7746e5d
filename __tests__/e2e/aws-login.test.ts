// Requests, outputs, variables and masks of a login to AWS.
import { describe, expect, it } from '@jest/globals';
import { logOf, maskedIn, startJourney, treeOf, warningsOf } from './journey.ts';

const ALONE = { 'token-type': 'none', region: '' };

describe('a login to OCI and AWS', () => {
  it('gives the outputs of both, with one request for each token', async () => {
    const { emulator, toAws } = await startJourney();
    const stage = await toAws();
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    const services = emulator.journal.map(({ service, method, path }) => `${service} ${method} ${path}`);
    expect(services.toSorted()).toEqual([
      'domain POST /oauth2/v1/token',
      'domain POST /oauth2/v1/token',
      'github GET /_services/token',
      'sts POST /',
    ]);
    const [session] = emulator.world.awsSessions.values();
    const { principal, ...outputs } = stage.outputs;
    expect(principal).toBe(emulator.world.settings.serviceUser.ocid);
    expect(Object.fromEntries(Object.entries(outputs).filter(([name]) => name.startsWith('aws-')))).toEqual({
      'aws-access-key-id': session?.accessKeyId,
      'aws-secret-access-key': session?.secretAccessKey,
      'aws-session-token': session?.sessionToken,
      'aws-expiration': new Date(session?.expires ?? 0).toISOString(),
      'aws-account-id': '123456789012',
      'aws-assumed-role-arn': session?.arn,
    });
  });

  it('does not wait for the OCI session before it assumes the role', async () => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'github', times: 2, fault: { kind: 'status', status: 503 } });
    expect((await toAws()).exitCode).toBe(0);
    const services = emulator.journal.map(({ service }) => service);
    expect(services.indexOf('sts')).toBeLessThan(services.lastIndexOf('github'));
  });

  it('exports the role session, and the profile for the OCI CLI', async () => {
    const { emulator, toAws } = await startJourney();
    const { exported } = await toAws();
    const [session] = emulator.world.awsSessions.values();
    const { OCI_CLI_AUTH, OCI_CLI_PROFILE, OCI_CLI_CONFIG_FILE, OCI_CONFIG_FILE, ...aws } = exported;
    for (const value of [OCI_CLI_AUTH, OCI_CLI_PROFILE, OCI_CLI_CONFIG_FILE, OCI_CONFIG_FILE])
      expect(value).toBeTruthy();
    expect(aws).toEqual({
      AWS_ACCESS_KEY_ID: session?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session?.secretAccessKey,
      AWS_SESSION_TOKEN: session?.sessionToken,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
  });

  it('masks the request token, the access token, both Basic values and all three parts of the credentials', async () => {
    const world = { awsClientId: 'aws-app', awsClientSecret: 'idcscs-second secret' };
    const { emulator, toAws } = await startJourney({ world });
    const stage = await toAws({
      'aws-client-id': world.awsClientId,
      'aws-client-secret': world.awsClientSecret,
    });
    expect(stage.exitCode).toBe(0);
    const masked = maskedIn(stage);
    const basic = Buffer.from(`${world.awsClientId}:${world.awsClientSecret}`).toString('base64');
    const [session] = emulator.world.awsSessions.values();
    const wanted = [
      world.awsClientSecret,
      basic,
      session?.accessKeyId,
      session?.secretAccessKey,
      session?.sessionToken,
    ];
    for (const value of wanted) expect(masked).toContain(value);
    expect(masked.filter((value) => value.split('.').length === 3)).toHaveLength(4);
    expect(masked).not.toContain('123456789012');
  });

  it('outputs no credentials with `output-credentials: false`', async () => {
    const { toAws } = await startJourney();
    const { outputs } = await toAws({ 'output-credentials': 'false' });
    expect(Object.keys(outputs).filter((name) => name.startsWith('aws-'))).toEqual([
      'aws-expiration',
      'aws-account-id',
      'aws-assumed-role-arn',
    ]);
    expect(outputs).not.toHaveProperty('security-token');
  });
});

describe('a login to AWS alone', () => {
  it('needs no OCI region, sends no request to GitHub or for an exchange, and writes no file', async () => {
    const { emulator, job, toAws, post } = await startJourney();
    const stage = await toAws(ALONE);
    expect(stage.exitCode).toBe(0);
    expect(emulator.journal.map(({ service, path }) => `${service} ${path}`)).toEqual([
      'domain /oauth2/v1/token',
      'sts /',
    ]);
    expect(treeOf(job.home)).toEqual({});
    expect(treeOf(job.temp)).toEqual({});
    expect(Object.keys(stage.exported).every((name) => name.startsWith('AWS_'))).toBe(true);
    expect(Object.keys(stage.outputs).every((name) => name.startsWith('aws-'))).toBe(true);
    expect(logOf(stage)).toMatch(/^Assumed arn:aws:sts::123456789012:assumed-role\/deploy\/\S+ in account/m);
    expect((await post(stage)).exitCode).toBe(0);
  });

  it('needs no `id-token` permission', async () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
    const { toAws } = await startJourney({ job: { env } });
    expect((await toAws(ALONE)).exitCode).toBe(0);
  });

  it('works when the runner reaches nothing of the domain but its token endpoint', async () => {
    const { emulator, toAws } = await startJourney();
    emulator.faults.add({ service: 'domain', after: 1, fault: { kind: 'stall-before-headers' } });
    const stage = await toAws({ ...ALONE, 'timeout-seconds': '10' });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
  });

  it('accepts an issuer with a slash at the end', async () => {
    const { emulator, toAws } = await startJourney();
    emulator.world.settings.domainIssuer = `${emulator.urls.domain}/`;
    const stage = await toAws(ALONE);
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
  });

  it('assumes a role that the token names, alone or in a list', async () => {
    const { emulator, toAws } = await startJourney();
    const arn = emulator.awsInputs['aws-role-arn'];
    for (const roles of [arn, ['arn:aws:iam::123456789012:role/other', arn]]) {
      emulator.world.settings.accessTokenClaims = { 'https://aws.amazon.com/roles': roles };
      expect((await toAws(ALONE)).exitCode).toBe(0);
    }
  });

  it('may be another application than that of the exchange', async () => {
    const world = { awsClientId: 'aws-app', awsClientSecret: 'idcscs-second' };
    const { emulator, toAws } = await startJourney({ world });
    const inputs = { 'aws-client-id': 'aws-app', 'aws-client-secret': 'idcscs-second' };
    expect((await toAws(inputs)).exitCode).toBe(0);
    expect(emulator.world.awsSessions.size).toBe(1);
  });

  it.each([
    ['bare-only', '/'],
    ['qualified-only', 'sts.amazon.com/'],
    ['both', ''],
  ] as const)('spells the scope as the domain wants it: %s, %j', async (scopeForms, scope) => {
    const { toAws } = await startJourney({ world: { scopeForms } });
    expect((await toAws({ ...ALONE, 'aws-scope': scope })).exitCode).toBe(0);
  });

  it('accepts the expected audience as a string or as a list of one', async () => {
    for (const accessTokenAudienceForm of ['string', 'array'] as const) {
      const world = { primaryAudience: 'https://aws.example/x', accessTokenAudienceForm };
      const { toAws } = await startJourney({ world });
      expect((await toAws({ ...ALONE, 'aws-audience': world.primaryAudience })).exitCode).toBe(0);
    }
  });
});
