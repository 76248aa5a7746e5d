// The files of a session once they are there: how they are read again, and how a token is replaced while programs use it.
// Knows no section and no undoing.
import type { ProfileLocation } from '../inputs/paths.ts';
import { type KeyPair, readKeyPair } from '../oci/key-pair.ts';
import type { Disk, Files } from '../ports.ts';
import { Secret } from '../secret.ts';
import { ociPlace, sessionPaths } from './oci-profile.ts';
import { lockOf } from './section-target.ts';

/** A file with a session token, and what tells that it is still the one of this session. */
export interface TokenFile {
  file: string;
  /** The private key beside it. */
  keyFile: string;
  /** What is locked meanwhile, since other logins may be at work there; null where nobody else is. */
  lock: string | null;
}

/** That of a profile, guarded by the lock of its place. */
export function tokenFileOf({ configFile, profile }: ProfileLocation): TokenFile {
  const { tokenFile: file, keyFile } = sessionPaths(configFile, profile);
  return { file, keyFile, lock: lockOf(ociPlace(configFile, profile)) };
}

/**
 * Puts a new session token in the place of the old one, in one step: programs at work find either, never half of one.
 * Only beside the key that it is bound to; with any other it would be of no use to anybody.
 * @returns false if the key there is another by now, or gone: another session has taken the place
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED
 */
export async function replaceToken(
  { files, lock }: Disk,
  { file, keyFile, lock: locked }: TokenFile,
  token: Secret,
  publicKeyBase64: string,
): Promise<boolean> {
  const replace = () => {
    if (readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64) return false;
    putFile(files, file, token);
    return true;
  };
  return locked === null ? replace() : lock.hold(locked, () => {}, replace);
}

/** Writes a file of a session's own directory, in one step if it is there already. */
export function putFile(files: Files, file: string, content: Secret): void {
  if (files.kind(file) === 'absent') files.create(file, content.reveal());
  else files.replace(file, Buffer.from(content.reveal()), `${file}~`);
}

/** The pair whose private half is in a file; undefined if there is none. */
export function readKeyFile(files: Files, file: string): KeyPair | undefined {
  const pem = readSecret(files, file);
  return pem && readKeyPair(pem);
}

export function readSecret(files: Files, file: string): Secret | undefined {
  if (files.kind(file) !== 'file') return undefined;
  return new Secret(Buffer.from(files.read(file)).toString('utf8'));
}
