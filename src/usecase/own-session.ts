// The session that an earlier use of the action in this job has left under the same profile: it is renewed, with the key
// it has, rather than put aside, so that programs which hold that key go on.
import { createHash } from 'node:crypto';
import type { ActionConfig, OciConfig } from '../config/action-config.ts';
import { ActionError } from '../errors.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { assertBindsKey, type PrincipalKind, readUpstClaims, type Upst } from '../oci/upst.ts';
import type { Files } from '../port.ts';
import * as config from '../profile/config-text.ts';
import { type Owner, ownerOf } from '../profile/place.ts';
import { ociPlace, type SessionPaths, sessionPaths } from '../profile/session-profile.ts';
import { readText } from '../section/shared-file.ts';
import { sessionsAt } from '../section/undo-store.ts';
import { kindOf } from './open-session.ts';
import { readKeyFile, readSecret } from './session-files.ts';

export interface OwnSession extends Pick<Owner, 'sessionId'> {
  keyPair: KeyPair;
  /** As it stands there; it may have expired. */
  upst: Upst;
  paths: SessionPaths;
}

/** What tells a login from another one for the same profile. The region stands in the section itself. */
export function requestOf(
  { domainUrl, client }: ActionConfig,
  { audience, tenancy, resource }: OciConfig,
): string {
  const asked = [domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12);
}

/** @returns undefined unless all of it is as this job left it; what stands in the way is for the login to find */
export function findOwnSession(
  files: Files,
  { jobId, request }: Omit<Owner, 'sessionId'>,
  { configFile, profile, region, resource }: OciConfig,
): OwnSession | undefined {
  try {
    const section = sectionIn(files, configFile, profile);
    const owner = section === undefined ? undefined : ownerOf(section);
    if (section === undefined || owner?.jobId !== jobId) return undefined;
    if (config.readKey(section, 'region') !== region) return undefined;
    const sessions = sessionsAt(files, ociPlace(configFile, profile));
    const record = sessions.find(({ sessionId }) => sessionId === owner.sessionId);
    if (
      record === undefined ||
      record.request !== request ||
      sessions.some(({ replaces }) => replaces === owner.sessionId)
    )
      return undefined;
    const kind = kindOf({ resource });
    return readSession(files, sessionPaths(configFile, profile), owner.sessionId, kind);
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
  sessionId: string,
  kind: PrincipalKind,
): OwnSession | undefined {
  const token = readSecret(files, paths.tokenFile);
  const keyPair = readKeyFile(files, paths.keyFile);
  if (token === undefined || keyPair === undefined) return undefined;
  const claims = readUpstClaims(token, { kind, requestId: undefined });
  if (kind === 'resource' && claims.principal.startsWith('ocid1.user.')) return undefined;
  assertBindsKey(claims, { ...keyPair, requestId: undefined });
  const { principal, tenancy, expiresAt, tokenId } = claims;
  return { sessionId, keyPair, paths, upst: { token, principal, tenancy, expiresAt, tokenId } };
}
