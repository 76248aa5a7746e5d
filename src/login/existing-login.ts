// The session that an earlier use of the action in this job has installed for the same profile. It is renewed with its
// key, so that programs which hold the key keep working.
import { createHash } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { assertBindsKey, parseSessionToken, type SessionToken } from '../oci/session-token.ts';
import type { Files } from '../ports.ts';
import * as config from '../profiles/ini-text.ts';
import { entryAboveInDirectory, findEntry, readLedger, topEntry } from '../profiles/ledger.ts';
import { ociTarget, type SessionPaths, sessionPaths } from '../profiles/oci-profile.ts';
import { type Owner, ownerOf } from '../profiles/section-target.ts';
import { readKeyFile, readSecret } from '../profiles/session-files.ts';
import { readText } from '../profiles/shared-file.ts';

export interface ExistingLogin extends Pick<Owner, 'loginId'> {
  keyPair: KeyPair;
  /** As installed; it may have expired. */
  sessionToken: SessionToken;
  paths: SessionPaths;
}

/** Digest of what the session is requested with. The region is in the section itself. */
export function requestOf({ domainUrl, client }: Config, { audience, tenancy, resource }: OciConfig): string {
  const asked = [domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12);
}

export function isSamePrincipal(a: SessionToken, b: SessionToken): boolean {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}

/** @returns undefined unless all of it is as this job installed it; obstacles are found by the installation */
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
    const target = ociTarget(configFile, profile);
    const ledger = readLedger(files, configFile);
    const entry = findEntry(ledger, owner.loginId, target);
    if (entry === undefined || entry.request !== request || topEntry(ledger, target) !== entry)
      return undefined;
    if (entryAboveInDirectory(ledger, entry) !== undefined) return undefined;
    return readSession(files, sessionPaths(configFile, profile), owner.loginId, resource);
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

/** @throws ActionError when the token is not the installed one any more */
function readSession(
  files: Files,
  paths: SessionPaths,
  loginId: string,
  resource: OciConfig['resource'],
): ExistingLogin | undefined {
  const token = readSecret(files, paths.tokenFile);
  const keyPair = readKeyFile(files, paths.keyFile);
  if (token === undefined || keyPair === undefined) return undefined;
  const sessionToken = parseSessionToken(token, resource, undefined);
  assertBindsKey(sessionToken, keyPair);
  return { loginId, keyPair, paths, sessionToken };
}
