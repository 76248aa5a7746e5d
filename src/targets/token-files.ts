import type { TokenFile } from '../profiles/session-files.ts';

/** Files that targets use besides the profile, and that the refresher must renew. */
export interface TargetFiles {
  tokenFiles: readonly TokenFile[];
  /** File of GitHub's ID token, which is valid for minutes; undefined if no target needs it. */
  idToken: { file: string; lifetimeMs: number } | undefined;
}

export function targetFilePaths({ tokenFiles, idToken }: TargetFiles): string[] {
  const pairs = tokenFiles.flatMap(({ file, keyFile }) => [keyFile, file]);
  return idToken === undefined ? pairs : [...pairs, idToken.file];
}
