// A job in a prepared home whose steps are killed at a chosen call, and the assertion that everything was restored.
import { expect } from '@jest/globals';
import type { JobOptions, Stage } from '../../../emulator/runner/job.ts';
import { kubectlInputs, OKE_HOST, proxyTo } from '../../e2e/clusters.ts';
import { type Journey, startJourney, treeOf, warningsOf } from '../../e2e/journey.ts';
import { hostOf } from '../../e2e/registry-clients.ts';
import { type Call, openFaultHook, type Plan } from './fault-hook.ts';
import { furnish, type Setting } from './homes.ts';

export interface Run {
  stage: Stage;
  calls: Call[];
  uncounted: number[];
  /** Number and name of the call at which the process was killed, for the message of each assertion. */
  crash: string;
}

export interface Scene {
  readonly before: Trees;
  readonly job: Journey['job'];
  /** `env` is that of the step. */
  main(plan?: Plan, env?: Record<string, string>): Promise<Run>;
  post(main: Run, plan?: Plan): Promise<Run>;
  trees(): Trees;
  /** Runs post, and expects that everything is as before. */
  expectRestored(main: Run, ...others: Run[]): Promise<void>;
  /** Removes the job, and its secrets from the emulator. */
  end(): void;
}

export type Trees = Record<'home' | 'temp' | 'workspace', Record<string, string>>;

/** With an empty region, botocore calls hosts that do not exist. A runner cannot remove a directory from PATH. */
const KEPT_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'PATH'];

/** Starts an emulator with what the setting needs. */
export async function journeyFor({ withClusters }: Setting): Promise<Journey> {
  if (!withClusters) return startJourney();
  const journey = await startJourney({ hosts: { oke: OKE_HOST } });
  const env = await proxyTo(journey.emulator);
  return {
    ...journey,
    nextJob: (options) => journey.nextJob({ ...options, env: { ...options?.env, ...env } }),
  };
}

/** Starts a job in a new home, unless one is given. */
export function openScene(journey: Journey, setting: Setting, options?: JobOptions): Scene {
  const { emulator } = journey;
  const known = new Set(emulator.world.secrets);
  const { job, main, toAws, post } = journey.nextJob(options);
  const inputs = {
    ...(setting.withClusters && kubectlInputs(emulator)),
    ...(setting.usesRegistry && { 'ocir-registries': hostOf(journey) }),
    ...setting.inputs,
  };
  if (options?.home === undefined) furnish(job.home, setting);
  const trees = () => ({ home: treeOf(job.home), temp: treeOf(job.temp), workspace: treeOf(job.workspace) });
  const [before, env] = [trees(), job.env()];
  const watched = async (plan: Plan = {}, run: (env: Record<string, string>) => Promise<Stage>) => {
    const hook = openFaultHook({ ...plan, isBusy: setting.isBusy === true });
    const stage = await run(hook.env);
    const { calls, uncounted } = hook.read();
    const crash = describePlan(plan, calls);
    expect([crash, secretsForOthers(trees().home)]).toEqual([crash, []]);
    return { stage, calls, uncounted, crash };
  };
  const scene: Scene = {
    before,
    job,
    trees,
    main: (plan, own) =>
      watched(plan, (env) => (setting.toAws ? toAws : main)(inputs, { env: { ...own, ...env } })),
    post: ({ stage }, plan) => watched(plan, (env) => post(stage, { env })),
    async expectRestored(main, ...others) {
      const crashes = [main, ...others].map(({ crash }) => crash);
      const last = await post(main.stage);
      // A post that was killed has stopped the refresher already.
      const warnings = warningsOf(last).filter(
        (text) => !/^The refresher .* ended before the post/.test(text),
      );
      expect([crashes, last.exitCode, warnings]).toEqual([crashes, 0, []]);
      expect([crashes, trees()]).toEqual([crashes, before]);
      const left = Object.entries(job.env()).filter(([name, value]) => value !== (env[name] ?? ''));
      expect([crashes, left.filter(([name]) => !KEPT_VARIABLES.includes(name))]).toEqual([crashes, []]);
    },
    end() {
      job.end();
      for (const secret of emulator.world.secrets)
        if (!known.has(secret)) emulator.world.secrets.delete(secret);
    },
  };
  return scene;
}

/** Returns the files with AWS keys or a password of a login, or a part of them, that others can open. */
function secretsForOthers(home: Trees['home']): string[] {
  const isOpen = ([, content]: [string, string]) =>
    !/^\d00 /.test(content) && /aws_secret_access_key = .|"auth":"QkVBUkVS/.test(content);
  return Object.entries(home)
    .filter(isOpen)
    .map(([name]) => name);
}

function describePlan({ at, when = 'before', signal = 'SIGKILL' }: Plan, calls: readonly Call[]): string {
  const { call, path } = calls.find(({ n }) => n === at) ?? { call: 'no call', path: '' };
  return at === undefined ? 'not killed' : `${signal} ${when} call ${at}, ${call} ${path}`;
}

/** Expects that the process was ended by the plan. */
export function assertKilled({ crash, stage, calls }: Run, { signal = 'SIGKILL', at }: Plan): void {
  expect([crash, stage.exitCode, stage.endedBy]).toEqual([crash, null, signal]);
  expect([crash, calls.some(({ n }) => n === at)]).toEqual([crash, true]);
}

const CONTENT_WRITES = ['appendFileSync', 'writeFileSync', 'writeSync'];
const REQUESTS = ['request', 'spawn'];
const FILE_COMMAND = /\/github_(state|env|path|output|step_summary)$/;

/**
 * Before each call, inside each write, after the response to each request, and after the last call. After any other call,
 * the disk is as before the next one. An incomplete output needs no removal.
 */
export function crashPlans(calls: readonly Call[]): Plan[] {
  return calls.flatMap(({ n, call, path }) => [
    { at: n, when: 'before' as const },
    ...(CONTENT_WRITES.includes(call) && !path.endsWith('github_output')
      ? [{ at: n, when: 'partial' as const }]
      : []),
    ...(REQUESTS.includes(call) || n === calls.length ? [{ at: n, when: 'after' as const }] : []),
  ]);
}

/** Returns the calls that change what a later job finds. The runner removes its own files. */
export function onDisk(calls: readonly Call[]): Call[] {
  return calls.filter(({ call, path }) => !REQUESTS.includes(call) && !FILE_COMMAND.test(path));
}

/** Returns the calls of main and post when neither is killed. */
export async function countCalls(setting: Setting): Promise<{ main: Call[]; post: Call[] }> {
  const scene = openScene(await journeyFor(setting), setting);
  const main = await scene.main();
  const post = await scene.post(main);
  expect([main.stage.exitCode, post.stage.exitCode]).toEqual([0, 0]);
  scene.end();
  return { main: main.calls, post: post.calls };
}

/** Counts the calls by kind. */
export function countKinds(calls: readonly Call[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of calls) counts[kindOf(one)] = (counts[kindOf(one)] ?? 0) + 1;
  return counts;
}

export function describeCounts(calls: readonly Call[]): string {
  const kinds = Object.entries(countKinds(calls)).toSorted();
  return `${calls.length} (${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')})`;
}

function kindOf({ call, path }: Call): string {
  if (REQUESTS.includes(call)) return call;
  if (/\.lock-[^/]+$/.test(path)) return 'lock';
  const [, file] = FILE_COMMAND.exec(path) ?? [];
  return file ?? call.replace(/(File)?Sync$/, '');
}
