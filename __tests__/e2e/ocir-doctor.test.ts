import { describe, expect, it } from '@jest/globals';
import { type Journey, logOf, startJourney, treeOf, writeHome } from './journey.ts';
import { CONFIG, hostOf, registryInputs } from './registry-clients.ts';

const WITHOUT_AWS = { 'aws-role-arn': '', 'aws-region': '', 'aws-sts-endpoint': '' };

/** The lines of the checks of registries. */
async function linesOf(journey: Journey, changes: Record<string, string> = {}): Promise<string[]> {
  const { job, doctor } = journey;
  const before = treeOf(job.home);
  const stage = await doctor({ ...WITHOUT_AWS, ...registryInputs(journey), ...changes });
  expect([treeOf(job.home), stage.exported, stage.state, stage.addedPaths]).toEqual([before, {}, {}, []]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a color begins with one
  const plain = logOf(stage).replaceAll(/\u001b\[\d+m/g, '');
  return plain
    .split('\n')
    .filter((line) => /^\S* *\S+ +(registries|Docker config|registry tokens) /.test(line));
}

describe('the doctor of a job with `export-for: ocir`', () => {
  it('requests a token of each registry, and writes nothing', async () => {
    const journey = await startJourney();
    const host = hostOf(journey);
    expect(await linesOf(journey)).toEqual([
      expect.stringMatching(`registries +${host}$`),
      expect.stringMatching(`Docker config +\\S+config.json: ${host} in credHelpers is free$`),
      expect.stringMatching(`registry tokens +granted by ${host}$`),
    ]);
  });

  it('reports all faults at once: an entry of the user, and a refusal', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { [CONFIG]: `{"credHelpers": {"${hostOf(journey)}": "pass"}}` });
    journey.emulator.faults.add({ service: 'ocir', fault: { kind: 'status', status: 403 } });
    const [, config, tokens] = await linesOf(journey);
    expect(config).toContain('PROFILE_EXISTS');
    expect(tokens).toContain('OCIR_TOKEN_REFUSED');
  });

  it('warns that the login replaces an entry of the user', async () => {
    const journey = await startJourney();
    writeHome(journey.job.home, { [CONFIG]: `{"credHelpers": {"${hostOf(journey)}": "pass"}}` });
    const [, config] = await linesOf(journey, { 'overwrite-profile': 'true' });
    expect(config).toContain('in credHelpers exists; the login replaces it and the clean-up restores it.');
  });
});
