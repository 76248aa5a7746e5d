// Ends logins: stops their refreshers, then removes what they have written.
import { toFailure } from '../../src/errors/action-error.ts';
import type { CleanupReport } from '../../src/login/cleanup.ts';
import type { Background } from '../../src/ports.ts';
import { readLog, unfinishedProcess } from '../../src/refresh/log.ts';
import { logFileOf, loginsWithLog, type RefresherProcess } from '../../src/refresh/process.ts';
import { stopRefresher } from '../../src/refresh/stop.ts';
import type { CommandContext } from '../command.ts';
import { readSavedStates } from '../session/directory.ts';
import { createLocalRunner } from '../session/local-runner.ts';
import { type ClosedSession, closeSession, type SessionMachine } from '../session/session.ts';

export interface UndoDeps {
  context: Pick<CommandContext, 'env' | 'terminal' | 'clock'>;
  machine: Pick<SessionMachine, 'disk'>;
  background: Background;
}

/** Tries every item of every login. What could not be removed can be tried again. */
export async function undoLogins(deps: UndoDeps, logins: readonly ClosedSession[]): Promise<CleanupReport> {
  const { context, machine } = deps;
  const report: CleanupReport = { removed: [], failed: [] };
  const attempt = async (what: string, work: () => Promise<CleanupReport>) => {
    try {
      const { removed, failed } = await work();
      report.removed.push(...removed);
      report.failed.push(...failed);
    } catch (error) {
      const { code, message } = toFailure(error);
      report.failed.push(`Could not remove ${what}. ${code}: ${message}`);
    }
  };
  const directories = new Set(logins.flatMap(({ directory }) => directory ?? []));
  const ids = logins.map(({ loginId }) => loginId);
  // The refreshers first: they could write a file again that has just been removed.
  for (const directory of directories)
    await attempt(`the processes of ${directory}`, () => stopRefreshers(deps, directory, ids));
  const runner = createLocalRunner(context);
  for (const login of logins)
    await attempt(`login ${login.loginId}`, () => closeSession(machine, runner, login));
  return report;
}

async function stopRefreshers(
  { context: { env, terminal, clock }, machine, background }: UndoDeps,
  directory: string,
  ids: readonly string[],
): Promise<CleanupReport> {
  const report: CleanupReport = { removed: [], failed: [] };
  const { files } = machine.disk;
  // Logins of one directory may share a refresher. So all refreshers are stopped only if no login stays.
  const isWhole = readSavedStates(files, directory).every(({ loginId }) => ids.includes(loginId));
  const stopped = refreshersIn(machine, directory).filter(({ loginId }) => isWhole || ids.includes(loginId));
  for (const refresher of stopped) {
    const outcome = await stopRefresher({ background, clock }, refresher);
    if (outcome === 'still-running')
      report.failed.push(`Could not stop process ${refresher.pid}, which renews tokens.`);
    const { entries } = readLog(files, logFileOf(refresher));
    // Its end is no warning: many systems end the processes of a step with the step.
    for (const { at, text, kind } of entries) {
      if (kind === 'warning') terminal.warn(`${at}: ${text}`);
      else if (env('OCI_WIF_DEBUG') === '1') terminal.progress(`${at}: ${text}`);
    }
  }
  return report;
}

/** The refreshers of a directory, by the states of its logins and, if a state is lost, by their logs. */
function refreshersIn(
  { disk: { files } }: Pick<SessionMachine, 'disk'>,
  directory: string,
): RefresherProcess[] {
  const saved = readSavedStates(files, directory).flatMap(({ refresher }) => refresher ?? []);
  const logged = loginsWithLog(files, directory).flatMap((loginId) => {
    const pid = unfinishedProcess(readLog(files, logFileOf({ directory, loginId })))?.pid;
    return pid === undefined ? [] : [{ pid, loginId, directory }];
  });
  return [...new Map([...logged, ...saved].map((one) => [one.loginId, one])).values()];
}

/** Whether a process renews tokens of the directory. */
export function isRenewed(
  machine: Pick<SessionMachine, 'disk'>,
  background: Background,
  directory: string,
): boolean {
  return refreshersIn(machine, directory).some((one) =>
    background.isRunning(one.pid, one.loginId, logFileOf(one)),
  );
}
