// `oci-wif token` as a process: what it prints, what it refuses, and what real programs of AWS do with it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { untilEnd } from '../../../emulator/runner/ended.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { treeOf } from '../../e2e/journey.ts';
import { encodingsOf } from '../../e2e/secret-encodings.ts';
import { describeWithTerminal } from '../../unit/systems-with.ts';
import { type CommandRun, runCommand, runInTerminal } from '../command.ts';

const root = path.join(import.meta.dirname, '../../..');
const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Scene {
  emulator: Emulator;
  home: string;
  keyFile: string;
  env: Record<string, string>;
  aws: string[];
  token(args: readonly string[], env?: Record<string, string>): Promise<CommandRun>;
  assumed(): number;
}

async function start(options?: EmulatorOptions): Promise<Scene> {
  const emulator = await startEmulator(options);
  open.push(() => emulator.close());
  const home = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'token-'))); // on macOS, behind a link
  open.push(() => rmSync(home, { recursive: true }));
  const { inputs, awsInputs } = emulator;
  const env = {
    HOME: home,
    GITHUB_ACTIONS: 'true',
    ...emulator.env,
    OCI_DOMAIN_URL: inputs['domain-url'],
    OCI_CLIENT_ID: inputs['client-id'],
    OCI_CLIENT_SECRET: inputs['client-secret'],
    OCI_REGION: inputs.region,
    OCI_TENANCY: inputs.tenancy,
  };
  return {
    emulator,
    home,
    env,
    keyFile: path.join(home, 'key.pem'),
    aws: ['--type', 'aws', ...Object.entries(awsInputs).flatMap(([name, value]) => [`--${name}`, value])],
    token: (args, more) =>
      runCommand(['token', '--retry-max-attempts', '1', ...args], { env: { ...env, ...more }, cwd: home }),
    assumed: () =>
      emulator.journal.filter(({ service, status }) => service === 'sts' && status === 200).length,
  };
}

const sessionArgs = ({ keyFile }: Scene) => ['--type', 'session', '--private-key-file', keyFile];

/** A machine outside GitHub. */
const NO_ID_TOKEN = {
  GITHUB_ACTIONS: '',
  ACTIONS_ID_TOKEN_REQUEST_URL: '',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: '',
};

/** Which secrets of the emulator a text has, in any encoding. */
const secretsIn = ({ emulator }: Scene, text: string) =>
  emulator.secrets().filter((secret) => encodingsOf(secret).some((encoding) => text.includes(encoding)));

describe('a session token', () => {
  it('is printed as JSON, and its key is in a new file that only the owner may read', async () => {
    const scene = await start();
    const { exitCode, stdout, stderr } = await scene.token(sessionArgs(scene));
    expect([exitCode, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout);
    const { tenancy, region } = scene.emulator.inputs;
    expect(printed).toEqual({
      version: 1,
      token: expect.any(String),
      expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      ...{ tenancy, region, private_key_file: scene.keyFile },
    });
    expect(secretsIn(scene, stdout)).toEqual([printed.token]);
    const { 'key.pem': key, ...others } = treeOf(scene.home);
    expect(others).toEqual({});
    if (process.platform !== 'win32') expect(key).toMatch(/^600 -----BEGIN (RSA )?PRIVATE KEY-----\n/);
  });

  it('is printed alone with --format raw', async () => {
    const scene = await start();
    const { stdout } = await scene.token([...sessionArgs(scene), '--format', 'raw']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(secretsIn(scene, stdout)).toEqual([stdout.trim()]);
  });

  it('is not requested without a new file for its key', async () => {
    const scene = await start();
    writeFileSync(scene.keyFile, 'kept');
    const runs = [
      await scene.token(['--type', 'session']),
      await scene.token(sessionArgs(scene)),
      await scene.token(['--type', 'session', '--private-key-file', path.join(scene.home, 'none/key.pem')]),
      await scene.token(['--type', 'session', '--private-key-file', 'key'], { GITHUB_WORKSPACE: scene.home }),
    ];
    expect(runs.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(runs.map(() => [1, '']));
    expect(runs.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/^error: OPTION_INVALID: --type session needs --private-key-file, /),
      `error: OPTION_INVALID: The file of --private-key-file exists already: ${scene.keyFile}. Name a new file.\n`,
      expect.stringMatching(/The directory of --private-key-file does not exist: .*none\. /),
      expect.stringMatching(/checkout/),
    ]);
    expect(readFileSync(scene.keyFile, 'utf8')).toBe('kept');
    expect(scene.emulator.journal).toEqual([]);
  });
});

describe('an access token', () => {
  it('is printed alone, or as JSON with the time when it ends', async () => {
    const scene = await start();
    const raw = await scene.token(['--type', 'access']);
    expect([raw.exitCode, raw.stderr]).toEqual([0, '']);
    expect(secretsIn(scene, raw.stdout)).toEqual([raw.stdout.trim()]);
    const json = JSON.parse((await scene.token(['--type', 'access', '--format', 'json'])).stdout);
    expect(Object.keys(json)).toEqual(['version', 'token', 'expiration']);
    expect(treeOf(scene.home)).toEqual({});
  });

  it('of another audience is not printed', async () => {
    const scene = await start({ world: { accessTokenAudience: 'other.example' } });
    const { exitCode, stdout, stderr } = await scene.token(['--type', 'access']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/AWS_AUDIENCE_MISMATCH: .*other\.example.*--aws-audience is "sts\.amazon\.com"/);
    const wanted = await scene.token(['--type', 'access', '--aws-audience', 'other.example']);
    expect([wanted.exitCode, wanted.stderr]).toEqual([0, '']);
  });
});

describe('credentials of a role', () => {
  it('are printed as a credential process prints them', async () => {
    const scene = await start();
    const { exitCode, stdout, stderr } = await scene.token(scene.aws);
    expect([exitCode, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout);
    expect(Object.keys(printed)).toEqual([
      ...['Version', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'],
    ]);
    expect([printed.Version, Date.parse(printed.Expiration)]).toEqual([1, expect.any(Number)]);
    expect(treeOf(scene.home)).toEqual({});
  });

  it('are variables of a POSIX shell with --format env', async () => {
    const scene = await start();
    const { stdout } = await scene.token([...scene.aws, '--format', 'env']);
    const script = `${stdout}env | grep ^AWS_ | cut -d= -f1 | sort`;
    const { stdout: names } = await untilEnd(
      spawn('sh', ['-euc', script], {
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    expect(names.trim().split('\n')).toEqual([
      ...['AWS_ACCESS_KEY_ID', 'AWS_CREDENTIAL_EXPIRATION', 'AWS_DEFAULT_REGION', 'AWS_REGION'],
      ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
    ]);
  });

  it('name the job of the CI system in CloudTrail', async () => {
    const scene = await start();
    const env = {
      ...NO_ID_TOKEN,
      GITLAB_CI: 'true',
      CI_SERVER_URL: 'https://gitlab.example',
      CI_JOB_ID: '7',
    };
    expect((await scene.token(scene.aws, env)).exitCode).toBe(0);
    const [session] = [...scene.emulator.world.awsSessions.values()];
    expect(session?.arn).toMatch(/\/GitLab-gitlab\.example-7$/);
  });
});

/** A program of AWS whose profile has our command as `credential_process`. */
async function runConsumer({ emulator, home, env, aws }: Scene) {
  const line = [process.execPath, path.join(root, 'cli/main.ts'), 'token', ...aws].join(' ');
  mkdirSync(path.join(home, '.aws'));
  writeFileSync(
    path.join(home, '.aws/config'),
    `[profile ci]\nregion = us-east-1\ncredential_process = ${line}\n`,
  );
  const endpoints = {
    AWS_PROFILE: 'ci',
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    AWS_ENDPOINT_URL_S3: emulator.urls.s3.replace('localhost', '127.0.0.1'),
  };
  const program = path.join(root, 'scripts/demo/consumer-aws.ts');
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ...env, ...endpoints },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return untilEnd(child);
}

describe('the AWS SDK for JavaScript with `credential_process`', () => {
  const CLIENTS = 2;

  it('asks once for each client while the credentials are valid', async () => {
    const scene = await start();
    expect(await runConsumer(scene)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('bucket deleted'),
    });
    // One more is the request for the caller's identity.
    expect(scene.assumed()).toBe(CLIENTS + 1);
  });

  it('asks again when they are about to end', async () => {
    const scene = await start({ world: { lifetimeScale: 1 / 60 } });
    expect((await runConsumer(scene)).exitCode).toBe(0);
    expect(scene.assumed()).toBeGreaterThan(CLIENTS + 1);
  });
});

describe('the command', () => {
  it('shows no secret on standard error, also with debug logging', async () => {
    const scene = await start();
    for (const args of [sessionArgs(scene), ['--type', 'access'], scene.aws]) {
      const { exitCode, stderr } = await scene.token(args, { OCI_WIF_DEBUG: '1' });
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('/oauth2/v1/token')]);
      expect(secretsIn(scene, stderr)).toEqual([]);
    }
  });
});

describeWithTerminal('a terminal', () => {
  it('gets the token, too', async () => {
    const scene = await start();
    const { exitCode, stdout } = await runInTerminal(['token', '--type', 'access'], { env: scene.env });
    expect(exitCode).toBe(0);
    expect(secretsIn(scene, stdout)).toEqual([stdout.trim()]);
  });
});

describe('a failure', () => {
  interface Case {
    options?: EmulatorOptions;
    args(scene: Scene): readonly string[];
    env?: Record<string, string>;
    says: RegExp;
  }

  it.each<[string, Case]>([
    ['no kind', { args: () => [], says: /OPTION_INVALID: --type is missing\./ }],
    [
      'an unknown kind',
      { args: () => ['--type', 'id'], says: /--type must be one of session, access, aws, not "id"\./ },
    ],
    [
      'a form that the kind does not have',
      {
        args: ({ aws }) => [...aws, '--format', 'raw'],
        says: /--type aws has no --format raw\. /,
      },
    ],
    [
      'an option without effect',
      {
        args: () => ['--type', 'access', '--trust-rule', 'sub eq x'],
        says: /--trust-rule has no effect with --type access\. Remove it from the command line\./,
      },
    ],
    [
      'no role',
      { args: () => ['--type', 'aws'], says: /--type aws needs --aws-role-arn and --aws-region\./ },
    ],
    [
      'no region',
      {
        args: sessionArgs,
        env: { OCI_REGION: '' },
        says: /OPTION_INVALID: --region \(or OCI_REGION\) is required\./,
      },
    ],
    [
      'no client secret',
      {
        args: sessionArgs,
        env: { OCI_CLIENT_SECRET: '' },
        says: /OCI_CLIENT_SECRET \(or --client-secret-file\) is required/,
      },
    ],
    [
      'a file of the client secret that does not exist',
      {
        args: () => ['--type', 'access', '--client-secret-file', '/none'],
        says: /The file with the client secret does not exist: \/none\. Correct `--client-secret-file`\./,
      },
    ],
    ['no source of ID tokens', { args: sessionArgs, env: NO_ID_TOKEN, says: /^error: [A-Z_]+: .*\. \S/ }],
    [
      'a wrong client secret',
      { args: sessionArgs, env: { OCI_CLIENT_SECRET: 'wrong-secret' }, says: /OCI_CLIENT_REJECTED/ },
    ],
    [
      'a rule that does not match',
      {
        options: { world: { rules: [{ rule: 'sub eq repo:acme/other:*', value: 'x' }] } },
        args: (scene) => [...sessionArgs(scene), '--trust-rule', 'sub eq repo:acme/other:*'],
        says: /OCI_NO_RULE_MATCHED: [\s\S]*--trust-rule differs at character [\s\S]*\n {2}rule {3}repo:acme\/other[\s\S]*\n`oci-wif doctor` shows the trust /,
      },
    ],
    [
      'a tenancy that is another',
      {
        args: sessionArgs,
        env: { OCI_TENANCY: `ocid1.tenancy.oc1..${'b'.repeat(60)}` },
        says: /UPST_TENANCY_MISMATCH/,
      },
    ],
    [
      'a role that does not trust the domain',
      {
        options: { world: { roles: [{ trustPolicy: { Statement: [] } }] } },
        args: ({ aws }) => aws,
        says: /AWS_ACCESS_DENIED/,
      },
    ],
    [
      'a host that does not exist',
      {
        args: () => ['--type', 'access', '--domain-url', 'https://idcs-1.identity.invalid'],
        says: /OCI_DOMAIN_UNREACHABLE/,
      },
    ],
  ])('with %s prints nothing and leaves nothing', async (_what, { options, args, env, says }) => {
    const scene = await start(options);
    const { exitCode, stdout, stderr } = await scene.token(args(scene), env);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/`(?!--|oci-wif|sub)[a-z]+(-[a-z]+)+`/); // the name of an input
    expect(secretsIn(scene, stderr)).toEqual([]);
    expect(treeOf(scene.home)).toEqual({});
  });
});
