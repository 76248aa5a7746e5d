// `setup --apply` is killed at every request and every program that it starts. The next run completes the set-up, and rules,
// clients and statements of others are as they were.
import { describe, expect, it } from '@jest/globals';
import { addPolicy } from '../../../emulator/iam/state.ts';
import type { CommandRun } from '../../cli/command.ts';
import { type FOREIGN_TRUST, SUBJECT, startTenancy } from '../../cli/tenancy.ts';
import { type Call, openFaultHook, type Plan } from '../crashes/fault-hook.ts';
import { figure } from '../figures.ts';
import { crashPlans, describeCrash } from './crash-plans.ts';

const tenancy = await startTenancy({ domainLicense: 'premium' });
const { emulator, setup, login } = tenancy;
const STATEMENTS = ['Allow group Administrators to read buckets in tenancy'];

interface Run {
  ended: CommandRun;
  calls: Call[];
}

async function apply(plan: Plan = {}, options: readonly string[] = []): Promise<Run> {
  const hook = openFaultHook(plan);
  const ended = await setup([...options, '--apply', '--yes'], { env: hook.env });
  return { ended, calls: hook.read().calls };
}

/** A domain with a trust and a policy of others. */
function furnish(): void {
  tenancy.reset();
  tenancy.insertTrust();
  addPolicy(emulator.world, { name: 'others', statements: STATEMENTS });
  addPolicy(emulator.world, {
    name: 'github-actions',
    compartmentId: tenancy.compartment,
    statements: STATEMENTS.map((one) => one.replace('tenancy', `compartment id ${tenancy.compartment}`)),
  });
}

/** What belongs to others, byte for byte. */
function foreign(): unknown {
  const trust = tenancy.trust() as unknown as typeof FOREIGN_TRUST;
  const app = emulator.world.directory.find('Apps', 'displayName', 'github-actions');
  return {
    rules: trust.impersonationServiceUsers.filter(({ rule }) => rule !== `sub eq ${SUBJECT}`),
    clients: trust.oauthClients.filter((one) => one !== app?.['name']),
    audiences: trust.clientClaimValues,
    statements: [...emulator.world.iam.policies.values()].map(({ statements }) => statements[0]),
  };
}

describe('a set-up that is killed', () => {
  it('at any request is completed by the next run, and nothing of others is lost', async () => {
    furnish();
    const before = foreign();
    const { ended, calls } = await apply();
    expect(ended.exitCode).toBe(0);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      furnish();
      const killed = await apply(plan);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy, foreign()]).toEqual([crash, 'SIGKILL', before]);
      const next = await apply();
      expect([crash, next.ended.exitCode, next.ended.stdout]).toEqual([
        crash,
        0,
        expect.not.stringContaining('failure'),
      ]);
      expect([crash, foreign()]).toEqual([crash, before]);
      expect([crash, (await login()).exitCode]).toEqual([crash, 0]);
    }
    expect((await setup()).exitCode).toBe(0);
    figure('crashes', 'setup: killed, then run again', plans.length);
  });

  it('by Ctrl-C names its journal, and is completed by the next run', async () => {
    furnish();
    const plans = crashPlans((await apply()).calls);
    furnish();
    const { ended } = await apply({ ...plans[plans.length >> 1], signal: 'SIGINT' });
    expect([ended.exitCode, ended.stderr]).toEqual([
      130,
      expect.stringMatching(/^error: Interrupted\. Run the command again.* Journal: \S+\.$/m),
    ]);
    expect((await apply()).ended.exitCode).toBe(0);
  });

  it('while it makes a new secret leaves none that looks valid and is not', async () => {
    furnish();
    await apply();
    const { ended, calls } = await apply({}, ['--rotate-secret']);
    expect(ended.exitCode).toBe(0);
    const plans = crashPlans(calls);
    for (const plan of plans) {
      const killed = await apply(plan, ['--rotate-secret']);
      const crash = describeCrash(plan, killed.calls);
      expect([crash, killed.ended.endedBy]).toEqual([crash, 'SIGKILL']);
      const next = await apply();
      if (next.ended.exitCode !== 0) {
        expect([crash, next.ended.exitCode, next.ended.stdout]).toEqual([
          crash,
          3,
          expect.stringContaining('`--rotate-secret`'),
        ]);
        expect([crash, (await apply({}, ['--rotate-secret'])).ended.exitCode]).toEqual([crash, 0]);
      }
      expect([crash, (await login()).exitCode]).toEqual([crash, 0]);
    }
    figure('crashes', 'setup --rotate-secret: killed, then run again', plans.length);
  });
});
