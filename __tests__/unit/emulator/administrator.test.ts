// The stand-ins for `gh` and `oci` on the administrator's machine, through the proxy.
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { addEnvironment, issueGithubToken } from '../../../emulator/github/repositories.ts';
import {
  type Administrator,
  PUBLIC_HOSTS,
  startAdministrator,
} from '../../../emulator/runner/administrator.ts';
import { startEmulator } from '../../../emulator/server/start.ts';
import { describeWithShell, itWithShell } from '../systems-with.ts';

const emulator = await startEmulator({ hosts: PUBLIC_HOSTS });
const administrator: Administrator = await startAdministrator(emulator, { programs: ['gh', 'oci'] });
afterAll(async () => {
  await administrator.end();
  await emulator.close();
});
const { world } = emulator;
const [repository] = world.githubRest.repositories;
if (!repository) throw new Error('no repository');
const prod = addEnvironment(repository, 'prod');

interface Result {
  exitCode: number;
  stdout: string;
  stderr: string;
}

function run(program: string, args: string[], input = '', env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: { ...administrator.env, ...env } };
    const child = execFile(
      path.join(administrator.home, 'bin', program),
      args,
      options,
      (error, stdout, stderr) => resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

describeWithShell('gh', () => {
  const set = ['secret', 'set', 'OCI_CLIENT_SECRET', '--repo', 'acme/infra'];

  it('seals a secret from standard input for the environment', async () => {
    expect(await run('gh', [...set, '--env', 'prod'], 'hidden\n')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(prod.secrets.get('OCI_CLIENT_SECRET')).toMatchObject({ value: 'hidden' });
    expect(repository.secrets.size).toBe(0);
    expect(administrator.calls().at(-1)).toEqual(['gh', ...set, '--env', 'prod']);
    expect(
      await run('gh', ['secret', 'delete', 'OCI_CLIENT_SECRET', '-e', 'prod', '-R', 'acme/infra']),
    ).toMatchObject({
      exitCode: 0,
    });
    expect(prod.secrets.size).toBe(0);
  });

  it('creates a variable, and changes it', async () => {
    for (const value of ['one', 'two']) {
      await run('gh', ['variable', 'set', 'OCI_DOMAIN_URL', '--env', 'prod', '--repo', 'acme/infra'], value);
      expect(prod.variables.get('OCI_DOMAIN_URL')).toBe(value);
    }
  });

  it.each([
    ['an unknown environment', [...set, '--env', 'test'], {}, 1, /HTTP 404: Not Found/],
    ['no token', set, { GH_TOKEN: '' }, 4, /gh auth login/],
    ['a wrong token', set, { GH_TOKEN: 'x' }, 1, /HTTP 401: Bad credentials/],
    [
      'a token without the permission',
      set,
      { GH_TOKEN: issueGithubToken(world, { permissions: { metadata: 'read' } }) },
      1,
      /HTTP 403: Resource not accessible/,
    ],
  ])('fails with %s', async (_, args, env, exitCode, message) => {
    expect(await run('gh', args, 'x', env)).toMatchObject({
      exitCode,
      stderr: expect.stringMatching(message),
    });
  });
});

itWithShell('has the token where `gh auth login` stores it, on request', async () => {
  const other = await startAdministrator(emulator, { githubLogin: 'gh' });
  const gh = path.join(other.home, 'bin/gh');
  const token = execFileSync(gh, ['auth', 'token'], { env: other.env, encoding: 'utf8' });
  expect([other.env['GH_TOKEN'], token]).toEqual([undefined, `${other.githubToken}\n`]);
  await other.end();
});

describeWithShell('oci raw-request', () => {
  const uri = (path: string, region = 'us-ashburn-1') =>
    `https://identity.${region}.oci.oraclecloud.com/20160918${path}`;

  it.each([
    ['an API key', []],
    ['an encrypted API key', ['--profile', 'ENCRYPTED']],
    ['a session', ['--profile', 'SESSION', '--auth', 'security_token']],
  ])('signs with %s', async (_, args) => {
    const target = uri(`/tenancies/${world.settings.tenancy}/regionSubscriptions`);
    const { stdout } = await run('oci', [
      'raw-request',
      '--http-method',
      'GET',
      '--target-uri',
      target,
      ...args,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ status: '200 OK', data: [{ regionKey: 'IAD' }, {}] });
  });

  it('sends a body from a file, and ends with 0 after a refusal', async () => {
    const file = path.join(administrator.home, 'body.json');
    const details = { compartmentId: world.settings.tenancy, name: 'one', description: 'one' };
    writeFileSync(
      file,
      JSON.stringify({ ...details, statements: ['Allow any-user to read buckets in tenancy'] }),
    );
    const post = ['raw-request', '--http-method', 'POST', '--request-body', `file://${file}`, '--target-uri'];
    const elsewhere = await run('oci', [...post, uri('/policies', 'eu-frankfurt-1')]);
    expect(elsewhere.exitCode).toBe(0);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({
      status: '403 Forbidden',
      data: { code: 'NotAllowed' },
    });
    const home = await run('oci', [...post, uri('/policies')]);
    expect(JSON.parse(home.stdout)).toMatchObject({ status: '200 OK', data: { name: 'one' } });
  });

  it('is refused with an expired session', async () => {
    await administrator.writeSession(-60);
    const args = [
      'raw-request',
      '--http-method',
      'GET',
      '--profile',
      'SESSION',
      '--auth',
      'security_token',
      '--target-uri',
      uri('/domains'),
    ];
    expect(JSON.parse((await run('oci', args)).stdout)).toMatchObject({ status: '401 Unauthorized' });
  });
});
