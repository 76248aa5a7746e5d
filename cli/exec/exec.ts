// Logs in, runs a command with the session, and removes the session when the command ends, however it ends.
import path from 'node:path';
import { variablesForAwsRegion } from '../../src/aws/variables.ts';
import { describeFailure } from '../../src/errors/failure.ts';
import type { Config } from '../../src/inputs/config.ts';
import type { InputName } from '../../src/inputs/schema.ts';
import { temporaryName } from '../../src/login/saved-state.ts';
import { RESERVATIONS } from '../../src/targets/reservations.ts';
import type { CommandContext } from '../command.ts';
import { createSessionDirectory } from '../session/directory.ts';
import { SECRET_NAMES, type SessionOptions } from '../session/options.ts';
import { ownProcesses, writeOwner } from '../session/owner.ts';
import {
  newLoginId,
  openSession,
  type SessionMachine,
  sessionConfig,
  sessionMachine,
} from '../session/session.ts';
import { endBySignal, handleSignals, interruption, type Signals } from '../session/signals.ts';
import { removeSession, sweepSessions } from '../session/sweep.ts';
import { createRenewals, type Renewals } from './background.ts';
import { type ChildEnd, runChild } from './child.ts';
import { makeDockerConfig } from './docker-config.ts';
import { childEnvironment, overridingVariables, SESSION } from './environment.ts';
import { findProgram, type Program } from './program.ts';

/** What `exec` knows before it logs in. */
interface Plan {
  program: Program;
  machine: SessionMachine;
  options: SessionOptions;
  loginId: string;
  directory: string;
  renewals: Renewals;
}

/** @throws Failure before the command has started. Otherwise it does not return. */
export async function exec(context: CommandContext, options: SessionOptions): Promise<number> {
  const { terminal, clock, operands, variables } = context;
  const program = findProgram(operands, variables);
  const machine = sessionMachine(context);
  const { files } = machine.disk;
  const loginId = newLoginId();
  const directory = path.join(machine.sessions, temporaryName(loginId));
  const signals = handleSignals((signal) => {
    // Nothing is outside the directory, and no program uses it yet. The login may be waiting for a response.
    terminal.error(describeFailure(interruption(signal)));
    remove(context, machine, directory);
    endBySignal(signal);
  });
  const { removed, failed } = sweepSessions({ files, clock }, machine.sessions);
  for (const left of removed) terminal.progress(`Removed ${left}, the session of a process that was killed.`);
  for (const sentence of failed) terminal.warn(sentence);
  const renewals = createRenewals((kind, text) => {
    if (kind === 'warning') terminal.warn(text);
    else if (context.env('OCI_WIF_DEBUG') === '1') terminal.progress(text);
  });
  const plan = { program, machine, options, loginId, directory, renewals };
  const end = await runInSession(context, plan, signals).catch((error: unknown) => {
    remove(context, machine, directory);
    throw error;
  });
  signals.handle(() => {}); // the clean-up takes milliseconds
  remove(context, machine, directory);
  if ('signal' in end) endBySignal(end.signal);
  process.exit(end.exitCode); // renewals may still wait for a response
}

async function runInSession(context: CommandContext, plan: Plan, signals: Signals): Promise<ChildEnd> {
  const { program, machine, directory, renewals } = plan;
  createSessionDirectory(machine.disk.files, directory);
  writeOwner(machine.disk.files, directory);
  const env = await logIn(context, plan);
  const onStart = () => {
    surviveErrors(context);
    renewals.begin();
  };
  return runChild(program, env, { signals, onStart });
}

/**
 * An error must not end this process before its command: nobody would remove the session. Standard error fails, too, when its
 * terminal was closed.
 */
function surviveErrors({ terminal }: CommandContext): void {
  process.once('uncaughtException', (error) =>
    terminal.warn(`oci-wif has an error, and the command continues: ${error}`),
  );
  process.on('uncaughtException', () => {});
}

/** @returns the environment of the command */
async function logIn(context: CommandContext, plan: Plan): Promise<Record<string, string>> {
  const { terminal, variables } = context;
  const { machine, options, directory, renewals: background } = plan;
  const config = sessionConfig(context, machine, options, overrides(plan));
  const chosen = { exportFor: config.oci?.exportFor ?? [], hasRole: config.aws !== undefined };
  const overriding = overridingVariables(context.env, chosen);
  if (overriding.length > 0)
    terminal.progress(
      `Not passed to the command, because they override the session: ${overriding.join(', ')}.`,
    );
  warnOfHome(context, plan, config);
  const own = ownVariables(context, plan, config);
  const hidden = [...overriding, RESERVATIONS];
  const env = (name: string) => own[name] ?? (hidden.includes(name) ? undefined : context.env(name));
  const until = 'until the command ends';
  const session = { ...plan, config, runnerProcesses: ownProcesses, background, until };
  const runner = await openSession({ ...context, env }, session, () => false);
  const { [RESERVATIONS]: _, ...exported } = Object.fromEntries(runner.variables);
  return childEnvironment(variables, {
    variables: { ...exported, ...own, [SESSION]: directory },
    paths: runner.directories,
    dropped: [...hidden, ...SECRET_NAMES],
  });
}

/** @see src/targets/cli.ts: SDKs read the variable of the file only if there is none in the home directory */
function warnOfHome({ terminal }: CommandContext, { machine }: Plan, { oci }: Config): void {
  const { disk, homes } = machine;
  const file = homes.home && path.join(homes.home, '.oci', 'config');
  if (!oci?.exportFor.includes('cli') || file === undefined || disk.files.kind(file) === 'absent') return;
  terminal.warn(
    `SDKs read ${file} instead of the session. Let programs read the file in OCI_CONFIG_FILE. The OCI CLI uses the session.`,
  );
}

/** Every file is in the directory of the session, and the command may run for longer than a token lasts. */
function overrides({ options, directory }: Plan): Partial<Record<InputName, string>> {
  const hasRole = options['aws-role-arn'] !== undefined;
  const isRoleAlone = options['token-type'] === 'none' && options['aws-credential-source'] === 'session';
  return {
    'config-file': path.join(directory, '.oci', 'config'),
    cleanup: 'true',
    ...(hasRole && { 'aws-profile': 'default', 'aws-export-environment': 'false' }),
    ...(isRoleAlone && { refresh: 'auto' }), // the keys of a role cannot be renewed
  };
}

/** Variables that lead the login and the command to files in the directory of the session. */
function ownVariables(
  { env }: CommandContext,
  { machine, directory }: Plan,
  { oci, aws }: Config,
): Readonly<Record<string, string>> {
  const docker = oci?.exportFor.includes('ocir') ? path.join(directory, 'docker') : undefined;
  if (docker !== undefined) makeDockerConfig(docker, env, machine.homes.home);
  return {
    ...(docker !== undefined && { DOCKER_CONFIG: docker }),
    ...(aws && {
      AWS_CONFIG_FILE: path.join(directory, '.aws', 'config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(directory, '.aws', 'credentials'),
      ...variablesForAwsRegion(aws.region),
    }),
  };
}

/** Reports what stays, and never throws: the command has its exit code already. */
function remove({ terminal }: CommandContext, { disk }: SessionMachine, directory: string): void {
  try {
    removeSession(disk.files, directory);
  } catch (error) {
    terminal.warn(`Could not remove ${directory}. ${error instanceof Error ? error.message : error}`);
  }
}
