// Where logins leave something on a machine.
import os from 'node:os';
import { awsTargets } from '../../src/aws/profile.ts';
import { thisSystem } from '../../src/node/system.ts';
import { dockerConfigFile } from '../../src/profiles/docker-config.ts';
import type { SectionTarget } from '../../src/profiles/section-target.ts';
import type { CommandContext } from '../command.ts';
import { sessionsDirectory } from '../session/directory.ts';
import type { SessionMachine } from '../session/session.ts';
import { directoriesIn } from '../session/sweep.ts';

/** The sections of a profile in AWS's files. None without a home directory. @throws ActionError PATH_UNSAFE */
export function awsSections(
  { env }: Pick<CommandContext, 'env'>,
  { homes, disk }: SessionMachine,
  profile: string,
): SectionTarget[] {
  return homes.home === undefined ? [] : Object.values(awsTargets(disk.files, homes.home, env, profile));
}

/** Directories of sessions. XDG_RUNTIME_DIR is not set in every shell of a user, so its usual value counts, too. */
export function sessionDirectories(
  { env }: Pick<CommandContext, 'env'>,
  { disk: { files } }: SessionMachine,
): string[] {
  const usual = () => (thisSystem.platform === 'linux' ? `/run/user/${thisSystem.uid}` : undefined);
  const parents = [env, usual, () => undefined].map((one) => sessionsDirectory(files, one, os.tmpdir()));
  return [...new Set(parents)].flatMap((parent) => directoriesIn(files, parent));
}

/** The files with sections of logins that this environment leads to, besides the OCI config file. */
export function otherFiles(context: Pick<CommandContext, 'env'>, machine: SessionMachine): string[] {
  const { disk, homes } = machine;
  const aws = () => awsSections(context, machine, 'default').map(({ file }) => file);
  const docker = () => [dockerConfigFile(disk.files, context.env, homes.home)];
  return [aws, docker].flatMap((find) => {
    try {
      return find();
    } catch {
      return []; // then no login has written there
    }
  });
}
