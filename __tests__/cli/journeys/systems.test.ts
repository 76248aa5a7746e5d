// From the variables of each CI system to a signed request, and to a clean machine.
import { describe, expect, it } from '@jest/globals';
import { CI_SYSTEMS } from '../../../emulator/machines/machine.ts';
import { type Journey, startJourney } from './journey.ts';

const requests = ({ emulator }: Journey) =>
  emulator.journal.map(({ service, status }) => `${service} ${status}`);

/** The systems whose source, or whose agent, sends a request for the token. */
const REQUESTS = ['forgejo', 'azure-devops', 'circleci', 'buildkite'];

async function expectJourney(journey: Journey, options: readonly string[] = []): Promise<void> {
  const before = journey.files();
  const { exitCode, stdout, stderr } = await journey.exec(options);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ status: '200 OK', data: 'acmenamespace' });
  const asked = REQUESTS.includes(journey.machine.system) ? ['ci 200'] : [];
  expect(requests(journey)).toEqual([...asked, 'domain 200', 'oci 200']);
  expect(journey.files()).toEqual(before);
  expect(journey.machine.processes()).toEqual([]);
}

describe('exec', () => {
  it.each(CI_SYSTEMS)('in a job of %s calls OCI with the session, and leaves nothing', async (system) => {
    await expectJourney(await startJourney(system));
  });

  it.each(['forgejo', 'azure-devops', 'circleci'] as const)(
    'in an older project of %s does the same',
    async (system) => {
      await expectJourney(await startJourney(system, { form: 'old' }));
    },
  );

  it('takes a token of Jenkins from a variable, too', async () => {
    const journey = await startJourney('jenkins');
    const { exitCode } = await journey.run(['exec', '--id-token-variable', 'OCI_ID_TOKEN', '--', 'true']);
    expect(exitCode).toBe(0);
  });

  it('reads the token file of Kubernetes again for the next login', async () => {
    const journey = await startJourney('kubernetes', { world: { refusesReplays: true } });
    await expectJourney(journey);
    await journey.machine.rotateToken();
    expect((await journey.exec()).exitCode).toBe(0);
  });

  it('asks the agent for the audience that `--audience` names', async () => {
    const journey = await startJourney('buildkite');
    const { world } = journey.emulator;
    const [github = {}, trust = {}] = world.settings.trusts;
    world.settings.trusts = [github, { ...trust, clientClaimValues: ['here'] }];
    await expectJourney(journey, ['--audience', 'here']);
    expect(journey.machine.calls()).toEqual([
      ['buildkite-agent', 'oidc', 'request-token', '--audience', 'here'],
    ]);
  });
});
