// Writes an OCI session where OCI's tools look for it: key, token, and the profile that names them.
import type { OciConfig } from '../inputs/config.ts';
import { type InstallDeps, installSection } from '../profiles/install.ts';
import {
  adviseOnConfigText,
  ociTarget,
  renderSection,
  type SessionPaths,
  sessionPaths,
} from '../profiles/oci-profile.ts';
import type { ProfileCopy } from '../targets/target.ts';
import type { OciSession } from './oci-session.ts';

export type ProfileConfig = Pick<OciConfig, 'configFile' | 'profile' | 'overwriteProfile' | 'region'> &
  Partial<Pick<ProfileCopy, 'seenAs'>>;

/** @throws ActionError as `installSection` */
export async function installSession(
  deps: InstallDeps,
  { configFile, seenAs = configFile, profile, overwriteProfile, region }: ProfileConfig,
  { sessionToken, keyPair }: Pick<OciSession, 'sessionToken' | 'keyPair'>,
): Promise<SessionPaths> {
  const { fingerprint } = keyPair;
  const values = { ...sessionPaths(seenAs, profile), tenancy: sessionToken.tenancy, region, fingerprint };
  await installSection(deps, {
    target: ociTarget(configFile, profile),
    overwrite: overwriteProfile,
    expiresAt: sessionToken.expiresAt,
    render: (lineEnd) => renderSection(profile, deps.owner, values, lineEnd),
    session: { keyPair, sessionToken },
    adviseOn: (text) => adviseOnConfigText(text, profile),
  });
  return sessionPaths(configFile, profile);
}
