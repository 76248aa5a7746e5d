// `ocir-login`: a password in Docker's config file, for tools without a credential helper and for Docker actions.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithDocker } from '../unit/systems-with.ts';
import { maskedIn, startJourney, treeOf, warningsOf, writeHome } from './journey.ts';
import { accepts, CONFIG, hostOf, readConfig, registryInputs, rewriteConfig } from './registry-clients.ts';

const LOGIN = { 'ocir-login': 'true' };

describe('ocir-login', () => {
  it('stores a password that the registry accepts, masked, for the owner alone, until post', async () => {
    const journey = await startJourney();
    const { job, main, post } = journey;
    writeHome(job.home, { [CONFIG]: '{\n\t"auths": {}\n}' });
    chmodSync(path.join(job.home, CONFIG), 0o644);
    const before = treeOf(job.home);
    const stage = await main({ ...registryInputs(journey), ...LOGIN });
    const { auth } = readConfig({ job }).auths[hostOf(journey)];
    expect(await accepts(journey, auth)).toBe(true);
    const [user, token = ''] = Buffer.from(auth, 'base64').toString('utf8').split(':');
    expect(user).toBe('BEARER_TOKEN');
    // Clients would take a helper first, also where they cannot run it.
    expect(readConfig({ job }).credHelpers).toBeUndefined();
    expect(maskedIn(stage)).toEqual(expect.arrayContaining([auth, token]));
    if (process.platform !== 'win32') expect(statSync(path.join(job.home, CONFIG)).mode & 0o777).toBe(0o600);
    expect(stage.stdout).toMatch(/The password for \S+ in auths expires at \S+Z\. Nothing renews it/);
    expect((await post(stage)).exitCode).toBe(0);
    expect(treeOf(job.home)).toEqual(before);
  });

  it('requests one token for both names of a registry', async () => {
    const journey = await startJourney();
    const host = hostOf(journey);
    const stage = await journey.main({ ...registryInputs(journey), 'ocir-registries': host, ...LOGIN });
    expect(stage.exitCode).toBe(0);
    expect(journey.emulator.journal.filter(({ service }) => service === 'ocir')).toHaveLength(1);
  });

  it('changes nothing when the registry refuses', async () => {
    const journey = await startJourney();
    journey.emulator.faults.add({ service: 'ocir', fault: { kind: 'status', status: 403 } });
    const stage = await journey.main({ ...registryInputs(journey), ...LOGIN });
    expect(stage.outputs).toEqual({ 'failure-code': 'OCIR_TOKEN_REFUSED' });
    expect([treeOf(journey.job.home), treeOf(journey.job.temp)]).toEqual([{}, {}]);
  });

  itWithDocker('gives Docker actions the password, without a helper', async () => {
    const journey = await startJourney();
    const { job, main, post } = journey;
    const inputs = { ...registryInputs(journey), 'export-for': 'ocir, docker', ...LOGIN };
    const stage = await main(inputs);
    expect(warningsOf(stage)).toEqual([]);
    if (process.platform === 'linux') {
      const copy = JSON.parse(readFileSync(path.join(job.temp, '_github_home', CONFIG), 'utf8'));
      expect(copy).toEqual({ auths: readConfig({ job }).auths });
    }
    await post(stage);
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual([{}, {}]);
  });

  it('leaves no password when docker login has emptied its entry', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ ...registryInputs(journey), ...LOGIN });
    rewriteConfig(journey, (config) => {
      config.auths[hostOf(journey)] = {};
    });
    await journey.post(stage);
    expect(treeOf(journey.job.home)).toEqual({});
  });

  it('leaves no password in a file that a later step has broken', async () => {
    const journey = await startJourney();
    const stage = await journey.main({ ...registryInputs(journey), ...LOGIN });
    const file = path.join(journey.job.home, CONFIG);
    const { auth } = readConfig(journey).auths[hostOf(journey)];
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -3));
    const post = await journey.post(stage);
    expect(warningsOf(post)).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).not.toContain(auth.slice(0, -16));
  });

  it.each([
    ['a helper of the user for the registry', { credHelpers: { HOST: 'desktop' } }, 'credHelpers'],
    ['a store of the user', { credsStore: 'desktop' }, 'credsStore'],
  ])('warns of %s, which clients use first', async (_, config, name) => {
    const journey = await startJourney();
    const text = JSON.stringify(config).replace('HOST', hostOf(journey));
    writeHome(journey.job.home, { [CONFIG]: text });
    const stage = await journey.main({ ...registryInputs(journey), ...LOGIN });
    expect(stage.exitCode).toBe(0);
    expect(warningsOf(stage)).toEqual([expect.stringMatching(`Remove it from ${name}\\.$`)]);
  });

  it('warns when an earlier login has installed a helper for the registry', async () => {
    const journey = await startJourney();
    await journey.main(registryInputs(journey));
    const second = await journey.main({ ...registryInputs(journey), ...LOGIN, profile: 'TWO' });
    expect(warningsOf(second)).toEqual([expect.stringContaining('before the password of `ocir-login`')]);
  });

  it('of a second login stores its own password, and the first one comes back', async () => {
    const journey = await startJourney();
    const { job, main, post } = journey;
    const one = await main({ ...registryInputs(journey), ...LOGIN, profile: 'ONE' });
    const first = readConfig({ job });
    const two = await main({ ...registryInputs(journey), ...LOGIN, profile: 'TWO' });
    expect(readConfig({ job })).not.toEqual(first);
    await post(two);
    expect(readConfig({ job })).toEqual(first);
    await post(one);
    expect(treeOf(job.home)).toEqual({});
  });
});
