// A job's login: the order of the steps, and what to put right when one of them fails.
import path from 'node:path';
import type { ActionConfig, AwsConfig, OciConfig } from '../config/action-config.ts';
import type { Disk, Runner } from '../port.ts';
import { adviseOnOutranking, variablesForCli } from '../profile/doors.ts';
import type { Owner, UndoRecord } from '../profile/place.ts';
import type { SessionPaths } from '../profile/session-profile.ts';
import { announceInSummary, announceRole, announceSession, type HandedOver } from './announce.ts';
import { takeBack } from './cleanup.ts';
import { planExports } from './environment.ts';
import { cliCache } from './forget-cached-role.ts';
import { installAwsProfile, type RoleHandOver, variablesForRole, writeTokenFile } from './hand-over-role.ts';
import { installSession } from './install-session.ts';
import { openRole, prepareRole, type Role } from './open-role.ts';
import { openSession, type Session, type SessionParts } from './open-session.ts';
import { type SavedState, STATE, temporaryName } from './saved-state.ts';

export interface LoginParts extends SessionParts {
  disk: Disk;
  owner: Owner;
  /** Undefined when the account has none; then no input has asked for one. */
  home: string | undefined;
  /** The runner's temp area, which it empties before and after each job. */
  temporary: string;
}

/**
 * Logs the job in to OCI, to AWS, or to both: first all that can be refused, then all that must be undone.
 * After a failure the disk is as it was.
 * @throws ActionError
 */
export async function login(parts: LoginParts, config: ActionConfig): Promise<void> {
  const { domainUrl, client, oci, aws } = config;
  for (const { basic } of new Set([client, aws?.client ?? client])) parts.runner.mask(basic);
  const advice = oci && adviseOnOutranking(parts.runner.env, oci.profile);
  if (advice !== undefined) parts.runner.warning(advice);
  const verify = oci?.verify && (await import('./verify-session.ts')).planVerification(parts, oci);
  const preparation = aws && prepareRole(parts, domainUrl, aws);
  preparation?.catch(() => {}); // awaited later; until then its failure must not count as unhandled
  const session = oci && (await openSession(parts, domainUrl, client, oci));
  if (verify && session) await verify(session);
  const role = aws && preparation && (await openRole(parts, aws, await preparation));
  announceInSummary(parts, config, await handOver(parts, config, session, role));
}

/** Files, then the environment, then the outputs: the state knows of each before it happens. */
async function handOver(
  parts: LoginParts,
  config: ActionConfig,
  session: Session | undefined,
  role: Role | undefined,
): Promise<HandedOver> {
  const { runner } = parts;
  const aws = role && config.aws && toHandOver(parts, config.aws, role);
  const state = blankState(parts, aws);
  try {
    openTemporary(parts, state, config);
    const paths = session && config.oci && (await writeSession(parts, state, config.oci, session));
    if (aws) await writeRole(parts, state, aws);
    const variables = { ...ociVariables(config.oci), ...(aws && variablesForRole(runner, aws)) };
    state.exported = planExports(runner, parts.owner, variables);
    save(runner, state);
    for (const [name, value] of Object.entries(variables)) runner.exportVariable(name, value);
    if (config.oci && session && paths) announceSession(parts, config, config.oci, session, paths);
    if (aws) announceRole(runner, config, aws);
    state.cleanup = config.cleanup;
    save(runner, state);
    return { session, paths, aws, variables, state };
  } catch (error) {
    await abandon(parts, state);
    throw error;
  }
}

function blankState({ home, owner }: LoginParts, aws: RoleHandOver | undefined): SavedState {
  const cache = home === undefined ? undefined : cliCache(home);
  const { assumedRoleArn } = aws?.role.credentials ?? {};
  return {
    version: 1,
    sessionId: owner.sessionId,
    places: [],
    exported: {},
    temporary: null,
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

function writeSession(
  parts: LoginParts,
  state: SavedState,
  oci: OciConfig,
  session: Session,
): Promise<SessionPaths> {
  const { runner, disk, owner } = parts;
  const hooks = { save: recorder(runner, state), warn: runner.warning };
  return installSession(disk, { ...oci, ...session.upst, ...session.keyPair, ...hooks, owner });
}

/** The directory for what belongs to no profile, if there will be anything of that kind. */
function openTemporary(
  { runner, disk, ...parts }: LoginParts,
  state: SavedState,
  { aws }: ActionConfig,
): void {
  if (aws?.credentialSource !== 'web-identity') return;
  state.temporary = temporaryDirectory(parts);
  save(runner, state);
  disk.files.makeDirectory(state.temporary);
}

function temporaryDirectory({ owner, temporary }: Pick<LoginParts, 'owner' | 'temporary'>): string {
  return path.join(temporary, temporaryName(owner.sessionId));
}

async function writeRole({ runner, disk }: LoginParts, state: SavedState, aws: RoleHandOver): Promise<void> {
  if (aws.config.credentialSource === 'web-identity') writeTokenFile(disk, aws);
  await installAwsProfile(runner, disk, aws, recorder(runner, state));
}

function toHandOver(parts: LoginParts, config: AwsConfig, role: Role): RoleHandOver {
  const { owner, home } = parts;
  const tokenFile = path.join(temporaryDirectory(parts), 'aws-web-identity-token');
  return { owner, home, config, role, tokenFile };
}

function ociVariables(oci: OciConfig | undefined): Record<string, string> {
  return oci?.exportFor.includes('cli') ? variablesForCli(oci) : {};
}

/** A failed main changes nothing; should even that fail, post has the state and tries again. */
async function abandon({ runner, disk }: LoginParts, state: SavedState): Promise<void> {
  try {
    await takeBack(runner, disk, state);
  } catch (error) {
    runner.warning(`Not everything could be taken back (${String(error)}); the post step will try again.`);
  }
}
