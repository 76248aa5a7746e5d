// Lays the files that doors need beyond the profile. Some may be there already, by an earlier use in the same job.
import type { OciConfig } from '../inputs/config.ts';
import type { OciSession } from '../login/oci-session.ts';
import type { Files } from '../ports.ts';
import { putFile, type TokenFile, tokenFileOf } from '../profiles/session-files.ts';
import type { Copy } from './docker.ts';
import type { SessionFiles } from './resource-principal.ts';
import type { DoorFiles } from './token-files.ts';

export interface WantedFiles {
  /** Of a resource principal: where, in the session's directory in the temp area. */
  pair: (SessionFiles & { directory: string }) | undefined;
  /** For GitHub's token, in the same directory. */
  idTokenFile: string | undefined;
  /** Of the profile, for Docker actions. */
  copy: Copy | undefined;
}

/** Writes the session as a profile, there instead of where the inputs say. */
export type Install = (there: OciConfig & Partial<Copy>, session: OciSession) => Promise<unknown>;

/** @throws ActionError as `installSection` */
export async function layDoorFiles(
  files: Files,
  oci: OciConfig,
  { pair, idTokenFile, copy }: WantedFiles,
  session: OciSession,
  install: Install,
): Promise<DoorFiles> {
  const { upst, keyPair, idToken } = session;
  if (idTokenFile !== undefined && idToken !== undefined) putFile(files, idTokenFile, idToken.jwt);
  const tokenFiles: TokenFile[] = [];
  if (pair !== undefined) {
    const { directory, keyFile, tokenFile } = pair;
    if (files.kind(directory) === 'absent') files.makeDirectory(directory);
    putFile(files, keyFile, keyPair.privateKeyPem);
    putFile(files, tokenFile, upst.token);
    tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  if (copy !== undefined) {
    // By the machinery of the profile itself, so that it is locked, recorded, taken back and found by later logins alike.
    const there = { ...oci, ...copy };
    await install(there, session);
    tokenFiles.push(tokenFileOf(there));
  }
  const isLaid = idTokenFile !== undefined && idToken !== undefined;
  return { tokenFiles, idToken: isLaid ? { file: idTokenFile, lifetimeMs: idToken.lifetimeMs } : undefined };
}
