// Lays an OCI session down where OCI's tools look for it: key, token, and the profile that names them.
import type { Disk } from '../ports.ts';
import { installSection } from '../profiles/install.ts';
import {
  adviseOnConfigText,
  ociPlace,
  renderSection,
  type SessionPaths,
  sessionPaths,
} from '../profiles/oci-profile.ts';
import type { Owner, UndoRecord } from '../profiles/section-target.ts';
import type { Secret } from '../secret.ts';

export interface SessionInstall {
  owner: Owner;
  configFile: string;
  /** Where its readers find the config, if not where it lies for us. */
  seenAs?: string;
  profile: string;
  overwriteProfile: boolean;
  tenancy: string;
  region: string;
  fingerprint: string;
  privateKeyPem: Secret;
  token: Secret;
  /** Called before each group of effects with all that must be undone after it. */
  save: (record: UndoRecord) => void;
  warn: (text: string) => void;
}

/**
 * Writes key, token and profile section.
 * @throws ActionError as `installSection`
 */
export async function installSession(disk: Disk, install: SessionInstall): Promise<SessionPaths> {
  const { owner, configFile, seenAs, profile, save, warn, tenancy, region, fingerprint } = install;
  const paths = sessionPaths(configFile, profile);
  const { keyFile, tokenFile } = paths;
  const seen = sessionPaths(seenAs ?? configFile, profile);
  await installSection(disk, {
    owner,
    save,
    place: ociPlace(configFile, profile, seen.tokenFile),
    overwrite: install.overwriteProfile,
    render: (lineEnd) => renderSection(profile, owner, { ...seen, tenancy, region, fingerprint }, lineEnd),
    contents: [
      [keyFile, install.privateKeyPem],
      [tokenFile, install.token], // no final newline: clients in Go, TypeScript and .NET use its bytes as they are
    ],
    inspect: (text) => {
      for (const advice of adviseOnConfigText(text, profile)) warn(`${configFile} ${advice}.`);
    },
  });
  return paths;
}
