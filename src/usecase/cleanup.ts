// What the post step does: undo one session by its record, and hand the environment back.
import type { Runner } from '../port.ts';
import type { UndoRecord } from '../profile/undo-record.ts';
import { type Disk, undoSession } from './undo-session.ts';

/**
 * Removes what main left and puts back what was there.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED
 */
export async function cleanUp(runner: Runner, disk: Disk, record: UndoRecord): Promise<void> {
  const { profile, configFile, cleanup } = record;
  if (!cleanup) {
    runner.info(`[${profile}] stays in ${configFile}, because \`cleanup\` is false.`);
    return;
  }
  await takeBack(runner, disk, record);
  runner.info(`[${profile}] and its key are gone; ${configFile} is as it was.`);
}

/** All that a session has changed outside this process. The key first: a variable that stays is the lesser evil. */
export async function takeBack(runner: Runner, disk: Disk, record: UndoRecord): Promise<void> {
  try {
    await undoSession(disk, record);
  } finally {
    restoreEnvironment(runner, record);
  }
}

/**
 * For the post steps of earlier actions, which run after this one. A variable that somebody has changed since is theirs.
 * The runner cannot unset a variable; every reader of ours takes an empty one for absent.
 */
function restoreEnvironment(runner: Runner, { exported }: UndoRecord): void {
  for (const [name, { value, before }] of Object.entries(exported)) {
    if (runner.env(name) === value) runner.exportVariable(name, before ?? '');
  }
}
