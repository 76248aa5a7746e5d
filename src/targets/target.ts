import type { Config, OciConfig } from '../inputs/config.ts';
import type { HomeDirectories, ProfileLocation } from '../inputs/paths.ts';
import type { Environment } from '../ports.ts';
import type { TokenFile } from '../profiles/session-files.ts';
import type { Secret } from '../secret.ts';

export type Variables = Readonly<Record<string, string | Secret>>;

/** The programs of this action that tools start in later steps. */
export interface Programs {
  /** Absolute path of the Node that runs this step: later steps may have none on PATH. */
  node: string;
  /** Arguments of Node for each: the absolute path of a script, and what comes before the arguments of the tool. */
  kubectlToken: readonly string[];
  dockerCredential: readonly string[];
}

/** What the functions of the targets know about the login. */
export interface TargetContext extends HomeDirectories, Pick<Config, 'domainUrl' | 'client'> {
  oci: OciConfig;
  /** Variables that the job already has. */
  env: Environment;
  /** Canonical path of RUNNER_TEMP. */
  temporary: string;
  /** The login's own directory, below RUNNER_TEMP as the runner spells it, because it translates only such paths for Docker actions. */
  directory: string;
  platform: NodeJS.Platform;
}

/** A copy of the profile for programs that see the same files under other paths. */
export interface ProfileCopy extends ProfileLocation {
  /** Path of the copy for those programs. The runner translates paths in variables, not in files. */
  seenAs: string;
}

/** Files that targets need, besides the profile. */
export interface TargetFilePlan {
  /** A copy of the session outside its profile: token and private key, in a directory of their own. */
  sessionFiles?: { directory: string; tokenFile: string; keyFile: string };
  /** Path for GitHub's ID token. */
  idTokenFile?: string;
  /** Path of the kubeconfig. */
  kubeconfig?: string;
  profileCopy?: ProfileCopy;
}

/** A kubeconfig for clusters of OKE. */
export interface Kubeconfig {
  text: string;
  clusters: readonly {
    /** OCID. */
    id: string;
    /** Name of its kubectl context. */
    name: string;
    server: URL;
  }[];
}

/** Files that targets use besides the profile. The refresher renews the tokens. */
export interface TargetFiles {
  tokenFiles: readonly TokenFile[];
  /** File of GitHub's ID token, which is valid for minutes; undefined if no target needs it. */
  idToken: { file: string; lifetimeMs: number } | undefined;
  /** File of the kubeconfig; undefined without one. It names the files of the profile, and is not renewed. */
  kubeconfig: string | undefined;
}

/** What one target needs. */
export interface TargetExports {
  variables: Variables;
  files?: TargetFilePlan;
  warnings?: readonly string[];
  /** For the log. */
  notes?: readonly string[];
}

/** A warning about variables of the job: "X is set in this job", "X, Y are set in this job". None without names. */
export function warningAbout(names: readonly string[], effect: string): string[] {
  const verb = names.length > 1 ? 'are' : 'is';
  return names.length > 0 ? [`${names.join(', ')} ${verb} set in this job${effect}`] : [];
}
