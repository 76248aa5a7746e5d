import type { Background, Clock, Files, Runner } from '../ports.ts';
import { describeKilled, type RefresherLog, readLog, unfinishedProcess } from './log.ts';
import { logFileOf, type RefresherProcess, stopFileOf } from './process.ts';

export interface StopDeps {
  files: Files;
  background: Background;
  clock: Clock;
}

export type StopOutcome = 'stopped' | 'killed' | 'was-not-running' | 'still-running';

const STOP_TIMEOUT_MS = 3000;
const POLL_MS = 10;

/** Creates the stop file and waits. Then kills the refresher if it still runs and its arguments identify it. */
export async function stopRefresher(deps: StopDeps, refresher: RefresherProcess): Promise<StopOutcome> {
  const { files, background } = deps;
  const { pid, loginId, directory } = refresher;
  if (!background.isRunning(pid, loginId)) return 'was-not-running';
  const stopFile = stopFileOf(refresher);
  if (files.kind(directory) === 'directory' && files.kind(stopFile) === 'absent') files.create(stopFile, '');
  if (await hasEnded(deps, refresher)) return 'stopped';
  background.kill(pid, loginId);
  return (await hasEnded(deps, refresher)) ? 'killed' : 'still-running';
}

async function hasEnded({ background, clock }: StopDeps, { pid, loginId }: RefresherProcess) {
  const giveUpAt = clock.now() + STOP_TIMEOUT_MS;
  while (background.isRunning(pid, loginId)) {
    if (clock.now() >= giveUpAt) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}

const MAX_LINES = 200;
/** GitHub shows ten annotations per step. */
const MAX_WARNINGS = 5;

/** Stops the refresher, shows its log, and reports what the author should know as warnings. */
export async function stopAndReport(
  deps: StopDeps & { runner: Runner },
  refresher: RefresherProcess,
): Promise<void> {
  const { files, runner } = deps;
  const outcome = await stopRefresher(deps, refresher);
  const logFile = logFileOf(refresher);
  const log = readLog(files, logFile);
  files.remove(logFile); // another login of this job must not take the process for a killed one
  const lines = [...log.entries.map(({ at, text }) => `${at} ${text}`), ...log.otherLines];
  const shown = latest(lines, MAX_LINES, (hidden) => `(${hidden} earlier lines are not shown)`);
  if (lines.length > 0) runner.group(`Log of the refresher: ${lines.length} lines`, shown);
  const logged = log.entries.filter(({ kind }) => kind === 'warning').map(({ at, text }) => `${at}: ${text}`);
  const warnings = [...logged, ...unexpectedEnd(refresher, log, outcome)];
  const more = (hidden: number) => `${hidden} earlier warnings of the refresher are in the log of this step.`;
  for (const text of latest(warnings, MAX_WARNINGS, more)) runner.warning(text);
}

function latest(lines: readonly string[], most: number, describeHidden: (count: number) => string): string[] {
  const hidden = lines.length - most;
  return hidden > 0 ? [describeHidden(hidden), ...lines.slice(-most)] : [...lines];
}

/** After `completed`, the warnings in the log say why the refresher ended. */
function unexpectedEnd({ pid }: RefresherProcess, log: RefresherLog, outcome: StopOutcome): string[] {
  const name = `The refresher (process ${pid})`;
  if (outcome === 'killed') return [`${name} did not stop at the request of the post step, and was killed.`];
  if (outcome === 'still-running') return [`${name} could not be stopped. The runner ends it with the job.`];
  if (outcome === 'stopped') return [];
  const unfinished = unfinishedProcess(log);
  if (unfinished !== undefined) return [describeKilled(unfinished)];
  const last = log.entries.at(-1);
  if (last === undefined) return [`${name} ended before the post step, and its log is missing.`];
  if (last.kind !== 'stopped') return [];
  return [
    `${name} ended before the post step, at ${last.at}. Nothing was renewed after that. Its last log entry: ${last.text}`,
  ];
}
