// The GitHub runner's protocol.
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import {
  debug,
  endGroup,
  error,
  exportVariable,
  getInput,
  getState,
  info,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  warning,
} from '@actions/core';
import type { Runner } from '../ports.ts';
import { Secret } from '../secret.ts';

const env = (name: string): string | undefined => process.env[name];

export const githubRunner: Runner = {
  env,
  mask: (secret) => {
    for (const line of secret.reveal().split(/\r?\n/)) if (line.trim() !== '') setSecret(line);
  },
  output: (name, value) => setOutput(name, revealed(value)),
  exportVariable: (name, value) => exportVariable(name, revealed(value)),
  saveState: (name, value) => saveState(name, value),
  info,
  warning: (text) => warning(text),
  // Not setFailed: the programs set the exit code.
  error: (text) => error(text),
  summary: writeSummary,
  group: (title, lines) => {
    startGroup(title);
    for (const line of lines) info(line);
    endGroup();
  },
  debug,
  isDebug: () => env('RUNNER_DEBUG') === '1',
};

function revealed(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

/** The input as the author wrote it, trimmed; '' when absent. */
export function readInput(name: string): string {
  return getInput(name);
}

export function readState(name: string): string {
  return getState(name);
}

/** Older servers and local runs have no file for it. The toolkit's own writer is asynchronous, which costs time. */
function writeSummary(text: string): void {
  const file = env('GITHUB_STEP_SUMMARY');
  if (!file) return;
  try {
    appendFileSync(file, text);
  } catch {
    info('The job summary could not be written.');
  }
}

/**
 * 12 hex digits that identify this job among all jobs of this machine.
 * The runner identifies the processes of a job by the tracking id; job containers and `act` lack it.
 */
export function jobIdentity(): string {
  const { RUNNER_TRACKING_ID, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  const identity = RUNNER_TRACKING_ID || [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB].join('/');
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}
