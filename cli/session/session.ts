// A session outside GitHub: the action's login with a private directory in place of the runner's state.
import { createHash, randomBytes } from 'node:crypto';
import os from 'node:os';
import { ActionError } from '../../src/errors/action-error.ts';
import { type Config, readConfig } from '../../src/inputs/config.ts';
import { splitList } from '../../src/inputs/parsers.ts';
import type { HomeDirectories } from '../../src/inputs/paths.ts';
import { EXPORT_TARGETS, type InputName } from '../../src/inputs/schema.ts';
import { configWarnings } from '../../src/inputs/warnings.ts';
import { sessionNameOf } from '../../src/login/aws-session.ts';
import { type CleanupReport, cleanUp, NOTHING_TO_CLEAN_UP } from '../../src/login/cleanup.ts';
import { login } from '../../src/login/login.ts';
import { newSavedState } from '../../src/login/saved-state.ts';
import { signersOf } from '../../src/login/signers.ts';
import { canonicalPath } from '../../src/node/canonical-path.ts';
import { createFiles } from '../../src/node/files.ts';
import { findHomeDirectories } from '../../src/node/home-directories.ts';
import { createLock } from '../../src/node/lock.ts';
import { thisSystem } from '../../src/node/system.ts';
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import type { Background, Disk, Environment, Runner, RunnerProcesses } from '../../src/ports.ts';
import type { InstalledSection } from '../../src/profiles/remove.ts';
import { ciJob } from '../ci/systems.ts';
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { findIdTokens } from '../sources/find.ts';
import { readSavedState, removeSavedState, sessionsDirectory, writeSavedState } from './directory.ts';
import { createLocalRunner, type LocalRunner } from './local-runner.ts';
import { inputReader, type SessionOptions, secretReader } from './options.ts';
import { newKeyPair, sessionHttp } from './step-deps.ts';

/** The machine that a session is on. */
export interface SessionMachine {
  homes: HomeDirectories;
  disk: Disk;
  /** The directory in which sessions have their directories. */
  sessions: string;
  /** 12 hex digits that identify this job among all jobs of this machine; outside a CI system, this user. */
  jobId: string;
  /** The checkout; undefined outside a CI system. */
  workspace: string | undefined;
}

/** The machine, as the environment shows it. Changes nothing. */
export function sessionMachine({ env, clock }: Pick<CommandContext, 'env' | 'clock'>): SessionMachine {
  const ci = ciJob(env);
  const checkout = ci?.checkout;
  const workspace = checkout && canonicalPath(checkout, 'directory');
  const files = createFiles({ ...thisSystem, workspace, temporary: undefined });
  const identity = ci?.job ?? `user ${thisSystem.uid ?? ''}`;
  return {
    homes: findHomeDirectories(),
    disk: { files, clock, lock: createLock(clock) },
    sessions: sessionsDirectory(files, env, os.tmpdir()),
    jobId: createHash('sha256').update(identity).digest('hex').slice(0, 12),
    workspace,
  };
}

/**
 * The options as inputs of the action, for `src/inputs`.
 * @param overrides inputs that the command sets itself
 */
export function sessionInputs(
  { env }: Pick<CommandContext, 'env'>,
  { homes, workspace, disk }: SessionMachine,
  options: SessionOptions,
  overrides: Partial<Record<InputName, string>> = {},
): Parameters<typeof readConfig> {
  const secretOf = secretReader(options, env, (file, option) => {
    const content = disk.files.read(canonicalPath(file));
    if (content !== undefined) return Buffer.from(content).toString('utf8').trim();
    const text = `The file with the client secret does not exist: ${file}.`;
    throw new CommandError('OPTION_INVALID', text, { remedy: `Correct \`--${option}\`.` });
  });
  const context = { home: homes.home, workspace, canonical: canonicalPath };
  assertTargets(String(options['for'] ?? ''));
  const isNamed = options['aws-role-arn'] === undefined || options['aws-role-session-name'] !== undefined;
  const preset = {
    'output-credentials': 'false',
    summary: 'never',
    ...(isNamed ? {} : { 'aws-role-session-name': roleSessionName(env) }),
    ...overrides,
  };
  return [inputReader(options, secretOf, preset), context];
}

/** Only the action has the target `docker`. @throws CommandError OPTION_INVALID */
function assertTargets(list: string): void {
  const known = EXPORT_TARGETS.filter((name) => name !== 'docker');
  const unknown = splitList(list).find((name) => name !== 'none' && !known.some((one) => one === name));
  if (unknown === undefined) return;
  const text =
    unknown === 'docker'
      ? '--for docker is only for Docker actions of GitHub.'
      : `--for must be none or a list of ${known.join(', ')}, not ${JSON.stringify(unknown)}.`;
  throw new CommandError('OPTION_INVALID', text);
}

/**
 * As `sessionInputs`, parsed.
 * @throws ActionError INPUT_INVALID; CommandError OPTION_INVALID when the file of a secret cannot be read
 */
export function sessionConfig(...inputs: Parameters<typeof sessionInputs>): Config {
  return readConfig(...sessionInputs(...inputs));
}

const LONGEST_SESSION_NAME = 64;

/**
 * Names the job, so that CloudTrail shows it. On GitHub the action's own name, which has the repository.
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference), RoleSessionName
 */
function roleSessionName(env: Environment): string {
  if (env('GITHUB_REPOSITORY')) return sessionNameOf(env);
  const job = ciJob(env)?.job ?? 'oci-wif';
  const name = job.replaceAll('https://', '').replace(/[^\w+=,.@-]+/g, '-');
  return name.slice(-LONGEST_SESSION_NAME);
}

interface NewSession {
  machine: SessionMachine;
  options: SessionOptions;
  config: Config;
  loginId: string;
  /** As `createSessionDirectory` in directory.ts makes it. */
  directory: string;
  runnerProcesses: RunnerProcesses;
  background: Background;
  /** How long tokens are renewed, for the log: "until the command ends". */
  until: string;
  /** Nothing is renewed after this time, in milliseconds: see `RefresherDeps`. */
  longestMs?: number;
}

export const newLoginId = (): string => randomBytes(8).toString('hex');

/**
 * Logs in. After a failure, nothing is left but the empty directory, which the caller removes. @returns what it exports
 * @param isInterrupted asked before each change; a login that was interrupted undoes its changes
 * @throws Failure
 */
export async function openSession(
  { env, terminal, clock, script }: CommandContext,
  session: NewSession,
  isInterrupted: () => boolean,
): Promise<LocalRunner> {
  const { machine, options, config, directory, loginId, background } = session;
  const { homes, disk, jobId, sessions } = machine;
  const runner = createLocalRunner({
    env,
    terminal,
    saveState(text) {
      if (isInterrupted()) throw new CommandError('INTERRUPTED', 'The login was interrupted.');
      writeSavedState(disk.files, directory, loginId, text);
    },
  });
  for (const warning of configWarnings(config)) runner.warning(warning);
  let source: IdTokenSource | undefined; // found once: it may warn, and it remembers the issuer
  const findSource = () => {
    source ??= findIdTokens({ env, options, warn: runner.warning });
    return source;
  };
  const deps = {
    runner,
    clock,
    findIdTokens: findSource,
    requestSigner: signersOf(env, disk.files),
    keyPair: newKeyPair(),
    ...homes,
    temporary: sessions,
    http: sessionHttp({ clock }, config, runner),
    disk,
    owner: { loginId, jobId },
    runnerProcesses: session.runnerProcesses,
    refresher: {
      ...{ runner, files: disk.files, clock, background, findIdTokens: findSource },
      program: [script, 'refresher'],
      until: session.until,
      ...(session.longestMs && { longestMs: session.longestMs }),
    },
    programs: {
      node: process.execPath,
      kubectlToken: [script, 'kubectl-token'],
      dockerCredential: [script, 'docker-credential'],
    },
  };
  await login(deps, config);
  return runner;
}

export interface ClosedSession {
  loginId: string;
  /** Undefined when it is gone. Logins of one job can share it. */
  directory: string | undefined;
  /** What ledgers and markers show, in case the state in the directory is lost. */
  installed?: readonly InstalledSection[];
}

/**
 * Removes what a login has written, and the directory with the last of its logins. Tries every item. A login that failed to
 * remove something keeps its state, so that this can be repeated.
 */
export async function closeSession(
  { disk }: Pick<SessionMachine, 'disk'>,
  runner: Runner,
  { directory, loginId, installed = [] }: ClosedSession,
): Promise<CleanupReport> {
  const saved = directory === undefined ? undefined : readSavedState(disk.files, directory, loginId);
  const state = saved ?? newSavedState(loginId, null);
  const known = state.installed.map((one) => JSON.stringify({ ...one, createdDirectories: [] }));
  const others = installed.filter((one) => !known.includes(JSON.stringify(one)));
  // There are no later steps whose variables could be restored.
  const full = { ...state, installed: [...state.installed, ...others], exported: {}, cleanup: true };
  const cleaned = await cleanUp({ runner, disk }, full);
  const report = { ...cleaned, removed: cleaned.removed.filter((one) => one !== NOTHING_TO_CLEAN_UP) };
  if (report.failed.length > 0 || directory === undefined) return report;
  try {
    removeSavedState(disk.files, directory, loginId);
  } catch (error) {
    const reason = error instanceof ActionError ? error.message : String(error);
    return { ...report, failed: [`Could not remove ${directory}. ${reason}`] };
  }
  return report;
}
