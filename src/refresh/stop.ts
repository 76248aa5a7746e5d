// How the process in the background comes to its end, and what is told of its work then.
import type { Background, Clock, Files, Runner } from '../ports.ts';
import { type Journal, readJournal, unfinished } from './log.ts';
import { refresherFiles } from './process.ts';
import type { RefresherProcess } from './types.ts';

export interface StopParts {
  files: Files;
  background: Background;
  clock: Clock;
}

export type Ending = 'asked' | 'killed' | 'gone' | 'stays';

const PATIENCE_MS = 3000;
const PAUSE_MS = 10;

/** Ends exactly this process: asks it to, and kills it where that does not help. */
export async function stopRefresher(parts: StopParts, refresher: RefresherProcess): Promise<Ending> {
  const { files, background, clock } = parts;
  const { pid, loginId: mark, directory } = refresher;
  const { stop } = refresherFiles(refresher);
  const hasEnded = async () => {
    for (const giveUpAt = clock.now() + PATIENCE_MS; clock.now() < giveUpAt; await clock.sleep(PAUSE_MS)) {
      if (!background.isRunning(pid, mark)) return true;
    }
    return false;
  };
  if (!background.isRunning(pid, mark)) return 'gone';
  if (files.kind(directory) === 'directory' && files.kind(stop) === 'absent') files.create(stop, '');
  if (await hasEnded()) return 'asked';
  background.kill(pid, mark);
  return (await hasEnded()) ? 'killed' : 'stays';
}

/** The log of a process, empty if there is none. */
export function journalOf(files: Files, refresher: Omit<RefresherProcess, 'pid'>): Journal {
  const { log } = refresherFiles(refresher);
  const text = files.kind(log) === 'file' ? Buffer.from(files.read(log)).toString('utf8') : '';
  return readJournal(text);
}

/** Ends the process and tells what it did, once. */
export async function endRefresher(
  parts: StopParts & { runner: Runner },
  refresher: RefresherProcess,
): Promise<void> {
  const { files, runner } = parts;
  const ending = await stopRefresher(parts, refresher);
  const journal = journalOf(files, refresher);
  // A later use in this job must not take it for one that was killed.
  files.remove(refresherFiles(refresher).log);
  reportRefresher(runner, refresher, journal, ending);
}

/** Nobody reads more; what counts is said as warnings anyway. */
const MOST_LINES = 200;
/** GitHub shows ten annotations of a step. */
const MOST_WARNINGS = 5;

/** What post says of it: its log, folded, and a warning for each thing that the author should know. */
function reportRefresher(runner: Runner, { pid }: RefresherProcess, journal: Journal, ending: Ending): void {
  const { entries, stray } = journal;
  const lines = [...entries.map(({ at, text }) => `${at} ${text}`), ...stray];
  const hidden = lines.length - MOST_LINES;
  const shown = hidden > 0 ? [`(${hidden} earlier lines are not shown)`, ...lines.slice(-MOST_LINES)] : lines;
  if (lines.length > 0) runner.group(`What was renewed in the background: ${entries.length} lines`, shown);
  const warnings = [
    ...entries.filter(({ kind }) => kind === 'note').map(({ at, text }) => `${at}: ${text}`),
    ...faultsOf(pid, journal, ending),
  ];
  for (const text of warnings.slice(-MOST_WARNINGS)) runner.warning(text);
  const more = warnings.length - MOST_WARNINGS;
  if (more > 0) runner.warning(`And ${more} more of the kind before these: see the log of this step.`);
}

function faultsOf(pid: number, journal: Journal, ending: Ending): string[] {
  const who = `The process ${pid}, which kept the session fresh,`;
  if (ending === 'gone' && unfinished(journal) !== undefined) return [deathOf(journal)];
  if (ending === 'killed') return [`${who} did not end when it was asked to, and was killed.`];
  if (ending === 'stays') return [`${who} could not be ended; the runner ends it with the job.`];
  return [];
}

/** For a process that is gone without a word. */
export function deathOf(journal: Journal): string {
  const { pid, lastSign } = unfinished(journal) ?? {};
  return `The process ${pid}, which kept the session fresh, was killed by something else: its last sign is of ${lastSign}. Nothing was renewed after that.`;
}
