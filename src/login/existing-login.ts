// The session that an earlier login of this job has installed for the same profile. It is renewed with its key, so that
// programs that have read the key continue to work.
import { createHmac } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import { parseSessionToken, type SessionToken } from '../oci/session-token.ts';
import type { Files } from '../ports.ts';
import * as ini from '../profiles/ini-text.ts';
import { assertSafe } from '../profiles/install.ts';
import { entryAboveInDirectory, findEntry, readLedger } from '../profiles/ledger.ts';
import { ociTarget, profileLines, sessionPaths } from '../profiles/oci-profile.ts';
import { type Owner, ownerOf } from '../profiles/section-target.ts';
import { macOf, readKeyFile, readSecret } from '../profiles/session-files.ts';
import { readText } from '../profiles/shared-file.ts';
import { Secret } from '../secret.ts';
import type { ProfileCopy } from '../targets/target.ts';
import type { OciSession } from './oci-session.ts';

/** The token is as installed; it may have expired. */
export interface ExistingLogin extends Pick<OciSession, 'keyPair' | 'sessionToken'> {
  loginId: string;
}

/**
 * The key for the MACs of the sessions that this job requests with these inputs. Other steps may know all inputs but the
 * client secret: without it there is no key, and each login gets a session and a key pair of its own. The region is
 * missing, because `findExistingLogin` compares the section itself.
 */
export function macKeyOf(
  { domainUrl, client }: Config,
  { audience, tenancy, resource }: OciConfig,
  jobId: string,
): Secret | undefined {
  if (client.kind !== 'secret') return undefined;
  const inputs = [jobId, domainUrl.origin, client.clientId, audience, tenancy, resource?.type];
  const mac = createHmac('sha256', client.clientSecret.reveal()).update(JSON.stringify(inputs));
  return new Secret(mac.digest('hex'));
}

export function isSamePrincipal(a: SessionToken, b: SessionToken): boolean {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}

/**
 * Trusts nothing that a later step can change: the MAC shows that a login of this job installed the key and the token.
 * @returns undefined if anything differs or cannot be read; the installation then reports the error
 */
export function findExistingLogin(
  files: Files,
  { jobId, macKey }: Omit<Owner, 'loginId'>,
  { configFile, seenAs = configFile, profile, region, resource }: OciConfig & Partial<ProfileCopy>,
): ExistingLogin | undefined {
  try {
    const target = ociTarget(configFile, profile);
    const { keyFile, tokenFile } = sessionPaths(configFile, profile);
    if (files.kind(tokenFile) === 'absent') return undefined;
    assertSafe(files, target);
    // Before the ledger: a renewal adds the new MAC to the ledger before it replaces the token.
    const token = readSecret(files, tokenFile);
    const keyPair = readKeyFile(files, keyFile);
    const [section, ...more] = ini.sectionsNamed(readText(files, configFile), profile);
    const owner = section && ownerOf(section.text);
    if (!section || more.length > 0 || owner?.jobId !== jobId) return undefined;
    if (!token || !keyPair || !macKey) return undefined;
    const ledger = readLedger(files, configFile);
    const entry = findEntry(ledger, owner.loginId, target);
    if (entry === undefined || entryAboveInDirectory(ledger, entry) !== undefined) return undefined;
    if (!entry.macs.includes(macOf(macKey, keyPair, { token }))) return undefined;
    const sessionToken = parseSessionToken(token, resource, undefined);
    const { tenancy } = sessionToken;
    const { fingerprint } = keyPair;
    const lines = profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint });
    const [, ...settings] = ini.settingLines(section.text);
    if (settings.join('\n') !== ini.encode(lines.join('\n'))) return undefined;
    return { loginId: owner.loginId, keyPair, sessionToken };
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}
