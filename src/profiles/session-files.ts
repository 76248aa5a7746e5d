// The files of a session: key and token in a directory of their own.
import { createHash, createHmac } from 'node:crypto';
import path from 'node:path';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { ProfileLocation } from '../inputs/paths.ts';
import { type KeyPair, readKeyPair } from '../oci/key-pair.ts';
import type { SessionToken } from '../oci/session-token.ts';
import type { Disk, Files } from '../ports.ts';
import { Secret } from '../secret.ts';
import { type LedgerEntry, readLedger, withChanges, writeLedger } from './ledger.ts';
import { sessionFilesIn, sessionPaths } from './oci-profile.ts';
import { lockOf } from './shared-file.ts';

/** A file with a session token. */
export interface TokenFile {
  file: string;
  /** The private key that the token is bound to. */
  keyFile: string;
  /** Lock of the profile; null for files outside any profile. */
  lock: string | null;
}

/** The token file of a profile. */
export function tokenFileOf({ configFile, profile }: ProfileLocation): TokenFile {
  const { keyFile, tokenFile } = sessionPaths(configFile, profile);
  return { file: tokenFile, keyFile, lock: lockOf(configFile) };
}

/**
 * Replaces a session token in one step, so that a reader finds the old or the new one. Records its expiry in the ledger first.
 * @returns false if the key beside it is not the one that the token is bound to: another login has replaced the session
 * @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED
 */
export async function replaceToken(
  { files, lock }: Disk,
  { file, keyFile, lock: profileLock }: TokenFile,
  { token, expiresAt }: Pick<SessionToken, 'token' | 'expiresAt'>,
  publicKeyBase64: string,
  macKey: Secret | undefined,
): Promise<boolean> {
  const replace = () => {
    if (readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64) return false;
    if (profileLock !== null) {
      const ledger = readLedger(files, profileLock);
      const keyDigest = keyDigestOf(publicKeyBase64);
      const entry = ledger.entries.findLast((one) => one.keyDigest === keyDigest);
      const mac = macKey ? [macOf(macKey, { publicKeyBase64 }, { token })] : [];
      const macs = [...new Set([...mac, ...(entry?.macs ?? [])])].slice(0, 2);
      if (entry) writeLedger(files, profileLock, withChanges(ledger, entry, { expiresAt, macs }));
    }
    putFile(files, file, token);
    return true;
  };
  const assertExists = (directory: string) => {
    if (files.kind(directory) === 'absent')
      throw new ActionError('FILES_NOT_WRITABLE', `${directory} was removed.`);
  };
  return profileLock === null
    ? replace()
    : lock.hold(profileLock, () => assertExists(path.dirname(profileLock)), replace);
}

/** Writes key and token of a new login into its directory, and moves the previous directory as the entry says. */
export function writeSessionFiles(
  files: Files,
  { directory, previousDirectory }: LedgerEntry,
  { keyPair, sessionToken }: { keyPair: KeyPair; sessionToken: Pick<SessionToken, 'token'> },
): void {
  if (directory === null) return;
  const sessions = path.dirname(directory);
  files.ensureDirectory(sessions);
  if (previousDirectory !== null) files.rename(directory, previousDirectory);
  else files.removeTree(directory);
  try {
    files.makeDirectory(directory);
  } catch (error) {
    // The post step of another job removes it without the lock while it is empty.
    if (files.kind(sessions) === 'absent') throw new Contention(`${sessions} was removed by another process`);
    throw error;
  }
  const { keyFile, tokenFile } = sessionFilesIn(directory);
  files.create(keyFile, keyPair.privateKeyPem.reveal());
  // Without a line end: clients in Go, TypeScript and .NET use the bytes as they are.
  files.create(tokenFile, sessionToken.token.reveal());
}

/** Writes a file of a login, in one step if it exists. */
export function putFile(files: Files, file: string, content: Secret | string): void {
  const text = content instanceof Secret ? content.reveal() : content;
  if (files.kind(file) === 'absent') files.create(file, text);
  else files.replace(file, Buffer.from(text), `${file}~`);
}

/** The key pair whose private key is in a file; undefined if there is none. */
export function readKeyFile(files: Files, file: string): KeyPair | undefined {
  const pem = readSecret(files, file);
  return pem && readKeyPair(pem);
}

export function readSecret(files: Files, file: string): Secret | undefined {
  const content = files.read(file);
  return content && new Secret(Buffer.from(content).toString('utf8'));
}

/** Identifies a key without revealing it: SHA-256 of the public key, in hex. */
export function keyDigestOf(publicKeyBase64: string): string {
  return createHash('sha256').update(publicKeyBase64).digest('hex');
}

/**
 * Shows a later login that this action wrote a key and its token: other steps lack `macKey`. HMAC-SHA256, in hex.
 */
export function macOf(
  macKey: Secret,
  { publicKeyBase64 }: Pick<KeyPair, 'publicKeyBase64'>,
  { token }: Pick<SessionToken, 'token'>,
): string {
  return createHmac('sha256', macKey.reveal()).update(`${publicKeyBase64}:${token.reveal()}`).digest('hex');
}

/** Digest of the key in a directory; undefined if there is no readable one, as after a crash. */
export function keyDigestIn(files: Files, directory: string): string | undefined {
  return files.kind(directory) === 'directory'
    ? keyDigestOfFile(files, sessionFilesIn(directory).keyFile)
    : undefined;
}

export function keyDigestOfFile(files: Files, keyFile: string): string | undefined {
  const keyPair = readKeyFile(files, keyFile);
  return keyPair && keyDigestOf(keyPair.publicKeyBase64);
}
