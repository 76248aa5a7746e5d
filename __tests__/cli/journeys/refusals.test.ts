// What a job of each CI system reads when it gets no token, or one that the domain refuses: the setting of its own system.
import { describe, expect, it } from '@jest/globals';
import { CI_SYSTEMS, type CiSystem } from '../../../emulator/machines/machine.ts';
import { type Journey, startJourney } from './journey.ts';

/** The setting without which a job has no token. */
const SETTINGS: Readonly<Record<CiSystem, RegExp>> = {
  gitlab: /id_tokens/,
  forgejo: /enable-openid-connect: true/,
  bitbucket: /oidc: true/,
  'azure-devops': /SYSTEM_ACCESSTOKEN/,
  circleci: /: circleci failed|circleci run oidc get|program `circleci`/,
  buildkite: /: buildkite-agent failed|buildkite-agent oidc request-token|program `buildkite-agent`/,
  'hcp-terraform': /TFC_WORKLOAD_IDENTITY_AUDIENCE/,
  kubernetes: /projected volume/,
  jenkins: /withCredentials/,
};

/** Exit code of `exec` when its command was not started. */
const NOT_STARTED = 125;

async function failure(journey: Journey, options: readonly string[] = [], env?: Record<string, string>) {
  const before = journey.files();
  const { exitCode, stdout, stderr } = await journey.exec(options, env);
  expect([exitCode, stdout]).toEqual([NOT_STARTED, '']);
  expect(journey.files()).toEqual(before);
  return stderr;
}

describe('exec', () => {
  it.each(CI_SYSTEMS.filter((system) => system !== 'buildkite'))(
    'in a job of %s without ID tokens names the setting that gives it some',
    async (system) => {
      const journey = await startJourney(system, { token: 'absent' });
      expect(await failure(journey)).toMatch(SETTINGS[system]);
      expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toEqual([]);
    },
  );

  it.each([
    ['gitlab', SETTINGS.gitlab],
    ['kubernetes', SETTINGS.kubernetes],
    ['circleci', SETTINGS.circleci],
    ['buildkite', SETTINGS.buildkite],
    ['azure-devops', /response of Azure DevOps is empty/],
    ['forgejo', /Forgejo.*without a token/],
  ] as const)('in a job of %s with an empty token says where it was found', async (system, message) => {
    expect(await failure(await startJourney(system, { token: 'empty' }))).toMatch(message);
  });

  it.each([
    ['gitlab', /OCI_ID_TOKEN holds a token that expired/],
    ['kubernetes', /token that expired.*projected volume/],
    ['buildkite', /buildkite-agent holds a token that expired/],
    ['azure-devops', /Azure DevOps holds a token that expired/],
  ] as const)('in a job of %s sends no expired token', async (system, message) => {
    const journey = await startJourney(system, { token: 'expired' });
    expect(await failure(journey)).toMatch(message);
    expect(journey.emulator.journal.filter(({ service }) => service === 'domain')).toEqual([]);
  });

  it.each([
    ['gitlab', /id_tokens/],
    ['bitbucket', /audiences/],
    ['hcp-terraform', /TFC_WORKLOAD_IDENTITY_AUDIENCE/],
    ['kubernetes', /`audience:` of the projected/],
    ['jenkins', /`aud` comes from the program that requested it/],
  ] as const)(
    'in a job of %s with a token for another audience names the setting of the audience',
    async (system, setting) => {
      const stderr = await failure(await startJourney(system, { token: 'other-audience' }));
      expect(stderr).toContain('https://other.example');
      expect(stderr).toMatch(setting);
    },
  );

  it.each(['gitlab', 'kubernetes', 'azure-devops', 'buildkite'] as const)(
    'in a job of %s names the issuer that the domain does not trust',
    async (system) => {
      const journey = await startJourney(system, { trusted: false });
      expect(await failure(journey)).toContain(`iss=${journey.machine.issuer.url}`);
    },
  );

  it.each(['buildkite', 'circleci'] as const)(
    'names the program of %s that fails or is missing',
    async (system) => {
      const journey = await startJourney(system, { agent: 'fails' });
      expect(await failure(journey)).toMatch(SETTINGS[system]);
      journey.machine.setAgent('missing');
      expect(await failure(journey)).toMatch(SETTINGS[system]);
    },
  );

  it('names Azure DevOps when it does not answer, or refuses the service connection', async () => {
    const journey = await startJourney('azure-devops');
    const other = ['--azure-service-connection', '00000000-0000-0000-0000-000000000000'];
    expect(await failure(journey, other)).toMatch(/404.*--azure-service-connection/);
    journey.emulator.faults.add({ service: 'ci', fault: { kind: 'status', status: 503 } });
    expect(await failure(journey, ['--retry-max-attempts', '1'])).toMatch(/Azure DevOps.*503/);
  });

  it('with the variables of two systems asks which one is meant, and takes the one that the option names', async () => {
    const journey = await startJourney('gitlab');
    const both = { BUILDKITE: 'true' };
    const stderr = await failure(journey, [], both);
    for (const text of ['GitLab', 'Buildkite', '--id-token-from']) expect(stderr).toContain(text);
    expect((await journey.exec(['--id-token-from', 'gitlab'], both)).exitCode).toBe(0);
  });

  it('with two options that name a source accepts neither', async () => {
    const journey = await startJourney('gitlab');
    const options = ['--id-token-from', 'gitlab', '--id-token-variable', 'OCI_ID_TOKEN'];
    expect(await failure(journey, options)).toMatch(/--id-token-from.*--id-token-variable/);
    expect(journey.emulator.journal).toEqual([]);
  });
});
