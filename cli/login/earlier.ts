// The earlier login of the same job whose session a new one renews. Both use one directory.
import path from 'node:path';
import type { Config } from '../../src/inputs/config.ts';
import { findExistingLogin, macKeyOf } from '../../src/login/existing-login.ts';
import { newSavedState, temporaryName } from '../../src/login/saved-state.ts';
import type { Files } from '../../src/ports.ts';
import { ociTarget } from '../../src/profiles/oci-profile.ts';
import {
  createSessionDirectory,
  isPrivateDirectory,
  readSavedState,
  writeSavedState,
} from '../session/directory.ts';
import type { ClosedSession, SessionMachine } from '../session/session.ts';
import { findLogins } from './find-logins.ts';

/** The directory may be gone, as after a restart of the machine. */
export type EarlierLogin = Required<ClosedSession> & { directory: string };

/** Finds the earlier login without changing any file. */
export function findEarlier(
  { disk: { files }, jobId, sessions }: SessionMachine,
  config: Config,
): EarlierLogin | undefined {
  const { oci } = config;
  if (oci === undefined) return undefined;
  const existing = findExistingLogin(files, { jobId, macKey: macKeyOf(config, oci, jobId) }, oci);
  if (existing === undefined) return undefined;
  const { loginId } = existing;
  const target = ociTarget(oci.configFile, oci.profile);
  const logins = findLogins(files, { directories: [], files: [oci.configFile] }, [target]);
  const installed = logins.flatMap((login) => (login.loginId === loginId ? login.installed : []));
  return { loginId, directory: path.join(sessions, temporaryName(loginId)), installed };
}

/** Writes the record of the login again if it is lost. @throws ActionError PATH_UNSAFE, FILES_NOT_WRITABLE */
export function openEarlier(files: Files, { loginId, directory, installed }: EarlierLogin): void {
  if (!isPrivateDirectory(directory)) createSessionDirectory(files, directory);
  if (readSavedState(files, directory) !== undefined) return;
  const state = { ...newSavedState(loginId, null), installed };
  writeSavedState(files, directory, loginId, JSON.stringify(state));
}
