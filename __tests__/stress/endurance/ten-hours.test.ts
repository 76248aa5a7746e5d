// A job of ten hours stays logged in: no client of its later steps is ever refused, whatever fails meanwhile.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Stage } from '../../../emulator/runner/job.ts';
import { type Journey, startJourney, treeOf, warningsOf, writeHome } from '../../e2e/journey.ts';
import { startStep } from '../../e2e/later-steps.ts';
import type { StepReport } from '../../e2e/long-step.ts';
import { refresherOf } from '../../e2e/refresher.ts';
import { figure } from '../figures.ts';
import { breakDown, HOUR_MS, INPUTS, startFreshSteps, WORLD } from './ten-hours.ts';
import { type Cost, type Watch, watchProcess } from './watch.ts';

const HOURS = 10;
const KILLED_AT_HOUR = 7;
const LOOK_EVERY_MS = 250;
/** The documented limit. An idle Node has 44 MB. */
const MOST_RESIDENT_KB = 90 * 1024;
/** Some ten times what was measured; a process that polls every 0.1 s wakes 600 times. */
const MOST_CPU_TICKS_PER_HOUR = 30;
const MOST_WAKINGS_PER_HOUR = 300;

const HOME = { '.oci/config': '[OTHER]\r\nuser = ocid1.user.oc1..other\nkey_file=/none' };

interface Seen {
  watches: Watch[];
  leastLifeLeftMs: number;
}

it(
  'a job of ten hours has no request refused, and its refresher stays small',
  async () => {
    const journey = await startJourney({ world: WORLD });
    const { job, post } = journey;
    writeHome(job.home, HOME);
    const before = [treeOf(job.home), treeOf(job.temp)];
    const begin = Date.now();
    const first = await login(journey);
    const seen: Seen = { watches: [watch(first)], leastLifeLeftMs: HOUR_MS };
    const { second, reports } = await work(journey, first, seen, begin);
    expectNoRefusal(journey, reports, begin);
    expect(seen.leastLifeLeftMs).toBeGreaterThan(0);
    expectModest(seen, Date.now() - begin);
    for (const stage of [second, first]) expect((await post(stage)).exitCode).toBe(0);
    expect(job.processes()).toEqual([]);
    expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
    figure(
      'endurance',
      'life left in the token file when it was least, seconds',
      seen.leastLifeLeftMs / 1000,
    );
  },
  HOUR_MS * (HOURS + 5),
);

async function work(journey: Journey, first: Stage, seen: Seen, begin: number) {
  const timer = setInterval(() => look(first, seen), LOOK_EVERY_MS);
  const [step, freshSteps] = [startStep(journey), startFreshSteps(journey, HOUR_MS / 6)];
  try {
    const second = await withTroubles(journey, first, seen, begin);
    await sleep(begin + HOURS * HOUR_MS - Date.now());
    return { second, reports: [await step.end(), ...(await freshSteps.end())] };
  } finally {
    clearInterval(timer);
    freshSteps.end().catch(() => undefined);
  }
}

async function login({ toAws }: Journey): Promise<Stage> {
  const stage = await toAws(INPUTS);
  expect([stage.exitCode, stage.stderr]).toEqual([0, '']);
  return stage;
}

const pidOf = (stage: Stage) => refresherOf(stage).pid;
const watch = (stage: Stage) => watchProcess(pidOf(stage));
const count = (journal: Journey['emulator']['journal'], service: string) =>
  journal.filter((entry) => entry.service === service).length;
const tokenOf = ({ outputs }: Stage) => readFileSync(outputs['security-token-file'] ?? '', 'utf8');

function look(stage: Stage, seen: Seen): void {
  seen.watches.at(-1)?.look();
  const { exp = 0 } = decodeJwt(tokenOf(stage));
  seen.leastLifeLeftMs = Math.min(seen.leastLifeLeftMs, exp * 1000 - Date.now());
}

/** @returns the login that found the refresher killed */
async function withTroubles(journey: Journey, first: Stage, seen: Seen, begin: number): Promise<Stage> {
  const { emulator } = journey;
  const until = (hour: number) => sleep(begin + hour * HOUR_MS - Date.now());
  await until(2);
  const unavailable = { kind: 'status', status: 503 } as const;
  const tooMany = { kind: 'status', status: 429, headers: { 'Retry-After': '1' } } as const;
  const exchanges = await breakDown(emulator, 'domain', [unavailable, tooMany]);
  await until(4.5);
  const answers = await breakDown(emulator, 'github', [unavailable, { kind: 'reset-before-headers' }]);
  expect([exchanges > 0, answers > 0]).toEqual([true, true]);
  figure('endurance', "the domain's refusals in a quarter of an hour", exchanges);
  figure('endurance', "GitHub's refusals in a quarter of an hour", answers);
  await until(KILLED_AT_HOUR);
  const key = readFileSync(first.outputs['private-key-file'] ?? '', 'utf8');
  process.kill(pidOf(first), 'SIGKILL');
  await sleep(HOUR_MS / 12);
  expect(journey.job.processes().filter(({ pid }) => pid === pidOf(first))).toEqual([]);
  const second = await login(journey);
  expect(warningsOf(second)).toContainEqual(expect.stringMatching(/^Something killed the refresher/));
  expect(pidOf(second)).not.toBe(pidOf(first));
  seen.watches.push(watch(second));
  // Whoever holds the key of the first login goes on with it.
  expect(readFileSync(first.outputs['private-key-file'] ?? '', 'utf8')).toBe(key);
  return second;
}

function expectNoRefusal({ emulator }: Journey, reports: readonly StepReport[], begin: number): void {
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  const asked = emulator.journal.filter(({ service }) => ['oci', 'sts', 's3'].includes(service));
  expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  const seconds = (Date.now() - begin) / 1000;
  const [long] = reports;
  for (const kind of ['fresh', 'long-lived', 'aws']) {
    const calls = reports.reduce((sum, report) => sum + (report.calls[kind] ?? 0), 0);
    figure('endurance', `calls by a client of its kind: ${kind}`, calls);
    expect([kind, (long?.calls[kind] ?? 0) > seconds / 2]).toEqual([kind, true]);
  }
  figure('endurance', 'processes that lived for one round of calls', reports.length - 1);
  for (const service of ['oci', 'sts', 's3']) {
    const label = `requests that ${service} has verified, none of them refused`;
    figure('endurance', label, count(asked, service));
  }
}

function expectModest({ watches }: Seen, lastedMs: number): void {
  const costs = watches.map((one) => one.cost());
  const most = (list: Cost[]) => Math.max(...list.map(({ mostResidentKb }) => mostResidentKb));
  const sum = (of: (cost: Cost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  const ticks = sum(({ cpuTicks }) => cpuTicks);
  const wakings = sum(({ switches }) => switches.voluntary);
  figure('endurance', 'resident memory of the refresher at most, kB', most(costs));
  figure(
    'endurance',
    'looks at the refresher',
    sum(({ samples }) => samples),
  );
  figure('endurance', 'CPU time of the refresher in all, ms', ticks * 10);
  figure('endurance', 'context switches of the refresher, voluntary', wakings);
  figure(
    'endurance',
    'context switches of the refresher, involuntary',
    sum(({ switches }) => switches.involuntary),
  );
  const hours = lastedMs / HOUR_MS;
  expect(sum(({ samples }) => samples)).toBeGreaterThan(100);
  expect(most(costs)).toBeLessThanOrEqual(MOST_RESIDENT_KB);
  expect(ticks / hours).toBeLessThan(MOST_CPU_TICKS_PER_HOUR);
  expect(wakings / hours).toBeLessThan(MOST_WAKINGS_PER_HOUR);
}
