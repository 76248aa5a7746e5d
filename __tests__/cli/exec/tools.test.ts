// What tools find that `oci-wif exec` runs, with `--for` and with a role of AWS.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clustersOf } from '../../../emulator/oke/clusters.ts';
import { OKE_HOST, proxyTo } from '../../e2e/clusters.ts';
import { startExecJob } from './exec-job.ts';

const job = await startExecJob({}, { hosts: { oke: OKE_HOST } });
const { emulator, exec } = job;
const clients = path.join(import.meta.dirname, '../../e2e/clients');
const role = Object.entries(emulator.awsInputs).flatMap(([name, value]) => [`--${name}`, value]);

describe('a tool of AWS', () => {
  it('has a profile in files and no keys in variables', async () => {
    const env = { AWS_PROFILE: 'other', AWS_ACCESS_KEY_ID: 'AKIAOTHER' };
    const line =
      'env | grep ^AWS_ | cut -d= -f1 | sort; sed "s/ *=.*//; /^#/d" "$AWS_SHARED_CREDENTIALS_FILE"';
    const { stdout, stderr } = await exec([...role, '--', 'sh', '-c', line], { env });
    expect(String(stdout).trim().split('\n')).toEqual([
      ...['AWS_CONFIG_FILE', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_SHARED_CREDENTIALS_FILE'],
      ...['[default]', 'aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'],
    ]);
    expect(stderr).toContain('override the session: AWS_ACCESS_KEY_ID, AWS_PROFILE.');
  });

  it.each(['session', 'web-identity'])('assumes the role with --aws-credential-source %s', async (source) => {
    const { s3, sts } = emulator.urls;
    const env = { AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL_S3: s3 };
    const command = [process.execPath, path.join(clients, 'aws.ts')];
    const { stdout } = await exec([...role, '--aws-credential-source', source, '--', ...command], { env });
    expect(JSON.parse(String(stdout))).toMatchObject({ text: 'hello' });
  });

  it('needs no session of OCI with --token-type none', async () => {
    const line = 'ls "$AWS_CONFIG_FILE" "$OCI_CONFIG_FILE"';
    const { stdout } = await exec(['--token-type', 'none', ...role, '--', 'sh', '-c', line]);
    expect(String(stdout)).toMatch(/^\S+\/\.aws\/config\n$/);
  });
});

describe('an SDK of OCI', () => {
  it('signs requests with the profile of the session', async () => {
    const line = `"$0" "${path.join(clients, 'oci-profile.ts')}" "$OCI_CONFIG_FILE" DEFAULT`;
    const env = { OCI_EMULATOR_ENDPOINT: emulator.urls.oci };
    const { stdout } = await exec(['--', 'sh', '-c', line, process.execPath], { env });
    expect(JSON.parse(String(stdout))).toEqual({ namespace: emulator.world.settings.namespace });
  });
});

describe('a client of the container registry', () => {
  const { host } = new URL(emulator.urls.ocir);
  const options = ['--for', 'ocir', '--ocir-registries', host];

  it('finds the helper in PATH and a copy of the config file, beside contexts and plug-ins', async () => {
    const docker = path.join(job.home(), '.docker');
    mkdirSync(path.join(docker, 'contexts', 'mine'), { recursive: true });
    writeFileSync(path.join(docker, 'config.json'), '{"credsStore":"mine"}');
    const { stdout } = await exec([
      ...options,
      '--',
      'sh',
      '-c',
      'cat "$DOCKER_CONFIG"/*.json; ls "$DOCKER_CONFIG/contexts"',
    ]);
    const kept = readFileSync(path.join(docker, 'config.json'), 'utf8');
    rmSync(docker, { recursive: true });
    expect(kept).toBe('{"credsStore":"mine"}');
    expect(String(stdout)).toMatch(/^\{"credsStore":"mine",.*"oci-wif-[0-9a-f]{16}"\}\}mine\n$/s);
  });

  it('gets a token from the helper', async () => {
    const line = `cd "$OCI_WIF_SESSION/bin"; echo ${host} | $(ls) get`;
    const { stdout } = await exec([...options, '--', 'sh', '-c', line]);
    expect(JSON.parse(String(stdout))).toMatchObject({ ServerURL: host, Username: 'BEARER_TOKEN' });
  });
});

describe('kubectl', () => {
  it('gets a token from the plugin that the kubeconfig names', async () => {
    const [{ id } = { id: '' }] = clustersOf(emulator.world);
    const code = `
      const { users: [{ user: { exec } }] } = JSON.parse(fs.readFileSync(process.env.KUBECONFIG));
      process.stdout.write(child_process.execFileSync(exec.command, exec.args));`;
    const options = ['--for', 'kubectl', '--oke-cluster', id];
    const { stdout } = await exec([...options, '--', process.execPath, '-e', code], {
      env: await proxyTo(emulator),
    });
    expect(JSON.parse(String(stdout))).toMatchObject({ kind: 'ExecCredential' });
  });
});
