// The session that an earlier use of the action in this job has left under the same profile: it is renewed, with the key
// it has, rather than put aside, so that programs which hold that key go on.
import { createHash } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import {
  assertBindsKey,
  type PrincipalKind,
  parseSessionToken,
  type SessionToken,
} from '../oci/session-token.ts';
import type { Files } from '../ports.ts';
import * as config from '../profiles/ini-text.ts';
import { ociPlace, type SessionPaths, sessionPaths } from '../profiles/oci-profile.ts';
import { type Owner, ownerOf } from '../profiles/section-target.ts';
import { readKeyFile, readSecret } from '../profiles/session-files.ts';
import { readText } from '../profiles/shared-file.ts';
import { sessionsAt } from '../profiles/undo-store.ts';
import { principalKind } from './oci-session.ts';

export interface ExistingLogin extends Pick<Owner, 'loginId'> {
  keyPair: KeyPair;
  /** As it stands there; it may have expired. */
  upst: SessionToken;
  paths: SessionPaths;
}

/** What tells a login from another one for the same profile. The region stands in the section itself. */
export function requestOf({ domainUrl, client }: Config, { audience, tenancy, resource }: OciConfig): string {
  const asked = [domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12);
}

/** @returns undefined unless all of it is as this job left it; what stands in the way is for the login to find */
export function findExistingLogin(
  files: Files,
  { jobId, request }: Omit<Owner, 'loginId'>,
  { configFile, profile, region, resource }: OciConfig,
): ExistingLogin | undefined {
  try {
    const section = sectionIn(files, configFile, profile);
    const owner = section === undefined ? undefined : ownerOf(section);
    if (section === undefined || owner?.jobId !== jobId) return undefined;
    if (config.readKey(section, 'region') !== region) return undefined;
    const sessions = sessionsAt(files, ociPlace(configFile, profile));
    const record = sessions.find(({ loginId }) => loginId === owner.loginId);
    if (
      record === undefined ||
      record.request !== request ||
      sessions.some(({ replaces }) => replaces === owner.loginId)
    )
      return undefined;
    const kind = principalKind({ resource });
    return readSession(files, sessionPaths(configFile, profile), owner.loginId, kind);
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}

/** The text of the one section of that name. */
function sectionIn(files: Files, file: string, name: string): string | undefined {
  const text = files.kind(file) === 'file' ? readText(files, file) : '';
  const [section, ...more] = config.listSections(text).filter((one) => one.name === name);
  return section === undefined || more.length > 0 ? undefined : config.textOf(text, section);
}

/** @throws ActionError when the token is not one of ours any more */
function readSession(
  files: Files,
  paths: SessionPaths,
  loginId: string,
  kind: PrincipalKind,
): ExistingLogin | undefined {
  const token = readSecret(files, paths.tokenFile);
  const keyPair = readKeyFile(files, paths.keyFile);
  if (token === undefined || keyPair === undefined) return undefined;
  const upst = parseSessionToken(token, kind, undefined);
  if (kind === 'resource' && upst.principal.startsWith('ocid1.user.')) return undefined;
  assertBindsKey(upst, keyPair);
  return { loginId, keyPair, paths, upst };
}
