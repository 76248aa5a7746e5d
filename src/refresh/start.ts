// How main sets the process in the background to work: where its files lie, and what it is told.
import path from 'node:path';
import type { Background, Files } from '../port.ts';
import type { Refresher } from '../usecase/keeper.ts';
import { type Order, writeOrder } from './order.ts';

const LOG = /^refresher-([0-9a-f]+)\.log$/;

/** Files of the process in the session's directory. A later use in the job may have a process of its own there. */
export function refresherFiles({ directory, sessionId }: Omit<Refresher, 'pid'>) {
  return {
    log: path.join(directory, `refresher-${sessionId}.log`),
    /** Its appearance ends the process. */
    stop: path.join(directory, `stop-${sessionId}`),
    /** What renews; a copy, since a step may remove the action's own files while the job runs. */
    renewal: path.join(directory, `renewal-${sessionId}.mjs`),
  };
}

/** Ids of the sessions that have had a process in this directory and have not told of it yet. */
export function refreshersIn(files: Files, directory: string): string[] {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}

export interface Scripts {
  refresher: string;
  renewal: string;
}

/**
 * @returns the number of the process
 * @throws ActionError REFRESHER_NOT_STARTED, FILES_NOT_WRITABLE, PATH_UNSAFE
 */
export async function startRefresher(
  { files, background, scripts }: { files: Files; background: Background; scripts: Scripts },
  order: Order,
): Promise<number> {
  const { log, renewal } = refresherFiles(order);
  files.create(renewal, files.read(scripts.renewal));
  const mark = order.sessionId;
  return background.start({ script: scripts.refresher, mark, log, instructions: writeOrder(order) });
}
