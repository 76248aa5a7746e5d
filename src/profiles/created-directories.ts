// Directories that logins have made on the way to a file, and remove again when they are empty.
import path from 'node:path';
import type { Disk, Files } from '../ports.ts';
import { type Ledger, mergeDirectories, readLedger, writeLedger } from './ledger.ts';
import { lockOf } from './section-target.ts';

/** The directories on the way to this one that do not exist, outermost first. */
export function missingDirectories(files: Files, directory: string): string[] {
  if (files.kind(directory) !== 'absent') return [];
  return [...missingDirectories(files, path.dirname(directory)), directory];
}

const ROUNDS = 5;
const ROUND_MS = 20;

/**
 * Removes directories that are empty. Not under the lock, whose file is in one of them. So the lock file of a new
 * login can be there too: its ledger then takes the directories over.
 */
export async function removeDirectories(
  { files, lock, clock }: Disk,
  file: string,
  directories: readonly string[],
): Promise<void> {
  const parent = path.dirname(file);
  const assertThere = () => {
    if (files.kind(parent) === 'absent') throw new Vanished();
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const directory of directories.toReversed()) removeIfEmpty(files, directory);
    if (directories.every((directory) => files.kind(directory) === 'absent')) return;
    if (isInLedger(readLedger(files, file), directories)) return;
    const isTaken = lock.hold(lockOf(file), assertThere, () => leaveToLedger(files, file, directories));
    if (await isTaken.catch(unlessVanished)) return;
    await clock.sleep(ROUND_MS);
  }
}

/** Whether the last login in the ledger removes them. */
function isInLedger({ entries, createdDirectories }: Ledger, directories: readonly string[]): boolean {
  return entries.length > 0 && directories.every((directory) => createdDirectories.includes(directory));
}

/** @returns false if there is no ledger of another login */
function leaveToLedger(files: Files, file: string, directories: readonly string[]): boolean {
  const ledger = readLedger(files, file);
  if (ledger.entries.length === 0) return false;
  const createdDirectories = mergeDirectories(ledger.createdDirectories, directories);
  writeLedger(files, file, { ...ledger, createdDirectories });
  return true;
}

export function removeIfEmpty(files: Files, directory: string): void {
  if (files.kind(directory) === 'directory') files.removeIfEmpty(directory);
}

/** Another process has removed the directory in which the lock would be. */
class Vanished extends Error {}

function unlessVanished(error: unknown): true {
  if (error instanceof Vanished) return true;
  throw error;
}
