// A job of another CI system on an instance of OCI: the instance signs the exchange, and no secret is stored.
import { afterEach, describe, expect, it } from '@jest/globals';
import { INSTANCE_HOSTS, type Machine, startInstance } from '../../../emulator/runner/oci-machines.ts';
import { startJourney } from './journey.ts';

const machines: Machine[] = [];

afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.end();
});

const SIGNED = ['--client-auth', 'instance-principal', '--token-type', 'rpst', '--resource-type', 'ci'];

async function startOnInstance() {
  const journey = await startJourney('gitlab', { hosts: INSTANCE_HOSTS });
  const { settings } = journey.emulator.world;
  settings.trusts = settings.trusts.map((trust) => ({
    ...trust,
    ...{ oauthClients: [], subjectType: 'Resource', impersonatingResource: 'ci' },
  }));
  const instance = await startInstance(journey.emulator);
  machines.push(instance);
  return { ...journey, env: instance.env };
}

describe('exec with --client-auth instance-principal', () => {
  it('calls OCI without a client, and leaves nothing', async () => {
    const { exec, files, env } = await startOnInstance();
    const before = files();
    const run = await exec(SIGNED, { ...env, OCI_CLIENT_ID: '', OCI_CLIENT_SECRET: '' });
    expect({ exitCode: run.exitCode, stderr: run.exitCode === 0 ? '' : run.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ status: '200 OK', data: 'acmenamespace' });
    expect(files()).toEqual(before);
  });

  it('rejects --client-id and names the option', async () => {
    const { exec, env } = await startOnInstance();
    const { exitCode, stderr } = await exec(SIGNED, env);
    expect(exitCode).toBe(125);
    expect(stderr).toContain('--client-id has no effect with --client-auth instance-principal');
  });
});
