// Files beyond the profile that doors have laid for later steps, as data: whoever renews the session renews these.
import type { TokenFile } from '../profiles/session-files.ts';

export interface DoorFiles {
  tokenFiles: readonly TokenFile[];
  /** Where GitHub's token for the job lies, which lives minutes; undefined if no door needs it. */
  idToken: { file: string; lifetimeMs: number } | undefined;
}

/** Every path, for whoever tells what was written. */
export function pathsOfDoors({ tokenFiles, idToken }: DoorFiles): string[] {
  const pairs = tokenFiles.flatMap(({ file, keyFile }) => [keyFile, file]);
  return idToken === undefined ? pairs : [...pairs, idToken.file];
}
