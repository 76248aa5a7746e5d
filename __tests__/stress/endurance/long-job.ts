// A long job stays logged in: no client of its later steps is ever refused, whatever fails meanwhile.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Stage } from '../../../emulator/runner/job.ts';
import { type Journey, startJourney, treeOf, warningsOf, writeHome } from '../../e2e/journey.ts';
import { startStep } from '../../e2e/later-steps.ts';
import type { StepReport } from '../../e2e/long-step.ts';
import { refresherOf } from '../../e2e/refresher.ts';
import { figure } from '../figures.ts';
import { type Cost, type Watch, watchProcess } from './watch.ts';
import { breakDown, type LongJobWorld, startFreshSteps } from './worlds.ts';

/** Of real time, in each world: both run at the same time. */
const JOB_MS = 600_000;
export const TIME_LIMIT_MS = JOB_MS * 1.5;
const FRESH_STEP_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 250;
/** The documented limit. An idle Node has 44 MB. */
const MOST_RESIDENT_KB = 90 * 1024;
/** Several times what was measured; a process that polls every 0.1 s wakes 86 times between two renewals at least. */
const MOST_CPU_TICKS_PER_RENEWAL = 8;
const MOST_WAKINGS_PER_RENEWAL = 60;

const HOME = { '.oci/config': '[OTHER]\r\nuser = ocid1.user.oc1..other\nkey_file=/none' };

interface Seen {
  watches: Watch[];
  leastLifeLeftMs: number;
}

export async function expectNoRefusalIn(world: LongJobWorld): Promise<void> {
  const journey = await startJourney({ world: world.settings });
  const { job, post } = journey;
  writeHome(job.home, HOME);
  const before = [treeOf(job.home), treeOf(job.temp)];
  const begin = Date.now();
  const first = await login(journey, world);
  const seen: Seen = { watches: [watch(first)], leastLifeLeftMs: world.sessionMs };
  const { second, reports } = await work(journey, world, first, seen, begin);
  expectNoRefusal(journey, world, reports, begin);
  expect(seen.leastLifeLeftMs).toBeGreaterThan(0);
  expectModest(journey, world, seen);
  for (const stage of [second, first]) expect((await post(stage)).exitCode).toBe(0);
  expect(job.processes()).toEqual([]);
  expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
  const what = 'life left in the token file when it was least, seconds';
  figure(world.name, what, `${seen.leastLifeLeftMs / 1000} of ${world.sessionMs / 1000}`);
}

async function work(journey: Journey, world: LongJobWorld, first: Stage, seen: Seen, begin: number) {
  const timer = setInterval(() => look(first, seen), LOOK_EVERY_MS);
  const [step, freshSteps] = [startStep(journey), startFreshSteps(journey, FRESH_STEP_EVERY_MS)];
  try {
    const second = await withTroubles(journey, world, first, seen, begin);
    await sleep(begin + JOB_MS - Date.now());
    return { second, reports: [await step.end(), ...(await freshSteps.end())] };
  } finally {
    clearInterval(timer);
    freshSteps.end().catch(() => undefined);
  }
}

async function login({ toAws }: Journey, { inputs }: LongJobWorld): Promise<Stage> {
  const stage = await toAws(inputs);
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
async function withTroubles(
  journey: Journey,
  world: LongJobWorld,
  first: Stage,
  seen: Seen,
  begin: number,
): Promise<Stage> {
  const { emulator } = journey;
  const until = (share: number) => sleep(begin + share * JOB_MS - Date.now());
  await until(0.2);
  const unavailable = { kind: 'status', status: 503 } as const;
  const tooMany = { kind: 'status', status: 429, headers: { 'Retry-After': '1' } } as const;
  const exchanges = await breakDown(emulator, world, 'domain', [unavailable, tooMany]);
  await until(0.45);
  const reset = { kind: 'reset-before-headers' } as const;
  const tokens = await breakDown(emulator, world, 'github', [unavailable, reset]);
  expect([exchanges > 0, tokens > 0]).toEqual([true, true]);
  figure(world.name, `failed requests to the domain in ${world.outageMs / 1000} s`, exchanges);
  figure(world.name, `failed requests to GitHub in ${world.outageMs / 1000} s`, tokens);
  await until(0.7);
  const key = readFileSync(first.outputs['private-key-file'] ?? '', 'utf8');
  process.kill(pidOf(first), 'SIGKILL');
  await sleep(world.killedMs);
  expect(journey.job.processes().filter(({ pid }) => pid === pidOf(first))).toEqual([]);
  const second = await login(journey, world);
  expect(warningsOf(second)).toContainEqual(
    expect.stringMatching(/^The refresher .* ended unexpectedly: something killed it/),
  );
  expect(pidOf(second)).not.toBe(pidOf(first));
  seen.watches.push(watch(second));
  // Whoever holds the key of the first login goes on with it.
  expect(readFileSync(first.outputs['private-key-file'] ?? '', 'utf8')).toBe(key);
  return second;
}

function expectNoRefusal(
  { emulator }: Journey,
  { name }: LongJobWorld,
  reports: readonly StepReport[],
  begin: number,
): void {
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  const asked = emulator.journal.filter(({ service }) => ['oci', 'sts', 's3'].includes(service));
  expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  const seconds = (Date.now() - begin) / 1000;
  const [long] = reports;
  for (const kind of ['fresh', 'long-lived', 'aws']) {
    const calls = reports.reduce((sum, report) => sum + (report.calls[kind] ?? 0), 0);
    figure(name, `calls by a client of its kind: ${kind}`, calls);
    expect([kind, (long?.calls[kind] ?? 0) > seconds / 2]).toEqual([kind, true]);
  }
  figure(name, 'processes that lived for one round of calls', reports.length - 1);
  for (const service of ['oci', 'sts', 's3']) {
    figure(name, `requests that ${service} has verified, none of them refused`, count(asked, service));
  }
}

function expectModest({ emulator }: Journey, { name }: LongJobWorld, { watches }: Seen): void {
  const costs = watches.map((one) => one.cost());
  const sum = (of: (cost: Cost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  const mostKb = Math.max(...costs.map(({ mostResidentKb }) => mostResidentKb));
  const [samples, ticks] = [sum((cost) => cost.samples), sum(({ cpuTicks }) => cpuTicks)];
  const wakings = sum(({ switches }) => switches.voluntary);
  const logins = 2 * watches.length; // each gets a session token and an access token
  const given = emulator.journal.filter(({ service, status }) => service === 'domain' && status === 200);
  const renewals = given.length - logins;
  figure(name, 'renewals', renewals);
  figure(name, 'resident memory of the refresher at most, kB', mostKb);
  figure(name, 'looks at the refresher', samples);
  figure(name, 'CPU time of the refresher in all, ms', ticks * 10);
  figure(name, 'context switches of the refresher, voluntary', wakings);
  figure(
    name,
    'context switches of the refresher, involuntary',
    sum(({ switches }) => switches.involuntary),
  );
  expect(samples).toBeGreaterThan(100);
  expect(mostKb).toBeLessThanOrEqual(MOST_RESIDENT_KB);
  expect(ticks / renewals).toBeLessThan(MOST_CPU_TICKS_PER_RENEWAL);
  expect(wakings / renewals).toBeLessThan(MOST_WAKINGS_PER_RENEWAL);
}
