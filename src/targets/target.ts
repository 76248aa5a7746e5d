import type { Config, OciConfig } from '../inputs/config.ts';
import type { HomeDirectories, ProfileLocation } from '../inputs/paths.ts';
import type { Environment } from '../ports.ts';
import type { Secret } from '../secret.ts';

export type Variables = Readonly<Record<string, string | Secret>>;

/** What the functions of the targets know about the login. */
export interface TargetContext extends HomeDirectories, Pick<Config, 'domainUrl' | 'client'> {
  oci: OciConfig;
  /** Variables that the job already has. */
  env: Environment;
  /** RUNNER_TEMP. */
  temporary: string;
  /** The login's own directory in RUNNER_TEMP. */
  directory: string;
  platform: NodeJS.Platform;
}

/** A copy of the session outside its profile: token and private key, in a directory of their own. */
export interface SessionFiles {
  directory: string;
  tokenFile: string;
  keyFile: string;
}

/** A copy of the profile for programs that see the same files under other paths. */
export interface ProfileCopy extends ProfileLocation {
  /** Path of the copy for those programs. The runner translates paths in variables, not in files. */
  seenAs: string;
}

/** Files that targets need, besides the profile. */
export interface TargetFilePlan {
  sessionFiles?: SessionFiles;
  /** Path for GitHub's ID token. */
  idTokenFile?: string;
  profileCopy?: ProfileCopy;
}

/** What one target needs. */
export interface TargetExports {
  variables: Variables;
  files?: TargetFilePlan;
  warnings?: readonly string[];
  /** For the log. */
  notes?: readonly string[];
}

/** "X is", "X, Y are": the beginning of warnings about variables. */
export function namesWithVerb(names: readonly string[]): string {
  return `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'}`;
}
