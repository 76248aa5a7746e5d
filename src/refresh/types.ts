// What a login needs of whatever keeps its files fresh afterwards, as types only. `refresh/` implements it.
import type { Config } from '../inputs/config.ts';
import type { RoleHandOver } from '../login/install-role.ts';
import type { OciSession } from '../login/oci-session.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import type { TargetFiles } from '../targets/token-files.ts';

/** What was laid down, and can be kept fresh. */
export interface InstalledFiles {
  loginId: string;
  /** In the runner's temp area, for what belongs to no profile. */
  directory: string;
  session: OciSession | undefined;
  paths: SessionPaths | undefined;
  targetFiles: TargetFiles | undefined;
  aws: RoleHandOver | undefined;
}

/** The process in the background, as the saved state knows it. */
export interface RefresherProcess {
  pid: number;
  /** Of the login that started it. */
  loginId: string;
  /** Where its files lie, in the runner's temp area. */
  directory: string;
}

export interface RefresherControl {
  /**
   * @returns the number of the process; undefined if one of an earlier use in this job keeps all of it fresh already
   * @throws ActionError REFRESHER_NOT_STARTED, FILES_NOT_WRITABLE, PATH_UNSAFE, GITHUB_OIDC_UNAVAILABLE
   */
  start(config: Config, laid: InstalledFiles): Promise<number | undefined>;
  stop(refresher: RefresherProcess): Promise<void>;
}
