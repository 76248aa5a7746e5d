// Installs the files of a login: profiles, and files in the runner's temp area. Each is in the saved state first.
import path from 'node:path';
import { cliCache } from '../aws/cli-cache.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import type { InstallDeps } from '../profiles/install.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import { putFile, replaceToken, tokenFileOf } from '../profiles/session-files.ts';
import type { InstalledFiles } from '../refresh/start.ts';
import { installTargetFiles } from '../targets/install-files.ts';
import type { TargetPlan } from '../targets/plan.ts';
import type { AwsSession } from './aws-session.ts';
import { type ExistingLogin, findExistingLogin, isSamePrincipal } from './existing-login.ts';
import { installAwsProfile, type RoleInstall } from './install-role.ts';
import { installSession, type ProfileConfig } from './install-session.ts';
import type { LoginDeps } from './login.ts';
import type { OciSession } from './oci-session.ts';
import { newSavedState, type SavedState, saveInstalled, temporaryName, updateState } from './saved-state.ts';

/** What the login has obtained, and found out before. */
export interface Opened {
  session: OciSession | undefined;
  /** Of an earlier use of the action in this job. */
  existing: ExistingLogin | undefined;
  role: AwsSession | undefined;
  targets: TargetPlan | undefined;
}

/** What post has to know before anything is written. */
export function startState({ home, owner }: LoginDeps, role: AwsSession | undefined): SavedState {
  const { assumedRoleArn } = role?.credentials ?? {};
  const isCached = home !== undefined && assumedRoleArn;
  return newSavedState(owner.loginId, isCached ? { cache: cliCache(home), assumedRoleArn } : null);
}

/** @throws ActionError as `installSection` */
export async function installFiles(
  deps: LoginDeps,
  state: SavedState,
  config: Config,
  { session, existing, role, targets }: Opened,
): Promise<InstalledFiles> {
  const { runner, disk, owner, home } = deps;
  const directory = temporaryDirectory(deps, existing);
  const installDeps: InstallDeps = {
    ...deps,
    warn: runner.warning,
    save: (installed) => saveInstalled(runner, state, installed),
  };
  if (needsDirectory(config, targets)) makeTemporary(deps, state, directory);
  const paths = session && config.oci && (await writeSession(installDeps, config.oci, session, existing));
  const targetFiles = session && targets && installTargetFiles(disk.files, targets.files, session);
  if (session && config.oci && targets?.files.profileCopy) {
    const copy = { ...config.oci, ...targets.files.profileCopy };
    await writeSession(installDeps, copy, session, findExistingLogin(disk.files, owner, copy));
  }
  const tokenFile = path.join(directory, 'aws-web-identity-token');
  const aws = role && config.aws && { home, config: config.aws, role, tokenFile };
  if (aws) await writeRole(deps, installDeps, aws);
  return { loginId: owner.loginId, directory, session, paths, targetFiles, aws };
}

/** Directory for files that belong to no profile. A repeated login uses the one of the first, where programs know the files. */
export function temporaryDirectory(
  { disk, owner, temporary }: LoginDeps,
  existing: ExistingLogin | undefined,
): string {
  const directoryOf = (loginId: string) => path.join(temporary, temporaryName(loginId));
  const first = existing && directoryOf(existing.loginId);
  return first !== undefined && disk.files.kind(first) === 'directory' ? first : directoryOf(owner.loginId);
}

function needsDirectory({ aws }: Config, targets: TargetPlan | undefined): boolean {
  const { sessionFiles, idTokenFile } = targets?.files ?? {};
  return aws?.credentialSource === 'web-identity' || Boolean(sessionFiles ?? idTokenFile);
}

/** A directory that exists belongs to the login that made it. */
export function makeTemporary({ runner, disk }: LoginDeps, state: SavedState, directory: string): void {
  if (disk.files.kind(directory) === 'directory') return;
  updateState(runner, state, { temporary: directory });
  disk.files.makeDirectory(directory);
}

/** Installs a new session. An existing one keeps its profile and key, and gets the new token. */
async function writeSession(
  deps: InstallDeps,
  config: OciConfig & ProfileConfig,
  session: OciSession,
  existing: ExistingLogin | undefined,
): Promise<SessionPaths> {
  const { sessionToken } = session;
  if (existing && isSamePrincipal(existing.sessionToken, sessionToken)) {
    const { publicKeyBase64 } = existing.keyPair;
    if (await replaceToken(deps.disk, tokenFileOf(config), sessionToken, publicKeyBase64))
      return existing.paths;
  }
  return installSession(deps, config, session);
}

async function writeRole({ runner, disk }: LoginDeps, deps: InstallDeps, aws: RoleInstall): Promise<void> {
  // The token alone, without a line end: the JavaScript SDK sends the bytes as they are.
  if (aws.config.credentialSource === 'web-identity')
    putFile(disk.files, aws.tokenFile, aws.role.identity.token);
  await installAwsProfile(runner, deps, aws);
}
