// What the post step does: undo what main did, by its saved state, and hand the environment back.
import type { Runner } from '../port.ts';
import type { SavedState } from './saved-state.ts';
import { type Disk, undoSection } from './undo-section.ts';

/**
 * Removes what main left and puts back what was there.
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED
 */
export async function cleanUp(runner: Runner, disk: Disk, state: SavedState): Promise<void> {
  const places = state.places.map(({ place }) => `[${place.section}] in ${place.file}`).join(', ');
  if (!state.cleanup) {
    runner.info(`Left in place, because \`cleanup\` is false: ${places}.`);
    return;
  }
  await takeBack(runner, disk, state);
  runner.info(`Removed, and what was there before put back: ${places}.`);
}

/** All that main has changed outside its process. The keys first: a variable that stays is the lesser evil. */
export async function takeBack(runner: Runner, disk: Disk, { places, exported }: SavedState): Promise<void> {
  try {
    for (const record of places.toReversed()) await undoSection(disk, record);
  } finally {
    restoreEnvironment(runner, exported);
  }
}

/**
 * For the post steps of earlier actions, which run after this one. A variable that somebody has changed since is theirs.
 * The runner cannot unset a variable; every reader of ours takes an empty one for absent.
 */
function restoreEnvironment(runner: Runner, exported: SavedState['exported']): void {
  for (const [name, { value, before }] of Object.entries(exported)) {
    if (runner.env(name) === value) runner.exportVariable(name, before ?? '');
  }
}
