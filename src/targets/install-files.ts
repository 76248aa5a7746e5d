import type { IdToken } from '../github/id-token.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { SessionToken } from '../oci/session-token.ts';
import type { Files } from '../ports.ts';
import { putFile, type TokenFile, tokenFileOf } from '../profiles/session-files.ts';
import type { TargetFilePlan } from './target.ts';
import type { TargetFiles } from './token-files.ts';

export interface TargetSession {
  sessionToken: SessionToken;
  keyPair: KeyPair;
  idToken: IdToken | undefined;
}

/**
 * Writes the planned files into the login's directory, which exists. An earlier login may have written them already.
 * Does not write the copy of the profile: the login installs it as it installs every profile.
 * @returns all planned files, with the copy
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE
 */
export function installTargetFiles(
  files: Files,
  { sessionFiles, idTokenFile, profileCopy }: TargetFilePlan,
  { sessionToken, keyPair, idToken }: TargetSession,
): TargetFiles {
  const tokenFiles: TokenFile[] = profileCopy === undefined ? [] : [tokenFileOf(profileCopy)];
  if (sessionFiles !== undefined) {
    const { directory, keyFile, tokenFile } = sessionFiles;
    if (files.kind(directory) === 'absent') files.makeDirectory(directory);
    putFile(files, keyFile, keyPair.privateKeyPem);
    putFile(files, tokenFile, sessionToken.token);
    tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  if (idTokenFile === undefined || idToken === undefined) return { tokenFiles, idToken: undefined };
  putFile(files, idTokenFile, idToken.jwt);
  return { tokenFiles, idToken: { file: idTokenFile, lifetimeMs: idToken.lifetimeMs } };
}
