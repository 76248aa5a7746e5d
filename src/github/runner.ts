// The GitHub runner's protocol. The only room that imports @actions/*; knows nothing of OCI.
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
  summary: writeSummary,
  group: (title, lines) => {
    startGroup(title);
    for (const line of lines) info(line);
    endGroup();
  },
  debug,
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

/** Older servers and local runs have no file for it. One append, which the toolkit's own writer takes two trips through the thread pool for. */
function writeSummary(text: string): void {
  const file = env('GITHUB_STEP_SUMMARY');
  if (!file) return;
  try {
    appendFileSync(file, text);
  } catch {
    info('The job summary could not be written.');
  }
}

export function isDebug(): boolean {
  return env('RUNNER_DEBUG') === '1';
}

/** One annotation; `setFailed` would add nothing but the exit code, which is the entry's to set. */
export function reportError(text: string): void {
  error(text);
}

/**
 * Tells this job from every other one, past and present, on the same machine: 12 hex digits.
 * The tracking id is what the runner itself tells a job's processes by; job containers and `act` lack it.
 */
export function jobIdentity(): string {
  const { RUNNER_TRACKING_ID, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  const identity = RUNNER_TRACKING_ID || [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB].join('/');
  return createHash('sha256').update(identity).digest('hex').slice(0, 12);
}
