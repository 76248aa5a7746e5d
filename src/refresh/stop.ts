import type { Background, Clock, Files, Runner } from '../ports.ts';
import { describeKilled, type RefresherLog, readLog, unfinishedProcess } from './log.ts';
import { logFileOf, type RefresherProcess } from './process.ts';

export interface StopDeps {
  background: Background;
  clock: Clock;
}

export type StopOutcome = 'stopped' | 'killed' | 'was-not-running' | 'still-running';

const STOP_TIMEOUT_MS = 3000;
const POLL_MS = 10;

/** Requests the refresher to stop and waits. Then kills it if it still runs. Uses no file, which a full disk would prevent. */
export async function stopRefresher(
  { background, clock }: StopDeps,
  refresher: RefresherProcess,
): Promise<StopOutcome> {
  const { pid, loginId } = refresher;
  const log = logFileOf(refresher);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!background.signal(pid, loginId, log, signal))
      return signal === 'SIGTERM' ? 'was-not-running' : 'stopped';
    // Counts the pauses, because the clock may be set meanwhile.
    for (let waited = 0; waited < STOP_TIMEOUT_MS; waited += POLL_MS) {
      if (!background.isRunning(pid, loginId, log)) return signal === 'SIGTERM' ? 'stopped' : 'killed';
      await clock.sleep(POLL_MS);
    }
  }
  return 'still-running';
}

const MAX_LINES = 200;
/** GitHub shows ten annotations per step. */
const MAX_WARNINGS = 5;

/** Stops the refresher, shows its log, and reports what the author should know as warnings. */
export async function stopAndReport(
  deps: StopDeps & { runner: Runner; files: Files },
  refresher: RefresherProcess,
): Promise<void> {
  const { files, runner, background } = deps;
  const outcome = await stopRefresher(deps, refresher);
  const log = readLog(files, logFileOf(refresher));
  const lines = [...log.entries.map(({ at, text }) => `${at} ${text}`), ...log.otherLines];
  const shown = latest(lines, MAX_LINES, (hidden) => `(${hidden} earlier lines are not shown)`);
  if (lines.length > 0) runner.group(`Log of the refresher: ${lines.length} lines`, shown);
  const logged = log.entries.filter(({ kind }) => kind === 'warning').map(({ at, text }) => `${at}: ${text}`);
  const warnings = [...logged, ...unexpectedEnd(refresher, log, outcome, background.logsItsStop)];
  const more = (hidden: number) => `${hidden} earlier warnings of the refresher are in the log of this step.`;
  for (const text of latest(warnings, MAX_WARNINGS, more)) runner.warning(text);
}

function latest(lines: readonly string[], most: number, describeHidden: (count: number) => string): string[] {
  const hidden = lines.length - most;
  return hidden > 0 ? [describeHidden(hidden), ...lines.slice(-most)] : [...lines];
}

/**
 * Reports every end before the post step, whatever the log says, because later steps can write the log. The exception is
 * `completed` after warnings, which say why nothing could be renewed.
 */
function unexpectedEnd(
  { pid }: RefresherProcess,
  log: RefresherLog,
  outcome: StopOutcome,
  logsItsStop: boolean,
): string[] {
  const name = `The refresher (process ${pid})`;
  const { entries } = log;
  const last = entries.at(-1);
  const hasBegin = last !== undefined && entries[0]?.kind === 'started';
  const unfinished = unfinishedProcess(log);
  if (outcome === 'killed')
    return [`${name} did not stop at the request of the post step, which then killed it.`];
  if (outcome === 'still-running') return [`${name} could not be stopped. The runner ends it with the job.`];
  if (outcome === 'stopped') {
    if (hasBegin && (unfinished === undefined || !logsItsStop)) return [];
    return [
      `The log of the refresher (process ${pid}) is not complete: renewals may have failed. A later step changed it, or the disk was full.`,
    ];
  }
  if (!hasBegin)
    return [
      `${name} ended before the post step, and its log is not complete. Look for a step that stops it or changes its log.`,
    ];
  if (unfinished !== undefined) return [describeKilled(unfinished)];
  if (last.kind === 'completed' && entries.some(({ kind }) => kind === 'warning')) return [];
  return [
    `${name} ended before the post step, at ${last.at}. Tokens were not renewed after that. ${last.text}`,
  ];
}
