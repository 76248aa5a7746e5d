// `setup` for runners that sign, and `remove`, are killed at every request. The next run completes them, and a removal leaves nothing.
import { describe, expect, it } from '@jest/globals';
import type { CommandRun } from '../../cli/command.ts';
import { DOMAIN_URL, SUBJECT, startTenancy } from '../../cli/tenancy.ts';
import { type Call, openFaultHook, type Plan } from '../crashes/fault-hook.ts';
import { figure } from '../figures.ts';
import { crashPlans, describeCrash } from './crash-plans.ts';

const tenancy = await startTenancy();
const { emulator } = tenancy;
const RUNNERS = emulator.world.settings.instance.compartmentId;
const INPUTS = {
  'client-id': '',
  'client-secret': '',
  'client-auth': 'instance-principal',
  'token-type': 'rpst',
  'resource-type': 'github-acme-infra-prod',
};

interface Run {
  ended: CommandRun;
  calls: Call[];
}

async function run(command: 'setup' | 'remove', plan: Plan = {}): Promise<Run> {
  const hook = openFaultHook(plan);
  const [options, apply] = [{ env: hook.env }, ['--apply', '--yes']];
  const jobs = ['--repo', 'acme/infra', '--environment', 'prod', '--domain-url', DOMAIN_URL];
  const ended =
    command === 'setup'
      ? await tenancy.setup(['--client-auth', 'instance-principal', '--runners', RUNNERS, ...apply], options)
      : await tenancy.run(['remove', ...jobs, ...apply], options);
  return { ended, calls: hook.read().calls };
}

const left = () => {
  const { directory, iam } = emulator.world;
  return [tenancy.trust(), directory.all('DynamicResourceGroups'), [...iam.policies.values()]];
};
const NOTHING = [undefined, [], []];

describe('a set-up for runners that is killed', () => {
  it('at any request is completed by the next run, or removed completely', async () => {
    const { ended, calls } = await run('setup');
    expect(ended.exitCode).toBe(0);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      tenancy.reset();
      const killed = await run('setup', plan);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy]).toEqual([crash, 'SIGKILL']);
      expect([crash, (await run('setup')).ended.exitCode]).toEqual([crash, 0]);
      const stage = await tenancy.login({}, INPUTS);
      expect([crash, stage.exitCode, stage.outputs['principal']]).toEqual([crash, 0, SUBJECT]);
      tenancy.reset();
      await run('setup', plan);
      const removed = await run('remove');
      expect([crash, removed.ended.exitCode, left()]).toEqual([crash, 0, NOTHING]);
    }
    figure('crashes', 'setup for runners that sign: killed, then run again or removed', plans.length);
  });
});

describe('the removal of such a set-up that is killed', () => {
  it('at any request is completed by the next run', async () => {
    await run('setup');
    const { ended, calls } = await run('remove');
    expect([ended.exitCode, left()]).toEqual([0, NOTHING]);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      tenancy.reset();
      await run('setup');
      const killed = await run('remove', plan);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy]).toEqual([crash, 'SIGKILL']);
      expect([crash, (await run('remove')).ended.exitCode, left()]).toEqual([crash, 0, NOTHING]);
    }
    figure('crashes', 'remove for runners that sign: killed, then run again', plans.length);
  });
});
