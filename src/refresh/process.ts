// How main sets the process in the background to work: where its files lie, and what it is told.
import path from 'node:path';
import type { Background, Files } from '../ports.ts';
import { type Order, writeOrder } from './spec.ts';
import type { RefresherProcess } from './types.ts';

const LOG = /^refresher-([0-9a-f]+)\.log$/;

/** Files of the process in the session's directory. A later use in the job may have a process of its own there. */
export function refresherFiles({ directory, loginId }: Omit<RefresherProcess, 'pid'>) {
  return {
    log: path.join(directory, `refresher-${loginId}.log`),
    /** Its appearance ends the process. */
    stop: path.join(directory, `stop-${loginId}`),
  };
}

/** Ids of the sessions that have had a process in this directory and have not told of it yet. */
export function refreshersIn(files: Files, directory: string): string[] {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}

/**
 * @param script the process's own
 * @returns the number of the process
 * @throws ActionError REFRESHER_NOT_STARTED, FILES_NOT_WRITABLE, PATH_UNSAFE
 */
export function startRefresher(background: Background, script: string, order: Order): Promise<number> {
  const { log } = refresherFiles(order);
  return background.start({ script, mark: order.loginId, log, instructions: writeOrder(order) });
}
