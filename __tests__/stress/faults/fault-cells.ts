// Tries one cell of the fault matrix: the real main against one emulator in trouble, then post, and all that must hold
// whatever the fault. Must not know the rows.
import { expect } from '@jest/globals';
import type { Stage } from '../../../emulator/runner/job.ts';
import type { Emulator, EmulatorOptions, Fault } from '../../../emulator/server/start.ts';
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import { describeError } from '../../../src/errors/codes.ts';
import {
  errorOf,
  type Journey,
  maskedIn,
  startJourney,
  treeOf,
  warningsOf,
  writeHome,
} from '../../e2e/journey.ts';
import type { Endpoint, Outcome, Row, Trouble } from './fault-matrix.ts';
import { addressing, closedPort, legInputs, PLACES, type Place } from './fault-places.ts';

const TIMEOUT_SECONDS = 12;
/** The step's time begins when its process has read the inputs. */
const START_SECONDS = 3;
/** For starting and ending processes on a busy machine. */
const GRACE_SECONDS = 15;

/** What a user had there before; every byte of it must outlast main and post. */
const HOME = {
  '.oci/config': '[OTHER]\r\nuser = ocid1.user.oc1..other\nkey_file=/none',
  '.aws/config': '[profile other]\nregion = eu-west-1\n',
};

export interface Tried {
  tries: number;
  /** How many values were looked for wherever no secret belongs. */
  secrets: number;
}

export interface Cell extends Row {
  endpoint: Endpoint;
  outcome: Outcome;
  /** Whether it strikes the first request alone. */
  once: boolean;
}

export async function tryCell(cell: Cell): Promise<Tried> {
  const place = PLACES[cell.endpoint];
  const skew = cell.trouble.kind === 'skew' ? cell.trouble.minutes * 60_000 : 0;
  const journey = await startJourney(optionsFor(cell.trouble, place, skew));
  const { emulator, job, main, post } = journey;
  writeHome(job.home, HOME);
  const before = [treeOf(job.home), treeOf(job.temp)];
  order(emulator, cell, place);
  const closed = cell.trouble.kind === 'refused' ? await closedPort() : undefined;
  const [inputs, variables] = addressing(emulator, place, closed);
  const started = Date.now();
  const stage = await main(
    { ...legInputs(emulator, place), ...limits(cell.trouble), ...cell.inputs, ...inputs },
    { env: { RUNNER_DEBUG: '1', ...variables } },
  );
  const timeout = Number(cell.inputs?.['timeout-seconds'] ?? TIMEOUT_SECONDS);
  expect(Date.now() - started).toBeLessThan((timeout + GRACE_SECONDS) * 1000);
  for (const { at } of emulator.journal) {
    expect(at - skew - started).toBeLessThanOrEqual((timeout + START_SECONDS) * 1000);
  }
  expect(stage.stderr).toBe('');
  expectOutcome(stage, cell);
  if (cell.outcome.code !== 'succeeds') expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
  expectTries(stage, cell, emulator);
  expect((await post(stage)).exitCode).toBe(0);
  expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
  return { tries: cell.outcome.tries, secrets: secretsIn(journey, stage) };
}

function optionsFor(trouble: Trouble, { service }: Place, skew: number): EmulatorOptions {
  return {
    clock: () => Date.now() + skew,
    ...(trouble.kind === 'certificate' ? { certificates: { [service]: trouble.flaw } } : {}),
  };
}

function order({ faults, urls }: Emulator, { trouble, endpoint, once }: Cell, { service }: Place): void {
  if (trouble.kind === 'refused' || trouble.kind === 'certificate' || trouble.kind === 'skew') return;
  const fault: Fault =
    trouble.kind === 'redirect' ? { ...trouble, location: `${urls.oci}/elsewhere` } : trouble;
  // The same server gives the access token before it is asked for its keys.
  const after = endpoint === 'keys' ? 1 : 0;
  faults.add({ service, after, fault: forEndpoint(fault, endpoint), ...(once ? { times: 1 } : {}) });
}

const TOKEN_FAULTS =
  /^(empty-token|no-token|wrong-type|expired|wrong-content-type|other-.*|not-a-jwt|not-yet-valid)$/;

function forEndpoint(fault: Fault, endpoint: Endpoint): Fault {
  return endpoint === 'access-token' && TOKEN_FAULTS.test(fault.kind)
    ? ({ ...fault, of: 'access-token' } as Fault)
    : fault;
}

function limits({ kind }: Trouble): Record<string, string> {
  return {
    'retry-max-attempts': '3',
    // Short where the server is silent, and only there: a busy machine must not look like a silent server.
    'request-timeout-seconds': kind.startsWith('stall') ? '1' : '10',
    'timeout-seconds': String(TIMEOUT_SECONDS),
  };
}

function expectOutcome(stage: Stage, { outcome, says = /./ }: Cell): void {
  const { code, warning } = outcome;
  if (code === 'succeeds') {
    expect([stage.exitCode, stage.outputs['failure-code']]).toEqual([0, undefined]);
    const warnings = warningsOf(stage);
    expect(warnings).toHaveLength(warning === undefined ? 0 : 1);
    for (const text of warnings) expect(text).toMatch(warning ?? /^$/);
    if (warning !== undefined) expect(warnings.join()).toMatch(says);
    return;
  }
  expect([stage.exitCode, stage.outputs, stage.exported]).toEqual([1, { 'failure-code': code }, {}]);
  expect(stage.state).toEqual({});
  expectMessage(stage, code, says);
}

function expectMessage({ stdout, summary }: Stage, code: ErrorCode, says: RegExp): void {
  const message = errorOf({ stdout });
  expect(message).toMatch(new RegExp(`^${code}: \\S.*\\. \\S`));
  expect(message).toContain(` ${describeError(code).remedy}`);
  expect(message).toMatch(says);
  expect(summary).toContain(`**${code}**`);
  // Debug output was on, else the search for secrets would prove little.
  expect(stdout).toContain(`::debug::ActionError: `);
}

const WAIT = /^(.+): (.+); trying again in (\d+\.\d) s \(try (\d) of (\d)\)$/;

function expectTries(stage: Stage, cell: Cell, { journal }: Emulator): void {
  const { endpoint, outcome, once, trouble, leastWaitSeconds = 0 } = cell;
  const { service, path, label } = PLACES[endpoint];
  const isUnseen = trouble.kind === 'refused' || trouble.kind === 'certificate';
  const seen = journal.filter((entry) => entry.service === service && entry.path.startsWith(path));
  expect(seen).toHaveLength(isUnseen ? 0 : outcome.tries);
  // What is to be shown must have happened: these are the answers that the fault has spoilt.
  const struck = seen.filter(({ reason }) => reason === `fault: ${trouble.kind}`);
  const isAnswer = !isUnseen && trouble.kind !== 'skew';
  expect(struck).toHaveLength(isAnswer ? (once ? 1 : outcome.tries) : 0);
  // Nobody else was asked in its place: above all not the server that a redirect names.
  expect(journal.filter((entry) => entry.service === 'oci' || entry.service === 's3')).toEqual([]);
  const lines = stage.stdout.split('\n').filter((line) => line.includes('trying again in'));
  expect(lines).toHaveLength(outcome.tries - 1 - (outcome.renewals ?? 0));
  lines.forEach((line, index) => {
    const [, who, why = '', seconds, number] = WAIT.exec(line) ?? [];
    expect([who, Number(number)]).toEqual([label, index + 2]);
    expect(why).not.toBe('');
    expect(Number(seconds)).toBeGreaterThanOrEqual(leastWaitSeconds);
  });
}

function secretsIn({ emulator }: Journey, stage: Stage): number {
  return new Set([...emulator.secrets(), ...maskedIn(stage)]).size;
}
