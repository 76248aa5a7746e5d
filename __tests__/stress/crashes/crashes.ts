// Shared by the crash suites: a job in a prepared home, stages that are killed at a chosen call, and the proof that
// nothing of them is left.
import { expect } from '@jest/globals';
import type { JobOptions, Stage } from '../../../emulator/runner/job.ts';
import { type Journey, startJourney, treeOf, warningsOf } from '../../e2e/journey.ts';
import { type Call, openFaultHook, type Plan } from './fault-hook.ts';
import { furnish, type Setting } from './homes.ts';

export interface Run {
  stage: Stage;
  calls: Call[];
  strays: number[];
  /** Names number and call at which it died; every assertion carries it. */
  crash: string;
}

export interface Scene {
  readonly before: Trees;
  readonly job: Journey['job'];
  /** `env` is the step's own. */
  main(plan?: Plan, env?: Record<string, string>): Promise<Run>;
  post(main: Run, plan?: Plan): Promise<Run>;
  trees(): Trees;
  /** Runs post, which must put everything back, and says so of the crashes that led here. */
  proveRestored(main: Run, ...others: Run[]): Promise<void>;
  /** Removes the job, and the secrets that were issued to it. */
  end(): void;
}

export type Trees = Record<'home' | 'temp' | 'workspace', Record<string, string>>;

/** Left as they are by promise: an empty region leads botocore to hosts that do not exist. */
const KEPT_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** A new job, in a new home unless one is given. */
export function openScene(journey: Journey, setting: Setting, options?: JobOptions): Scene {
  const { emulator } = journey;
  const known = new Set(emulator.world.secrets);
  const { job, main, toAws, post } = journey.nextJob(options);
  if (options?.home === undefined) furnish(job.home, setting);
  const trees = () => ({ home: treeOf(job.home), temp: treeOf(job.temp), workspace: treeOf(job.workspace) });
  const [before, env] = [trees(), job.env()];
  const watched = async (plan: Plan = {}, run: (env: Record<string, string>) => Promise<Stage>) => {
    const hook = openFaultHook({ ...plan, isBusy: setting.isBusy === true });
    const stage = await run(hook.env);
    const { calls, strays } = hook.read();
    return { stage, calls, strays, crash: describePlan(plan, calls) };
  };
  const scene: Scene = {
    before,
    job,
    trees,
    main: (plan, own) =>
      watched(plan, (env) => (setting.toAws ? toAws : main)(setting.inputs, { env: { ...own, ...env } })),
    post: ({ stage }, plan) => watched(plan, (env) => post(stage, { env })),
    async proveRestored(main, ...others) {
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

function describePlan({ at, when = 'before', signal = 'SIGKILL' }: Plan, calls: readonly Call[]): string {
  const { call, path } = calls.find(({ n }) => n === at) ?? { call: 'no call', path: '' };
  return at === undefined ? 'lived' : `${signal} ${when} call ${at}, ${call} ${path}`;
}

/** Fails unless the plan, and nothing else, ended the process. */
export function assertKilled({ crash, stage, calls }: Run, { signal = 'SIGKILL', at }: Plan): void {
  expect([crash, stage.exitCode, stage.endedBy]).toEqual([crash, null, signal]);
  expect([crash, calls.some(({ n }) => n === at)]).toEqual([crash, true]);
}

const CONTENT_WRITES = ['appendFileSync', 'writeFileSync', 'writeSync'];
const REQUESTS = ['connect', 'request', 'spawn'];
const FILE_COMMAND = /\/github_(state|env|output|step_summary)$/;

/**
 * Every way to die: before each call; in the midst of each write; after each request, when its answer has come, and
 * after the last call. After any other call, the disk is as it is before the next. Half an output is for nobody to undo.
 */
export function crashPlans(calls: readonly Call[]): Plan[] {
  return calls.flatMap(({ n, call, path }) => [
    { at: n, when: 'before' as const },
    ...(CONTENT_WRITES.includes(call) && !path.endsWith('github_output')
      ? [{ at: n, when: 'torn' as const }]
      : []),
    ...(REQUESTS.includes(call) || n === calls.length ? [{ at: n, when: 'after' as const }] : []),
  ]);
}

/** Those that change what a later job finds. The runner removes its own files with the job. */
export function onDisk(calls: readonly Call[]): Call[] {
  return calls.filter(({ call, path }) => !REQUESTS.includes(call) && !FILE_COMMAND.test(path));
}

/** Calls of both stages, left to live. */
export async function countCalls(setting: Setting): Promise<{ main: Call[]; post: Call[] }> {
  const scene = openScene(await startJourney(), setting);
  const main = await scene.main();
  const post = await scene.post(main);
  expect([main.stage.exitCode, post.stage.exitCode]).toEqual([0, 0]);
  scene.end();
  return { main: main.calls, post: post.calls };
}

/** How many calls of which kind: "3 requests, 2 locks, ...". */
export function censusOf(calls: readonly Call[]): Record<string, number> {
  const census: Record<string, number> = {};
  for (const one of calls) census[kindOf(one)] = (census[kindOf(one)] ?? 0) + 1;
  return census;
}

export function describeCensus(calls: readonly Call[]): string {
  const kinds = Object.entries(censusOf(calls)).toSorted();
  return `${calls.length} (${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')})`;
}

function kindOf({ call, path }: Call): string {
  if (REQUESTS.includes(call)) return call;
  if (/\.lock-[^/]+$/.test(path)) return 'lock';
  const [, file] = FILE_COMMAND.exec(path) ?? [];
  return file ?? call.replace(/(File)?Sync$/, '');
}
