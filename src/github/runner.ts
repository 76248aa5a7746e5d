import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import * as core from '@actions/core';
import type { Runner } from '../ports.ts';
import { withoutCommands } from '../response.ts';
import { isMaskable, Secret } from '../secret.ts';

/** An input as the author wrote it, trimmed, or a saved state; '' when absent. */
export { getInput as readInput, getState as readState } from '@actions/core';

const env = (name: string): string | undefined => process.env[name];
const revealed = (value: string | Secret) => (value instanceof Secret ? value.reveal() : value);

export const githubRunner: Runner = {
  env,
  mask: (secret) => {
    for (const line of secret.reveal().split(/\r\n?|\n/)) if (isMaskable(line)) core.setSecret(line);
  },
  output: (name, value) => core.setOutput(name, revealed(value)),
  exportVariable: (name, value) => core.exportVariable(name, revealed(value)),
  addPath: core.addPath,
  saveState: core.saveState,
  info,
  warning: (text) => core.warning(withoutCommands(text)),
  // Not `core.setFailed`: the entry modules set the exit code.
  error: (text) => core.error(withoutCommands(text)),
  summary: writeSummary,
  group: (title, lines) => {
    core.startGroup(title);
    for (const line of lines) info(line);
    core.endGroup();
  },
  debug: core.debug,
  isDebug: () => env('RUNNER_DEBUG') === '1',
};

/** The toolkit escapes the text of commands, but not a plain line. */
function info(text: string): void {
  core.info(withoutCommands(text));
}

/** Older servers and local runs have no file for it. The toolkit's own writer is asynchronous, which costs time. */
function writeSummary(text: string): void {
  const file = env('GITHUB_STEP_SUMMARY');
  if (!file) return;
  try {
    appendFileSync(file, text);
  } catch {
    core.info('The job summary could not be written.');
  }
}

/**
 * 12 hex digits that identify this job among all jobs of this machine.
 * The runner identifies the processes of a job by the tracking id; job containers and `act` lack it.
 */
export function jobIdentity(): string {
  const { RUNNER_TRACKING_ID, RUNNER_NAME, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  // All jobs of a matrix share GITHUB_JOB. Two of them run at the same time only on two runners.
  const names = [RUNNER_NAME, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB];
  return createHash('sha256')
    .update(RUNNER_TRACKING_ID || names.join('/'))
    .digest('hex')
    .slice(0, 12);
}
