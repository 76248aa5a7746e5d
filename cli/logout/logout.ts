// Finds the logins to a profile and undoes them.
import path from 'node:path';
import { InputError } from '../../src/inputs/parsers.ts';
import { INPUTS } from '../../src/inputs/schema.ts';
import { canonicalPath } from '../../src/node/canonical-path.ts';
import { createBackground } from '../../src/node/processes.ts';
import { createRunnerProcesses } from '../../src/node/runner-process.ts';
import { ociTarget } from '../../src/profiles/oci-profile.ts';
import { nameOf, type SectionTarget } from '../../src/profiles/section-target.ts';
import type { CommandContext, OptionValues } from '../command.ts';
import { CommandError } from '../failure.ts';
import { findLogins, isInUse, type Login } from '../login/find-logins.ts';
import { awsSections, otherFiles, sessionDirectories } from '../login/places.ts';
import { sweepLogins } from '../login/sweep.ts';
import { undoLogins } from '../login/undo.ts';
import { type SessionMachine, sessionMachine } from '../session/session.ts';
import type { LOGOUT_OPTIONS } from './command.ts';

type LogoutOptions = OptionValues<typeof LOGOUT_OPTIONS>;

/** @returns the exit code. @throws Failure for options that cannot be used */
export async function logOut(context: CommandContext, options: LogoutOptions): Promise<number> {
  const { terminal, clock, variables } = context;
  const machine = sessionMachine(context);
  const targets = targetsOf(context, machine, options);
  const name = targets
    .slice(0, 1)
    .map((target) => nameOf(target))
    .join();
  const places = {
    directories: sessionDirectories(context, machine),
    files: [...targets.map(({ file }) => file), ...otherFiles(context, machine)],
  };
  const logins = findLogins(machine.disk.files, places, targets);
  const now = { own: machine.jobId, now: clock.now() };
  const isKept = (login: Login) => !options['all-jobs'] && isInUse(login, createRunnerProcesses(), now);
  const kept = logins.filter(isKept);
  if (kept.length > 0) terminal.warn(describeKept(name, kept));
  const background = createBackground(variables);
  const deps = { context, machine, background };
  const { removed, failed } = await undoLogins(
    deps,
    logins.filter((login) => !kept.includes(login)),
  );
  for (const sentence of removed) terminal.print(sentence);
  for (const sentence of failed) terminal.error(sentence);
  if (failed.length > 0) terminal.error('Correct the cause, then run the command again.');
  else if (logins.length === 0) terminal.print(`Nothing to remove: no login has written ${name}.`);
  else if (removed.length === 0 && kept.length < logins.length)
    terminal.print('Nothing to remove: the files of the login are gone.');
  await sweepLogins(context, machine, { background });
  return failed.length > 0 ? 1 : 0;
}

function describeKept(name: string, kept: readonly Login[]): string {
  const ends = kept.flatMap(({ entries }) => entries.flatMap(({ expiresAt }) => expiresAt ?? []));
  const end = ends.length > 0 ? `, whose session ends at ${new Date(Math.max(...ends)).toISOString()}` : '';
  return `Kept ${name}: it belongs to another job${end}. To remove it, run \`oci-wif logout --all-jobs\`.`;
}

/** @throws CommandError OPTION_INVALID; ActionError PATH_UNSAFE */
function targetsOf(
  context: CommandContext,
  machine: SessionMachine,
  { profile, 'config-file': configFile, 'aws-profile': awsProfile }: LogoutOptions,
): SectionTarget[] {
  const inputs = { home: machine.homes.home, workspace: machine.workspace, canonical: canonicalPath };
  const parse = (name: 'profile' | 'config-file' | 'aws-profile', value: string) => {
    try {
      return INPUTS[name].parse(value, inputs);
    } catch (error) {
      if (error instanceof InputError)
        throw new CommandError('OPTION_INVALID', `--${name} ${error.message}.`);
      throw error;
    }
  };
  const aws = awsProfile === undefined ? [] : awsSections(context, machine, parse('aws-profile', awsProfile));
  if (profile === undefined && awsProfile !== undefined) return aws;
  const file = parse('config-file', configFile);
  if (!path.isAbsolute(file))
    throw new CommandError(
      'OPTION_INVALID',
      '--config-file must be an absolute path, because the user has no home directory.',
    );
  return [ociTarget(file, parse('profile', profile ?? 'DEFAULT')), ...aws];
}
