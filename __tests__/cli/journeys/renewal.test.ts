// Sessions that are shorter than the command: where a new one comes from, in a system of each kind.
import { describe, expect, it } from '@jest/globals';
import { type Journey, namespaceCommand, startJourney } from './journey.ts';

/** The domain accepts each ID token once: a renewal needs another one. */
const ONCE = { upstLifetimeSeconds: 6, refusesReplays: true };

/** Calls OCI, waits, and calls OCI again. */
function twice({ emulator }: Journey, seconds: number): string[] {
  const call = namespaceCommand(emulator)
    .map((word) => `'${word}'`)
    .join(' ');
  return ['--', 'sh', '-euc', `${call}; sleep ${seconds}; ${call}`];
}

const statuses = ({ emulator }: Journey, wanted: string) =>
  emulator.journal.filter(({ service }) => service === wanted).map(({ status }) => status);

describe('a session that ends before the command', () => {
  it('is renewed with another token of the agent in a job of Buildkite', async () => {
    const journey = await startJourney('buildkite', { world: ONCE });
    expect((await journey.run(['exec', ...twice(journey, 9)])).exitCode).toBe(0);
    expect(statuses(journey, 'oci')).toEqual([200, 200]);
    expect(journey.machine.calls().length).toBeGreaterThan(1);
  });

  it('is renewed with the token that the kubelet has written since', async () => {
    const journey = await startJourney('kubernetes', { world: ONCE });
    const { machine } = journey;
    const rotate = setInterval(() => void machine.rotateToken(), 200);
    const { exitCode } = await journey.run(['exec', ...machine.sourceArguments, ...twice(journey, 9)]);
    clearInterval(rotate);
    expect(exitCode).toBe(0);
    expect(statuses(journey, 'oci')).toEqual([200, 200]);
    expect(statuses(journey, 'domain').length).toBeGreaterThan(1);
  });

  it('is renewed with the same token in a job of GitLab, and no more once that has expired', async () => {
    const world = { upstLifetimeSeconds: 4 };
    const journey = await startJourney('gitlab', { world, lifetimeSeconds: 12 });
    const { exitCode, stderr } = await journey.run(['exec', ...twice(journey, 17)]);
    // The second call is refused: the command has to know.
    expect([exitCode, statuses(journey, 'oci')]).toEqual([0, [200, 401]]);
    expect(stderr).toMatch(/warning: .*the job can get no more ID tokens/);
    const renewals = statuses(journey, 'domain');
    expect(renewals.length).toBeGreaterThan(2);
    expect(new Set(renewals)).toEqual(new Set([200]));
  });
});
