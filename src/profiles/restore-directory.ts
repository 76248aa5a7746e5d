import { ActionError } from '../errors/action-error.ts';
import type { Files } from '../ports.ts';
import { entryAboveInDirectory, type Ledger, type LedgerEntry } from './ledger.ts';
import { keyDigestIn } from './session-files.ts';

/**
 * Removes our directory, even if a crash left its key half-written, and moves the previous one back. Other directories
 * stay: the previous one that was not moved yet, that of a later login, and one in which another program put its key.
 * @throws ActionError PATH_UNSAFE when such a key is in the way of the previous directory
 */
export function restoreDirectory(files: Files, ledger: Ledger, entry: LedgerEntry): void {
  const { directory, previousDirectory, keyDigest } = entry;
  if (directory === null) return;
  const above = entryAboveInDirectory(ledger, entry);
  const movedTo = above?.previousDirectory ?? null; // a later login has moved the directory
  if (movedTo !== null && files.kind(movedTo) === 'directory') {
    files.removeTree(movedTo);
    return;
  }
  const found = keyDigestIn(files, directory);
  const isOurs = found !== undefined && found === keyDigest;
  const isPrevious = previousDirectory !== null && files.kind(previousDirectory) !== 'directory'; // not moved, or back
  if (!isOurs && (isPrevious || above !== undefined)) return;
  if (!isOurs && found !== undefined) {
    if (previousDirectory === null) return;
    throw new ActionError(
      'PATH_UNSAFE',
      `${directory} holds a key that this action did not write. Its previous content is in ${previousDirectory}.`,
    );
  }
  files.removeTree(directory);
  if (previousDirectory !== null && !isPrevious) files.rename(previousDirectory, directory);
}
