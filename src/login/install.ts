// What a login leaves for later steps: files, environment, outputs, in this order, and each in the saved state before it
// is there. Takes all of it back when one of them fails.
import path from 'node:path';
import { cliCache } from '../aws/cli-cache.ts';
import { ActionError } from '../errors/action-error.ts';
import type { AwsConfig, Config, OciConfig } from '../inputs/config.ts';
import type { HomeDirectories } from '../inputs/paths.ts';
import { adviseOnLifetime } from '../oci/session-advice.ts';
import type { Clock, Disk, Runner } from '../ports.ts';
import type { SessionPaths } from '../profiles/oci-profile.ts';
import type { Owner, UndoRecord } from '../profiles/section-target.ts';
import { replaceToken, tokenFileOf } from '../profiles/session-files.ts';
import { needsRefresher } from '../refresh/schedule.ts';
import { type InstalledFiles, type RefresherDeps, startRefresher } from '../refresh/start.ts';
import { stopRefresher } from '../refresh/stop.ts';
import { installTargetFiles } from '../targets/install-files.ts';
import type { TargetPlan } from '../targets/plan.ts';
import type { ProfileCopy } from '../targets/target.ts';
import type { AwsSession } from './aws-session.ts';
import { takeBack } from './cleanup.ts';
import { planExports } from './environment.ts';
import { type ExistingLogin, findExistingLogin } from './existing-login.ts';
import { installAwsProfile, type RoleHandOver, variablesForRole, writeTokenFile } from './install-role.ts';
import { installSession } from './install-session.ts';
import type { OciSession } from './oci-session.ts';
import { announceRole, announceSession, type HandedOver } from './outputs.ts';
import { type SavedState, STATE, temporaryName } from './saved-state.ts';

export interface HandOverParts extends HomeDirectories {
  runner: Runner;
  clock: Clock;
  disk: Disk;
  owner: Owner;
  /** The runner's temp area, which it empties before and after each job. */
  temporary: string;
  /** Loaded only when a refresher is needed. */
  refresherDeps: () => RefresherDeps;
}

export interface Opened {
  session: OciSession | undefined;
  /** What an earlier use in this job has left in the same place. */
  own: ExistingLogin | undefined;
  role: AwsSession | undefined;
  targets: TargetPlan | undefined;
}

/** @throws ActionError FILES_NOT_WRITABLE, PATH_UNSAFE, CONFIG_LOCKED, REFRESHER_NOT_STARTED and as `installSection` */
export async function handOver(parts: HandOverParts, config: Config, opened: Opened): Promise<HandedOver> {
  const { runner, disk, owner } = parts;
  const { session, own, role, targets } = opened;
  const directory = directoryFor(parts, own);
  const aws = role && config.aws && toHandOver(parts, config.aws, role, directory);
  const state = blankState(parts, aws);
  try {
    if (needsDirectory(config, targets)) openTemporary(parts, state, directory);
    const paths = session && config.oci && (await writeSession(parts, state, config.oci, session, own));
    const targetFiles = session && targets && installTargetFiles(disk.files, targets.files, session);
    if (session && config.oci && targets?.files.profileCopy) {
      const copy = { ...config.oci, ...targets.files.profileCopy };
      await writeSession(parts, state, copy, session, findExistingLogin(disk.files, owner, copy));
    }
    if (aws) await writeRole(parts, state, aws);
    const variables = { ...targets?.variables, ...(aws && variablesForRole(runner, aws)) };
    const installed = { directory, session, paths, targetFiles, aws };
    const isRefreshed =
      needsRefresher(config.refresh, expiriesOf(config, opened), parts.clock.now()) &&
      (await refreshInBackground(parts, state, config, installed));
    if (!isRefreshed) adviseOnShortSession(parts, config, session);
    state.exported = planExports(runner, owner, variables);
    save(runner, state);
    for (const [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
    if (config.oci && session && paths) announceSession(parts, config, config.oci, session, paths);
    if (aws) announceRole(runner, config, aws);
    state.cleanup = config.cleanup;
    save(runner, state);
    return { session, paths, targetFiles, aws, variables, state, isRefreshed };
  } catch (error) {
    await abandon(parts, state);
    throw error;
  }
}

/** Where what belongs to no profile goes: where an earlier use has put it, so that programs find it where it was. */
export function directoryFor(
  { disk, owner, temporary }: HandOverParts,
  own: ExistingLogin | undefined,
): string {
  const [theirs, ours] = [own ?? owner, owner].map(({ loginId }) =>
    path.join(temporary, temporaryName(loginId)),
  );
  return theirs !== undefined && disk.files.kind(theirs) === 'directory' ? theirs : (ours ?? temporary);
}

/** Whether there will be anything that belongs to no profile. */
function needsDirectory({ aws }: Config, targets: TargetPlan | undefined): boolean {
  const { sessionFiles, idTokenFile } = targets?.files ?? {};
  return aws?.credentialSource === 'web-identity' || Boolean(sessionFiles ?? idTokenFile);
}

/** One that is there already belongs to the use that made it. */
function openTemporary({ runner, disk }: HandOverParts, state: SavedState, directory: string): void {
  if (disk.files.kind(directory) === 'directory') return;
  state.temporary = directory;
  save(runner, state);
  disk.files.makeDirectory(directory);
}

/** Of each token in a file that a refresher could renew. */
function expiriesOf({ oci, aws }: Config, { session, role }: Opened): (number | undefined)[] {
  return [
    session?.sessionToken.expiresAt,
    oci?.exportFor.includes('terraform') ? session?.idToken?.expiresAt : undefined,
    aws?.credentialSource === 'web-identity' ? role?.identity.expiresAt : undefined,
  ];
}

/** @returns whether the session is renewed from now on; `refresh: auto` never fails a login */
async function refreshInBackground(
  parts: HandOverParts,
  state: SavedState,
  config: Config,
  installed: Omit<InstalledFiles, 'loginId'>,
): Promise<boolean> {
  const { loginId } = state;
  const { directory } = installed;
  try {
    openTemporary(parts, state, directory);
    const pid = await startRefresher(parts.refresherDeps(), config, { ...installed, loginId });
    if (pid === undefined) return true;
    state.refresher = { pid, loginId, directory };
    save(parts.runner, state);
    return true;
  } catch (error) {
    if (config.refresh !== 'auto' || !(error instanceof ActionError)) throw error;
    parts.runner.warning(`${error.code}: nothing is renewed in the background. ${error.message}`);
    return false;
  }
}

function adviseOnShortSession(
  { runner, clock }: HandOverParts,
  { oci }: Config,
  session: OciSession | undefined,
): void {
  const isAsked = oci?.resource?.lifetimeSeconds !== undefined;
  const advice =
    session && !isAsked
      ? adviseOnLifetime(undefined, session.sessionToken.expiresAt, clock.now())
      : undefined;
  if (advice !== undefined) runner.warning(advice);
}

function blankState({ home, owner }: HandOverParts, aws: RoleHandOver | undefined): SavedState {
  const cache = home === undefined ? undefined : cliCache(home);
  const { assumedRoleArn } = aws?.role.credentials ?? {};
  return {
    version: 1,
    loginId: owner.loginId,
    places: [],
    exported: {},
    temporary: null,
    refresher: null,
    cachedRole: cache && assumedRoleArn ? { cache, assumedRoleArn } : null,
    cleanup: true, // until main has come to its end, post must clean up in any case
  };
}

function save(runner: Runner, state: SavedState): void {
  runner.saveState(STATE, JSON.stringify(state));
}

/** Takes in what is known of a place; a later record of the same one takes the place of an earlier. */
function recorder(runner: Runner, state: SavedState): (record: UndoRecord) => void {
  return (record) => {
    const { store, name } = record.place;
    const others = state.places.filter(({ place }) => place.store !== store || place.name !== name);
    state.places = [...others, record];
    save(runner, state);
  };
}

/** A new session is installed; one that this job has already keeps its place and its key, and gets the new token. */
async function writeSession(
  { runner, disk, owner }: HandOverParts,
  state: SavedState,
  oci: OciConfig & Partial<ProfileCopy>,
  session: OciSession,
  own: ExistingLogin | undefined,
): Promise<SessionPaths> {
  if (own !== undefined && isSame(own, session)) {
    const { paths, keyPair } = own;
    const { token } = session.sessionToken;
    if (await replaceToken(disk, tokenFileOf(oci), token, keyPair.publicKeyBase64)) return paths;
  }
  const hooks = { save: recorder(runner, state), warn: runner.warning };
  return installSession(disk, { ...oci, ...session.sessionToken, ...session.keyPair, ...hooks, owner });
}

/** A trust that was changed meanwhile may have led to somebody else. */
function isSame({ upst }: ExistingLogin, session: OciSession): boolean {
  const { principal, tenancy } = session.sessionToken;
  return upst.principal === principal && upst.tenancy === tenancy;
}

async function writeRole(
  { runner, disk }: HandOverParts,
  state: SavedState,
  aws: RoleHandOver,
): Promise<void> {
  if (aws.config.credentialSource === 'web-identity') writeTokenFile(disk, aws);
  await installAwsProfile(runner, disk, aws, recorder(runner, state));
}

function toHandOver(
  { owner, home }: HandOverParts,
  config: AwsConfig,
  role: AwsSession,
  directory: string,
): RoleHandOver {
  return { owner, home, config, role, tokenFile: path.join(directory, 'aws-web-identity-token') };
}

/** A failed main changes nothing; should even that fail, post has the state and tries again. */
async function abandon({ runner, disk, refresherDeps }: HandOverParts, state: SavedState): Promise<void> {
  try {
    if (state.refresher) {
      await stopRefresher(refresherDeps(), state.refresher);
    }
    await takeBack(runner, disk, state);
  } catch (error) {
    runner.warning(`Not everything could be taken back (${String(error)}); the post step will try again.`);
  }
}
