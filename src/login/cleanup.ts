// Removes what a login has written. The post step and a failed main step call it. It removes secrets first.
import { removeCachedRole } from '../aws/cli-cache.ts';
import { ActionError, toFailure } from '../errors/action-error.ts';
import type { Disk } from '../ports.ts';
import { type InstalledSection, isStillThere, removeSection } from '../profiles/remove.ts';
import { blankCredentials, deleteSession } from '../profiles/secrets.ts';
import { INI, nameOf } from '../profiles/section-target.ts';
import type { TextFormat } from '../profiles/text-format.ts';
import { stopRefresher } from '../refresh/stop.ts';
import { restoreEnvironment } from './environment.ts';
import type { LoginDeps } from './login.ts';
import type { SavedState } from './saved-state.ts';

export const NOTHING_TO_CLEAN_UP = 'Nothing to clean up: the login wrote nothing.';

type CleanupDeps = Pick<LoginDeps, 'runner' | 'disk'>;

export interface CleanupReport {
  /** A sentence for each item that is gone. */
  removed: string[];
  /** A sentence for each item that stayed, with the reason. */
  failed: string[];
}

/** Removes what main wrote, unless `cleanup` is false. @returns what to log */
export async function cleanUp(deps: CleanupDeps, state: SavedState): Promise<CleanupReport> {
  if (!state.cleanup) {
    const left = [...state.installed.map((one) => nameOf(one)), 'the environment of later steps'].join(', ');
    return { removed: [`Not removed, because \`cleanup\` is false: ${left}.`], failed: [] };
  }
  const report = await removeLogin(deps, state);
  const isNothing = report.removed.length === 0 && report.failed.length === 0;
  return isNothing ? { removed: [NOTHING_TO_CLEAN_UP], failed: [] } : report;
}

const AWS_KEYS = ['AWS credentials', blankCredentials] as const;

/** Tries every item, even if others fail. */
async function removeLogin({ runner, disk }: CleanupDeps, state: SavedState): Promise<CleanupReport> {
  const { files } = disk;
  const { loginId, installed, temporary, cachedRole } = state;
  const report: CleanupReport = { removed: [], failed: [] };
  const attempt = async (what: string, work: () => unknown) => {
    try {
      const sentence = await work();
      if (typeof sentence === 'string') report.removed.push(sentence);
    } catch (error) {
      const { code, message } = toFailure(error);
      report.failed.push(`Could not remove ${what}. ${code}: ${message}`);
    }
  };
  const docker = installed.some(({ member }) => member !== undefined)
    ? await import('../profiles/docker-config.ts')
    : undefined;
  for (const one of installed) {
    await attempt(`the key of ${nameOf(one)}`, () => deleteSession(files, one));
    const [what, blank] = docker && one.member ? ['password', docker.blankPassword] : AWS_KEYS;
    await attempt(`the ${what} of ${nameOf(one)}`, () => blank(files, loginId, one));
  }
  if (temporary !== null)
    await attempt(temporary, () => {
      if (files.kind(temporary) === 'absent') return undefined;
      const real = files.realPath(temporary);
      files.removeTree(temporary);
      if (real && files.kind(real) !== 'absent')
        throw new ActionError('PATH_UNSAFE', `A later step moved it. Delete ${real}.`);
      return `Removed ${temporary}.`;
    });
  if (cachedRole !== null) {
    const { cache, assumedRoleArn } = cachedRole;
    const remove = () => removeCachedRole(files, cache, assumedRoleArn);
    await attempt(`the role session in ${cache}`, remove);
  }
  // These wait for a lock.
  for (const one of installed.toReversed())
    await attempt(nameOf(one), () => removeProfile(disk, loginId, one, docker?.formatOf(one) ?? INI));
  await attempt('the exported variables', () => {
    const names = restoreEnvironment(runner, state);
    return names.length > 0 ? `Restored ${names.join(', ')} for later steps.` : undefined;
  });
  return report;
}

async function removeProfile(
  disk: Disk,
  loginId: string,
  installed: InstalledSection,
  format: TextFormat,
): Promise<string | undefined> {
  const removal = await removeSection(disk, loginId, installed, format);
  if (isStillThere(disk.files, loginId, installed, format))
    throw new ActionError('CONFIG_LOCKED', 'Another program has written it back.');
  if (removal === 'absent') return undefined;
  const restored = removal === 'restored' ? '; restored the previous content' : '';
  return `Removed ${nameOf(installed, 'from')}${restored}.`;
}

/** Removes what a failed login wrote. The post step tries again what could not be removed. */
export async function rollBack(deps: LoginDeps, state: SavedState): Promise<void> {
  const { runner, refresher } = deps;
  if (state.refresher) await stopRefresher(refresher, state.refresher);
  const { failed } = await removeLogin(deps, state);
  for (const sentence of failed) runner.warning(`${sentence} The clean-up tries again.`);
}
