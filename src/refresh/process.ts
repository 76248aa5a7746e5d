import path from 'node:path';
import type { Files } from '../ports.ts';

/** A refresher, as the saved state describes it. */
export interface RefresherProcess {
  pid: number;
  /** Of the login that started it. */
  loginId: string;
  /** The directory of its files, in the runner's temp area. Repeated logins of a job share one. */
  directory: string;
}

type Owner = Omit<RefresherProcess, 'pid'>;

const LOG = /^refresher-([0-9a-f]+)\.log$/;

export function logFileOf({ directory, loginId }: Owner): string {
  return path.join(directory, `refresher-${loginId}.log`);
}

/** The ids of the logins whose refresher has a log here. */
export function loginsWithLog(files: Files, directory: string): string[] {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}
