// Installs the files of a login: profiles, and files in the runner's temp area. The saved state records each one first.
import path from 'node:path';
import type { AwsTargets } from '../aws/profile.ts';
import type { Config, OciConfig } from '../inputs/config.ts';
import { assertSafePaths, type InstallDeps, installSection } from '../profiles/install.ts';
import { adviseOnConfigText, ociTarget, profileLines, sessionPaths } from '../profiles/oci-profile.ts';
import { putFile, replaceToken, type TokenFile, tokenFileOf } from '../profiles/session-files.ts';
import { readText } from '../profiles/shared-file.ts';
import type { InstalledFiles } from '../refresh/start.ts';
import type { TargetPlan } from '../targets/plan.ts';
import type { Kubeconfig, ProfileCopy, TargetFilePlan, TargetFiles } from '../targets/target.ts';
import type { AwsSession } from './aws-session.ts';
import { type ExistingLogin, findExistingLogin, isSamePrincipal } from './existing-login.ts';
import { installAwsProfile } from './install-role.ts';
import type { LoginDeps } from './login.ts';
import type { OciSession } from './oci-session.ts';
import { type SavedState, saveInstalled, temporaryName, updateState } from './saved-state.ts';

/** What the login has obtained and planned before it installs anything. */
export interface LoginResult {
  session: OciSession | undefined;
  /** Of an earlier login of this job. */
  existing: ExistingLogin | undefined;
  role: AwsSession | undefined;
  targets: TargetPlan | undefined;
  kubeconfig: Kubeconfig | undefined;
  awsTargets: AwsTargets | undefined;
  /** For files that belong to no profile. */
  directory: string;
}

/** @throws ActionError as `installSection` */
export async function installFiles(
  deps: LoginDeps,
  state: SavedState,
  { oci, aws }: Config,
  { session, existing, role, targets, kubeconfig, awsTargets, directory }: LoginResult,
): Promise<InstalledFiles> {
  const { runner, disk, owner } = deps;
  const { sessionFiles, idTokenFile, profileCopy } = targets?.files ?? {};
  const installDeps = installDepsOf(deps, state);
  const isWebIdentity = aws?.credentialSource === 'web-identity';
  if (isWebIdentity || sessionFiles || idTokenFile || kubeconfig) makeTemporary(deps, state, directory);
  if (session && oci) await writeSession(installDeps, oci, session, existing);
  const targetFiles = session && targets && writeTargetFiles(deps, targets.files, session, kubeconfig);
  if (session && oci && profileCopy) {
    const copy = { ...oci, ...profileCopy };
    await writeSession(installDeps, copy, session, findExistingLogin(disk.files, owner, copy));
  }
  const tokenFile = path.join(directory, 'aws-web-identity-token');
  const installedRole = role && aws && { config: aws, role, tokenFile, targets: awsTargets };
  // The token alone, without a line end: the JavaScript SDK sends the bytes as they are.
  if (role && isWebIdentity) putFile(disk.files, tokenFile, role.identity.token);
  if (installedRole) await installAwsProfile(runner, installDeps, installedRole);
  const { loginId, macKey } = owner;
  return { loginId, macKey, directory, session, targetFiles, aws: installedRole };
}

/** Each section is in the saved state before it is written. */
export function installDepsOf(deps: LoginDeps, state: SavedState): InstallDeps {
  const { runner } = deps;
  const save: InstallDeps['save'] = (installed) => saveInstalled(runner, state, installed);
  return { ...deps, warn: runner.warning, save };
}

/** Directory for files that belong to no profile. A repeated login uses that of the first: programs know its path. */
export function temporaryDirectory(
  { disk, owner, temporary }: LoginDeps,
  existing: ExistingLogin | undefined,
): string {
  const directoryOf = (loginId: string) => path.join(temporary, temporaryName(loginId));
  const first = existing && directoryOf(existing.loginId);
  return first !== undefined && disk.files.kind(first) === 'directory' ? first : directoryOf(owner.loginId);
}

/** The post step of the login that creates the directory removes it. @throws ActionError PATH_UNSAFE */
export function makeTemporary({ runner, disk }: LoginDeps, state: SavedState, directory: string): void {
  assertSafePaths(disk.files, [{ path: directory, use: 'directory' }]);
  if (disk.files.kind(directory) === 'directory') return;
  updateState(runner, state, { temporary: directory });
  disk.files.makeDirectory(directory);
}

type ProfileConfig = Pick<OciConfig, 'configFile' | 'profile' | 'overwriteProfile' | 'region'> &
  Partial<Pick<ProfileCopy, 'seenAs'>>;

/** Installs a new session. An existing one keeps its profile and key, and gets the new token. */
async function writeSession(
  deps: InstallDeps,
  config: ProfileConfig,
  session: OciSession,
  existing: ExistingLogin | undefined,
): Promise<void> {
  const { sessionToken } = session;
  const isReplaced =
    existing &&
    isSamePrincipal(existing.sessionToken, sessionToken) &&
    (await replaceToken(
      deps.disk,
      tokenFileOf(config),
      sessionToken,
      existing.keyPair.publicKeyBase64,
      deps.owner.macKey,
    ));
  if (!isReplaced) await installSession(deps, config, session);
}

/**
 * Writes an OCI session where OCI's tools look for it: key, token, and the profile that names them.
 * @throws ActionError as `installSection`
 */
export async function installSession(
  deps: InstallDeps,
  { configFile, seenAs = configFile, profile, overwriteProfile, region }: ProfileConfig,
  { sessionToken, keyPair }: Pick<OciSession, 'sessionToken' | 'keyPair'>,
): Promise<void> {
  const { tenancy, expiresAt } = sessionToken;
  const { fingerprint } = keyPair;
  await installSection(deps, {
    target: ociTarget(configFile, profile),
    overwrite: overwriteProfile,
    expiresAt,
    lines: profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint }),
    isSecret: false,
    session: { keyPair, sessionToken },
  });
  const text = readText(deps.disk.files, configFile);
  for (const advice of adviseOnConfigText(text, profile)) deps.warn(`${configFile} ${advice}.`);
}

/** Writes files into the login's directory, which exists. The caller installs the copy of the profile. */
function writeTargetFiles(
  { disk: { files } }: LoginDeps,
  { sessionFiles, idTokenFile, profileCopy, kubeconfig }: TargetFilePlan,
  { sessionToken, keyPair, idToken }: OciSession,
  config: Kubeconfig | undefined,
): TargetFiles {
  const tokenFiles: TokenFile[] = profileCopy === undefined ? [] : [tokenFileOf(profileCopy)];
  if (sessionFiles !== undefined) {
    const { directory, keyFile, tokenFile } = sessionFiles;
    if (files.kind(directory) === 'absent') files.makeDirectory(directory);
    putFile(files, keyFile, keyPair.privateKeyPem);
    putFile(files, tokenFile, sessionToken.token);
    tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  if (kubeconfig !== undefined && config !== undefined) putFile(files, kubeconfig, config.text);
  if (idTokenFile === undefined || idToken === undefined)
    return { tokenFiles, idToken: undefined, kubeconfig };
  putFile(files, idTokenFile, idToken.jwt);
  return { tokenFiles, idToken: { file: idTokenFile, lifetimeMs: idToken.lifetimeMs }, kubeconfig };
}
