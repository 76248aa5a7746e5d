// Later steps that use the container registry: the credential helper, started as Docker starts it.
import { spawn } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Ended, untilEnd } from '../../emulator/runner/ended.ts';
import { call } from '../unit/emulator/client.ts';
import type { Journey } from './journey.ts';

type Step = Pick<Journey, 'job'>;

/** Runs a program with the variables and the PATH of a later step. */
export function runStep(
  { job }: Step,
  command: string,
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const variables = { ...job.env(), ...env };
  // On Windows, the helper is a batch file, which only a shell finds and runs.
  const child =
    process.platform === 'win32'
      ? spawn([command, ...args].join(' '), { env: variables, shell: true })
      : spawn(command, args, { env: variables });
  child.stdin.on('error', () => {}); // some actions do not read it
  child.stdin.end(input);
  return untilEnd(child);
}

export function hostOf({ emulator }: Pick<Journey, 'emulator'>): string {
  return new URL(emulator.urls.ocir).host;
}

/** Inputs of a login that uses the emulated registry. */
export function registryInputs(journey: Pick<Journey, 'emulator'>): Record<string, string> {
  return { 'export-for': 'ocir', 'ocir-registries': hostOf(journey) };
}

export const CONFIG = '.docker/config.json';

export function readConfig({ job }: Step, name = CONFIG) {
  return JSON.parse(readFileSync(path.join(job.home, name), 'utf8'));
}

/** Changes Docker's config file as Docker does, which writes all of it anew. */
export function rewriteConfig({ job }: Step, edit: (config: ReturnType<typeof readConfig>) => void): void {
  const file = path.join(job.home, CONFIG);
  const config = readConfig({ job });
  edit(config);
  writeFileSync(file, JSON.stringify(config, null, '\t'));
  const longAgo = new Date('2026-01-02');
  utimesSync(file, longAgo, longAgo);
}

/** Runs the helper that the config file names for a registry. */
export function runHelper(
  step: Step,
  host: string,
  action: string,
  options: Parameters<typeof runStep>[3] = { input: host },
): Promise<Ended> {
  return runStep(step, `docker-credential-${readConfig(step).credHelpers[host]}`, [action], options);
}

/** Whether the registry accepts a password, in the form of `auth` in the config file. */
export async function accepts({ emulator }: Pick<Journey, 'emulator'>, basic: string): Promise<boolean> {
  const headers = { authorization: `Basic ${basic}` };
  const { status } = await call(emulator, `${emulator.urls.ocir}/20180419/docker/token?service=x`, {
    headers,
  });
  return status === 200;
}
