// The export target `ocir`: Docker's credential helper, its entries in Docker's config file, and `ocir-login`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from './journey.ts';

interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program as a later step does: with the variables and the PATH that main has left. */
function runStep({ job }: Pick<Journey, 'job'>, command: string, args: string[], input = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: job.env() });
    const run: Run = { exitCode: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (run.stdout += text));
    child.stderr.on('data', (text) => (run.stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ ...run, exitCode }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const hostOf = ({ emulator }: Journey) => new URL(emulator.urls.ocir).host;
const TARGET = { 'export-for': 'ocir' };

const inputsFor = (journey: Journey) => ({ ...TARGET, 'ocir-registries': hostOf(journey) });
const configOf = ({ job }: Pick<Journey, 'job'>) => path.join(job.home, '.docker', 'config.json');
const readConfig = (journey: Pick<Journey, 'job'>) => JSON.parse(readFileSync(configOf(journey), 'utf8'));

describe('the credential helper', () => {
  it('gets a new token for each request, for the registries of the login alone', async () => {
    const journey = await startJourney();
    const stage = await journey.main(inputsFor(journey));
    expect([stage.exitCode, stage.stdout.match(/^::error.*/m)]).toEqual([0, null]);
    const host = hostOf(journey);
    const name = readConfig(journey).credHelpers[host];
    const helper = `docker-credential-${name}`;
    const first = await runStep(journey, helper, ['get'], `${host}\n`);
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const credential = JSON.parse(first.stdout);
    expect(credential).toEqual({ ServerURL: host, Username: 'BEARER_TOKEN', Secret: expect.any(String) });
    const second = await runStep(journey, helper, ['get'], `https://${host}/v2/`);
    expect(JSON.parse(second.stdout).Secret).not.toBe(credential.Secret);
    expect(await runStep(journey, helper, ['get'], 'registry.example')).toEqual({
      exitCode: 1,
      stdout: 'credentials not found in native keychain',
      stderr: '',
    });
    expect((await runStep(journey, helper, ['store'], '{}')).exitCode).toBe(0);
    expect((await runStep(journey, helper, ['erase'], host)).exitCode).toBe(0);
    expect(JSON.parse((await runStep(journey, helper, ['list'])).stdout)).toEqual({ [host]: 'BEARER_TOKEN' });
    expect((await journey.post(stage)).exitCode).toBe(0);
  });
});
