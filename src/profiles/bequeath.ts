// What a session has made and cannot remove, because others use it by now: it becomes theirs to remove.
import path from 'node:path';
import type { Disk, Files } from '../ports.ts';
import { lockOf, mergeDirectories, type UndoRecord } from './section-target.ts';
import { sessionsAt, writeRecord } from './undo-store.ts';

/**
 * What cannot be removed yet because other sessions use it becomes theirs to remove.
 * @returns whether there is another session
 */
export function bequeath(
  files: Files,
  { place, loginId, fileCreated, directoriesCreated }: UndoRecord,
): boolean {
  const others = sessionsAt(files, place, 'any').filter((other) => other.loginId !== loginId);
  const heir = others.find((other) => other.place.file === place.file) ?? others[0];
  if (heir === undefined) return false;
  if (!fileCreated && directoriesCreated.length === 0) return true;
  writeRecord(files, {
    ...heir,
    fileCreated: heir.fileCreated || (fileCreated && heir.place.file === place.file),
    directoriesCreated: mergeDirectories(heir.directoriesCreated, directoriesCreated),
  });
  return true;
}

const ROUNDS = 5;
const ROUND_MS = 20;

/**
 * Removes the directories that were made for the session, if they are empty. Not under the lock, whose own file lies in
 * there; so a newcomer's may lie there too, and once he has begun, the directories are his to remove.
 */
export async function leaveDirectories({ files, lock, clock }: Disk, record: UndoRecord): Promise<void> {
  const { place, directoriesCreated: directories } = record;
  const ofLock = path.dirname(place.file);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const directory of directories.toReversed()) files.removeIfEmpty(directory);
    if (directories.every((directory) => files.kind(directory) === 'absent')) return;
    const assertThere = () => {
      if (files.kind(ofLock) === 'absent') throw new Vanished();
    };
    const bequeathed = lock.hold(lockOf(place), assertThere, () => bequeath(files, record));
    if (await bequeathed.catch(unlessVanished)) return;
    await clock.sleep(ROUND_MS);
  }
}

/** The directory in which the lock would lie has been removed by somebody else. */
class Vanished extends Error {}

function unlessVanished(error: unknown): true {
  if (error instanceof Vanished) return true;
  throw error;
}
