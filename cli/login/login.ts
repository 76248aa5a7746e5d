// Logs in and writes a profile. The directory of the session has what `logout` needs to restore the previous state.
import path from 'node:path';
import { AWS_CREDENTIALS } from '../../src/aws/variables.ts';
import { ActionError } from '../../src/errors/action-error.ts';
import { describeFailure } from '../../src/errors/failure.ts';
import type { Config } from '../../src/inputs/config.ts';
import { homeDirectoryNote } from '../../src/inputs/warnings.ts';
import { temporaryName } from '../../src/login/saved-state.ts';
import { createBackground } from '../../src/node/processes.ts';
import { createRunnerProcesses } from '../../src/node/runner-process.ts';
import type { Background, RunnerProcesses } from '../../src/ports.ts';
import { Secret } from '../../src/secret.ts';
import { RESERVATIONS } from '../../src/targets/reservations.ts';
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { createSessionDirectory, startingFile } from '../session/directory.ts';
import type { LocalRunner } from '../session/local-runner.ts';
import type { SessionOptions } from '../session/options.ts';
import { writeOwner } from '../session/owner.ts';
import {
  newLoginId,
  openSession,
  type SessionMachine,
  sessionConfig,
  sessionMachine,
} from '../session/session.ts';
import { endBySignal, handleSignals, interruption } from '../session/signals.ts';
import { sweepSessions } from '../session/sweep.ts';
import { inShell } from '../shell.ts';
import { findEarlier, openEarlier } from './earlier.ts';
import { type Format, jsonOf, type LoginResult, textOf } from './formats.ts';
import { sweepLogins } from './sweep.ts';
import { isRenewed, undoLogins } from './undo.ts';

/** The refresher ends after this time. The job may end without `logout`. */
const LONGEST_REFRESH_MS = 24 * 3_600_000;

/** The parent of `login` is often a shell that ends immediately, so it does not show whether the job still runs. */
const noOwner = (now: number): RunnerProcesses => ({
  ...createRunnerProcesses(),
  parent: () => null,
  latestEnd: now + LONGEST_REFRESH_MS,
});

interface Plan {
  machine: SessionMachine;
  config: Config;
  options: SessionOptions;
  loginId: string;
  directory: string;
  background: Background;
}

/** @returns the exit code. @throws Failure after everything was undone. A signal that interrupts it ends this process. */
export async function logIn(context: CommandContext, options: SessionOptions): Promise<number> {
  const { terminal, variables } = context;
  const machine = sessionMachine(context);
  const role = options['aws-profile'] === undefined ? {} : { 'aws-export-environment': 'false' };
  const config = sessionConfig(context, machine, options, role);
  refuseSecrets(config);
  const background = createBackground(variables);
  for (const sentence of sweepSessions(machine.disk, machine.sessions).failed) terminal.warn(sentence);
  await sweepLogins(context, machine, { background, kept: findEarlier(machine, config)?.directory });
  const loginId = newLoginId();
  const { files } = machine.disk;
  const earlier = findEarlier(machine, config);
  const directory = earlier?.directory ?? path.join(machine.sessions, temporaryName(loginId));
  if (earlier) openEarlier(files, earlier);
  else createSessionDirectory(files, directory);
  const plan: Plan = { machine, config, options, loginId, directory, background };
  const runner = await openOrUndo(context, plan);
  print(context, options, resultOf(plan, runner));
  const note = config.oci && homeDirectoryNote(config.oci.configFile, machine.homes);
  if (note !== undefined) terminal.progress(note);
  if (config.aws) warnOfKeys(context);
  return 0;
}

/** `login` prints no secret, so it cannot configure a tool that needs a secret in its environment. */
function refuseSecrets({ oci, aws }: Config): void {
  const refuse = (message: string, remedy: string) => {
    throw new CommandError('OPTION_INVALID', message, { remedy });
  };
  if (oci?.exportFor.includes('terraform'))
    refuse(
      '--for terraform needs the client secret in the environment of Terraform, and login prints no secret.',
      'Use --for terraform-session, or run Terraform by `oci-wif exec --for terraform -- terraform …`.',
    );
  if (aws && aws.profile === undefined)
    refuse(
      '--aws-role-arn needs --aws-profile: login prints no keys.',
      'Add --aws-profile, or pass the keys to one command by `oci-wif exec`.',
    );
}

/** Logs in. After a failure or a signal, everything is undone. @throws Failure */
async function openOrUndo(context: CommandContext, plan: Plan): Promise<LocalRunner> {
  const { terminal, clock } = context;
  const { machine, loginId, directory, background } = plan;
  const undo = async () => {
    const { failed } = await undoLogins({ context, machine, background }, [{ loginId, directory }]);
    for (const sentence of failed) terminal.warn(`${sentence} \`oci-wif logout\` tries again.`);
  };
  let received: NodeJS.Signals | undefined;
  let hasWritten = false;
  let ending: Promise<never> | undefined;
  const end = (signal: NodeJS.Signals) => {
    ending ??= undo().then(() => {
      terminal.error(describeFailure(interruption(signal)));
      return endBySignal(signal);
    });
    return ending;
  };
  const signals = handleSignals((signal) => {
    const isFirst = received === undefined;
    received ??= signal;
    // Before its first change, the login ends at once. Later, it stops before its next change and undoes the others.
    if (isFirst && !hasWritten) void end(signal);
  });
  try {
    writeOwner(machine.disk.files, directory, startingFile(loginId));
    const session = {
      ...plan,
      runnerProcesses: noOwner(clock.now()),
      until: UNTIL,
      longestMs: LONGEST_REFRESH_MS,
    };
    const runner = await openSession(context, session, () => {
      hasWritten = true;
      return received !== undefined;
    });
    machine.disk.files.remove(path.join(directory, startingFile(loginId)));
    await pendingSignals();
    if (received !== undefined) return await end(received);
    signals.handle((signal) => void end(signal));
    return runner;
  } catch (error) {
    if (received !== undefined) return await end(received);
    await undo();
    throw inUse(error, plan.options);
  }
}

/** Waits until Node has handled signals that arrived while the thread was busy. Node polls for events before the second callback. */
async function pendingSignals(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const UNTIL = 'until `oci-wif logout`, for 24 hours at most';

const LOGOUT_DEFAULTS = { profile: 'DEFAULT', 'config-file': '~/.oci/config', 'aws-profile': undefined };

/** Adds a remedy, because `login` cannot tell whether the other job still runs. */
function inUse(error: unknown, options: SessionOptions): unknown {
  if (!(error instanceof ActionError) || error.code !== 'PROFILE_IN_USE') return error;
  const given = Object.entries(LOGOUT_DEFAULTS).filter(([name, value]) => options[name] !== value);
  const places = given.map(([name]) => ` --${name} ${inShell(String(options[name]))}`).join('');
  const remedy = `Choose another profile, such as one with the job ID in its name. If that job has ended, remove its login by \`oci-wif logout --all-jobs${places}\`.`;
  return new ActionError('PROFILE_IN_USE', error.message, { remedy });
}

function resultOf({ machine, config, directory, background }: Plan, runner: LocalRunner): LoginResult {
  const texts = (values: ReadonlyMap<string, string | Secret>) =>
    Object.fromEntries(
      [...values].flatMap(([name, value]) => (value instanceof Secret ? [] : [[name, value]])),
    );
  const { [RESERVATIONS]: _, ...variables } = texts(runner.variables);
  const { 'expires-in': __, ...facts } = texts(runner.outputs);
  const profile = config.aws?.profile;
  return {
    facts,
    variables: { ...variables, ...(profile !== undefined && { AWS_PROFILE: profile }) },
    directories: runner.directories,
    isRenewed: isRenewed(machine, background, directory),
  };
}

function print({ terminal, env }: CommandContext, options: SessionOptions, result: LoginResult): void {
  const format = options['json'] === true ? 'json' : (options['format'] as Format);
  if (format === 'json') {
    terminal.printJson(jsonOf(result));
    return;
  }
  const text = textOf(format, result, { searchPath: env('PATH') ?? '', warn: terminal.warn });
  if (text !== '') terminal.print(text);
}

function warnOfKeys({ env, terminal }: CommandContext): void {
  const names = AWS_CREDENTIALS.filter((name) => Boolean(env(name)));
  if (names.length > 0)
    terminal.warn(`Remove ${names.join(', ')} from the environment: AWS tools use them before a profile.`);
}
