// The session that an earlier login of this job has installed for the same profile. It is renewed with its key, so that
// programs that have read the key continue to work.
import { createHash } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import { assertBindsKey, parseSessionToken, type SessionToken } from '../oci/session-token.ts';
import type { Files } from '../ports.ts';
import * as ini from '../profiles/ini-text.ts';
import { entryAboveInDirectory, findEntry, readLedger } from '../profiles/ledger.ts';
import { ociTarget, sessionPaths } from '../profiles/oci-profile.ts';
import { type Owner, ownerOf } from '../profiles/section-target.ts';
import { readKeyFile, readSecret } from '../profiles/session-files.ts';
import { readText } from '../profiles/shared-file.ts';
import type { OciSession } from './oci-session.ts';

/** The token is as installed; it may have expired. */
export interface ExistingLogin extends Pick<OciSession, 'keyPair' | 'sessionToken'> {
  loginId: string;
}

/** Digest of the inputs that determine the session. The region is not among them: it is in the section itself. */
export function requestOf({ domainUrl, client }: Config, { audience, tenancy, resource }: OciConfig): string {
  const inputs = [domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}

export function isSamePrincipal(a: SessionToken, b: SessionToken): boolean {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}

/** @returns undefined if anything differs from what this job installed; errors are left to the installation */
export function findExistingLogin(
  files: Files,
  { jobId, request }: Omit<Owner, 'loginId'>,
  { configFile, profile, region, resource }: OciConfig,
): ExistingLogin | undefined {
  try {
    const [section, ...more] = ini.sectionsNamed(readText(files, configFile), profile);
    if (section === undefined || more.length > 0) return undefined;
    const owner = ownerOf(section.text);
    if (owner?.jobId !== jobId) return undefined;
    if (ini.readKey(section.text, 'region') !== region) return undefined;
    const ledger = readLedger(files, configFile);
    const entry = findEntry(ledger, owner.loginId, ociTarget(configFile, profile));
    if (entry === undefined || entry.request !== request) return undefined;
    if (entryAboveInDirectory(ledger, entry) !== undefined) return undefined;
    const { keyFile, tokenFile } = sessionPaths(configFile, profile);
    const token = readSecret(files, tokenFile);
    const keyPair = readKeyFile(files, keyFile);
    if (token === undefined || keyPair === undefined) return undefined;
    const sessionToken = parseSessionToken(token, resource, undefined);
    assertBindsKey(sessionToken, keyPair);
    return { loginId: owner.loginId, keyPair, sessionToken };
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
