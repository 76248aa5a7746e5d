// Runs one cell of the fault matrix: main against an emulator with a fault, then post. Checks what must hold for every fault.
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
import {
  addressing,
  closedPort,
  cloudInputs,
  ENDPOINT_DETAILS,
  type EndpointDetails,
} from './fault-endpoints.ts';
import type { Disturbance, Endpoint, Outcome, Row } from './fault-matrix.ts';

const TIMEOUT_SECONDS = 12;
/** `timeout-seconds` counts from when the process has read the inputs. */
const START_SECONDS = 3;
/** For starting and ending processes on a busy machine. */
const GRACE_SECONDS = 15;

/** Files of the user, which main and post must leave unchanged. */
const USER_FILES = {
  '.oci/config': '[OTHER]\r\nuser = ocid1.user.oc1..other\nkey_file=/none',
  '.aws/config': '[profile other]\nregion = eu-west-1\n',
};

export interface CellFigures {
  attempts: number;
  /** How many secrets were searched for in outputs and files. */
  secrets: number;
}

export interface Cell extends Row {
  endpoint: Endpoint;
  outcome: Outcome;
  /** Whether only the first request has the fault. */
  once: boolean;
}

export async function runCell(cell: Cell): Promise<CellFigures> {
  const details = ENDPOINT_DETAILS[cell.endpoint];
  const skew = cell.disturbance.kind === 'skew' ? cell.disturbance.minutes * 60_000 : 0;
  const journey = await startJourney(optionsFor(cell.disturbance, details, skew));
  const { emulator, job, main, post } = journey;
  writeHome(job.home, USER_FILES);
  const before = [treeOf(job.home), treeOf(job.temp)];
  addFault(emulator, cell, details);
  const closed = cell.disturbance.kind === 'refused' ? await closedPort() : undefined;
  const [inputs, variables] = addressing(emulator, details, closed);
  const started = Date.now();
  const stage = await main(
    { ...cloudInputs(emulator, details), ...limits(cell.disturbance), ...cell.inputs, ...inputs },
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
  expectAttempts(stage, cell, emulator);
  expect((await post(stage)).exitCode).toBe(0);
  expect([treeOf(job.home), treeOf(job.temp)]).toEqual(before);
  return { attempts: cell.outcome.attempts, secrets: secretsIn(journey, stage) };
}

function optionsFor(disturbance: Disturbance, { service }: EndpointDetails, skew: number): EmulatorOptions {
  return {
    clock: () => Date.now() + skew,
    ...(disturbance.kind === 'certificate' ? { certificates: { [service]: disturbance.flaw } } : {}),
  };
}

function addFault(
  { faults, urls }: Emulator,
  { disturbance, endpoint, once }: Cell,
  { service }: EndpointDetails,
): void {
  if (disturbance.kind === 'refused' || disturbance.kind === 'certificate' || disturbance.kind === 'skew')
    return;
  const fault: Fault =
    disturbance.kind === 'redirect' ? { ...disturbance, location: `${urls.oci}/elsewhere` } : disturbance;
  faults.add({ service, fault: forEndpoint(fault, endpoint), ...(once ? { times: 1 } : {}) });
}

const TOKEN_FAULTS =
  /^(empty-token|no-token|wrong-type|expired|gzip|deflate|br|wrong-content-type|other-.*|not-a-jwt|not-yet-valid)$/;

function forEndpoint(fault: Fault, endpoint: Endpoint): Fault {
  return endpoint === 'access-token' && TOKEN_FAULTS.test(fault.kind)
    ? ({ ...fault, of: 'access-token' } as Fault)
    : fault;
}

function limits({ kind }: Disturbance): Record<string, string> {
  return {
    'retry-max-attempts': '3',
    // Short only where the server does not respond, because this machine can be slow.
    'request-timeout-seconds': kind.startsWith('stall') ? '1' : '10',
    'timeout-seconds': String(TIMEOUT_SECONDS),
  };
}

function expectOutcome(stage: Stage, { outcome, text = /./ }: Cell): void {
  const { code, warning } = outcome;
  if (code === 'succeeds') {
    expect([stage.exitCode, stage.outputs['failure-code']]).toEqual([0, undefined]);
    const warnings = warningsOf(stage);
    expect(warnings).toHaveLength(warning === undefined ? 0 : 1);
    for (const text of warnings) expect(text).toMatch(warning ?? /^$/);
    if (warning !== undefined) expect(warnings.join()).toMatch(text);
    return;
  }
  expect([stage.exitCode, stage.outputs, stage.exported]).toEqual([1, { 'failure-code': code }, {}]);
  expect(stage.state).toEqual({});
  expectMessage(stage, code, text);
}

function expectMessage({ stdout, summary }: Stage, code: ErrorCode, text: RegExp): void {
  const message = errorOf({ stdout });
  expect(message).toMatch(new RegExp(`^${code}: \\S.*\\. \\S`));
  expect(message).toContain(` ${describeError(code).remedy}`);
  expect(message).toMatch(text);
  expect(summary).toContain(`**${code}**`);
  // Debug logging is on: the search for secrets covers it.
  expect(stdout).toContain(`::debug::ActionError: `);
}

const WAIT = /^(.+): (.+); trying again in (\d+\.\d) s \(attempt (\d) of (\d)\)$/;

function expectAttempts(stage: Stage, cell: Cell, { journal }: Emulator): void {
  const { endpoint, outcome, once, disturbance, leastWaitSeconds = 0 } = cell;
  const { service, path, label } = ENDPOINT_DETAILS[endpoint];
  const isUnconnected = disturbance.kind === 'refused' || disturbance.kind === 'certificate';
  const seen = journal.filter((entry) => entry.service === service && entry.path.startsWith(path));
  expect(seen).toHaveLength(isUnconnected ? 0 : outcome.attempts);
  // The fault has happened.
  const faulty = seen.filter(({ reason }) => reason === `fault: ${disturbance.kind}`);
  const hasResponse = !isUnconnected && disturbance.kind !== 'skew';
  expect(faulty).toHaveLength(hasResponse ? (once ? 1 : outcome.attempts) : 0);
  // No request went to another server, such as the target of a redirect.
  expect(journal.filter((entry) => entry.service === 'oci' || entry.service === 's3')).toEqual([]);
  const waits = stage.stdout.split('\n').filter((line) => line.includes('trying again in'));
  const lines = waits.filter((line) => line.startsWith(`${label}: `));
  expect(waits.length - lines.length).toBe(outcome.laterWaits ?? 0);
  expect(lines).toHaveLength(outcome.attempts - 1);
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
