// What the post step does: undo what main did, by its saved state, and hand the environment back.

import { removeCachedRole } from '../aws/cli-cache.ts';
import type { Disk, Runner } from '../ports.ts';
import { undoSection } from '../profiles/remove.ts';
import { restoreEnvironment } from './environment.ts';
import type { SavedState } from './saved-state.ts';

export const NOTHING_WRITTEN = 'Nothing to clean up: the login wrote nothing.';

/**
 * Removes what main left and puts back what was there.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED
 */
export async function cleanUp(runner: Runner, disk: Disk, state: SavedState): Promise<void> {
  const begun = state.places.filter(({ hasBegun }) => hasBegun);
  const sections = begun.map(({ place }) => `[${place.section}] in ${place.file}`);
  const places = sections.length > 0 ? sections.join(', ') : 'the environment of later steps';
  if (!state.cleanup) {
    runner.info(`Left in place, because \`cleanup\` is false: ${places}.`);
    return;
  }
  await takeBack(runner, disk, state);
  const hasWritten =
    sections.length > 0 || state.temporary !== null || Object.keys(state.exported).length > 0;
  runner.info(hasWritten ? `Removed, and what was there before put back: ${places}.` : NOTHING_WRITTEN);
}

/** All that main has changed outside its process. The keys first: a variable that stays is the lesser evil. */
export async function takeBack(runner: Runner, disk: Disk, state: SavedState): Promise<void> {
  try {
    if (state.temporary !== null) disk.files.removeTree(state.temporary);
    if (state.cachedRole)
      removeCachedRole(disk.files, state.cachedRole.cache, state.cachedRole.assumedRoleArn);
    for (const record of state.places.toReversed()) await undoSection(disk, record);
  } finally {
    restoreEnvironment(runner, state);
  }
}
