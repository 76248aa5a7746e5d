// The machines of other CI systems: what a job finds there, and how the programs on the PATH refuse.

import { spawn } from 'node:child_process';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import {
  CI_SYSTEMS,
  type CiSystem,
  type Machine,
  type MachineOptions,
  startMachine,
} from '../../../emulator/machines/machine.ts';
import { untilEnd } from '../../../emulator/runner/ended.ts';
import { describeWithShell, itWithProcfs, itWithShell } from '../systems-with.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();
const machines: Machine[] = [];

afterEach(() => {
  for (const machine of machines.splice(0)) machine.end();
});

async function machineOf(system: CiSystem, options?: MachineOptions): Promise<Machine> {
  const machine = await startMachine(emulator, system, options);
  machines.push(machine);
  return machine;
}

function run({ env, workspace }: Machine, file: string, ...args: string[]) {
  return untilEnd(spawn(file, args, { env: env(), cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] }));
}

describe('a machine', () => {
  it.each([
    ['gitlab', 'OCI_ID_TOKEN'],
    ['bitbucket', 'BITBUCKET_STEP_OIDC_TOKEN'],
    ['hcp-terraform', 'TFC_WORKLOAD_IDENTITY_TOKEN'],
    ['jenkins', 'OCI_ID_TOKEN'],
  ] as const)('of %s has its token in %s, or no such variable without the setting', async (system, name) => {
    const audience = emulator.inputs.audience;
    expect(decodeJwt((await machineOf(system)).env()[name] ?? '').aud).toBe(audience);
    expect((await machineOf(system, { token: 'empty' })).env()[name]).toBe('');
    expect((await machineOf(system, { token: 'absent' })).env()).not.toHaveProperty(name);
  });

  it('of CircleCI has tokens for the organization', async () => {
    const { env } = await machineOf('circleci');
    expect(decodeJwt(env()['CIRCLE_OIDC_TOKEN_V2'] ?? '').aud).toBe(env()['CIRCLE_ORGANIZATION_ID']);
  });

  itWithShell.each(CI_SYSTEMS)('of %s adds a trust for its issuer to those of the domain', async (system) => {
    const { issuer } = await machineOf(system);
    await machineOf(system, { trusted: false });
    const { trusts } = emulator.world.settings;
    expect(trusts.map((trust) => trust.issuer)).toEqual([undefined, issuer.url]);
  });

  itWithShell('of Kubernetes has a token file that is replaced through the link `..data`', async () => {
    const machine = await machineOf('kubernetes');
    const volume = path.dirname(machine.tokenFile);
    const first = readFileSync(machine.tokenFile, 'utf8');
    const target = readlinkSync(path.join(volume, '..data'));
    await machine.rotateToken();
    expect(lstatSync(machine.tokenFile).isSymbolicLink()).toBe(true);
    expect(readlinkSync(machine.tokenFile)).toBe(path.join('..data', 'token'));
    expect(readlinkSync(path.join(volume, '..data'))).not.toBe(target);
    expect(readFileSync(machine.tokenFile, 'utf8')).not.toBe(first);
  });

  itWithProcfs('ends the processes of its job', async () => {
    const machine = await startMachine(emulator, 'buildkite', { agent: 'hangs' });
    const ended = run(machine, 'buildkite-agent');
    expect(machine.processes()).toHaveLength(1);
    machine.end();
    expect((await ended).endedBy).toBe('SIGKILL');
  });
});

describeWithShell.each([
  ['buildkite', 'buildkite-agent', ['oidc', 'request-token', '--audience', 'here']],
  ['circleci', 'circleci', ['run', 'oidc', 'get', '--claims', '{"aud":"here"}']],
] as const)('the agent of %s', (system, agent, args) => {
  it('prints a token for the audience, and records its arguments', async () => {
    const machine = await machineOf(system);
    const { stdout } = await run(machine, agent, ...args);
    expect(decodeJwt(stdout)).toMatchObject({ aud: 'here', iss: machine.issuer.url });
    expect(machine.calls()).toEqual([[agent, ...args]]);
  });

  it.each([
    ['an unknown flag', [...args, '--no-such-flag'], /no-such-flag/],
    ['another command', ['other'], /other/],
  ] as const)('ends with 1 for %s', async (_, wrong, message) => {
    const { exitCode, stdout, stderr } = await run(await machineOf(system), agent, ...wrong);
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
  });

  it('ends with 1 when it cannot reach its service, and is not found when it is missing', async () => {
    const machine = await machineOf(system, { agent: 'fails' });
    const { exitCode, stderr } = await run(machine, agent, ...args);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('connection refused')]);
    machine.setAgent('missing');
    await expect(run(machine, agent, ...args)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

itWithShell('a fork of CircleCI has no tokens, and its agent gives none', async () => {
  const machine = await machineOf('circleci', { token: 'absent' });
  const { exitCode, stderr } = await run(machine, 'circleci', 'run', 'oidc', 'get');
  expect([exitCode, stderr]).toEqual([1, 'Error: 401: Unauthorized\n']);
});
