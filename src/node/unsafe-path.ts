// Refuses paths that later steps could publish or other users could replace. docs/security.md lists the exceptions.
import type { Stats } from 'node:fs';
import path from 'node:path';
import { isInside } from '../inputs/paths.ts';
import type { PathUse } from '../ports.ts';
import { canonicalPath } from './canonical-path.ts';
import type { System } from './system.ts';

const ROOT = 0;
const STICKY = 0o1000;
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;

/**
 * See `Files.unsafeReason`. Checks the path and every directory above it, up to the root.
 * On Windows, Node cannot read permissions: the mode and owner that it reports are not real.
 * @see sshd_config(5), StrictModes
 */
export function unsafeReason(
  system: System,
  wanted: string,
  use: PathUse = 'directory',
  isParentSafe = false,
): string | undefined {
  const { platform, fs, uid, temporary } = system;
  const entry = fs.lstatSync(wanted, { throwIfNoEntry: false });
  const isPosix = platform !== 'win32';
  const kind = use === 'directory' ? 'directory' : 'file';
  // Links of root belong to the system, such as /tmp and /var on macOS, which point into /private.
  if (entry?.isSymbolicLink() && !(isPosix && entry.uid === ROOT && uid !== ROOT))
    return `should be a ${kind} but is a link`;
  const stats = fs.statSync(wanted, { throwIfNoEntry: false });
  if (stats && !(kind === 'directory' ? stats.isDirectory() : stats.isFile()))
    return `should be a ${kind} but is not`;
  const inCheckout = checkoutReason(system, wanted, kind);
  if (inCheckout !== undefined || !isPosix) return inCheckout;
  const runnerTemp = temporary && canonicalPath(temporary, 'directory', system);
  const trusted = trustedUsers(system);
  const reason =
    stats &&
    (foreignReason(stats, system, trusted) ??
      (use === 'shared file' ? undefined : writableReason(stats, system, trusted)));
  if (reason !== undefined) return reason;
  for (const directory of isParentSafe ? [] : directoriesAbove(system, wanted)) {
    // A user who can change these can also change the runner's files and the code of this action.
    if (runnerTemp && isInside(runnerTemp, directory, platform)) continue;
    const above = fs.lstatSync(directory, { throwIfNoEntry: false });
    if (above === undefined) continue;
    // In a sticky directory, others cannot replace a directory whose owner is checked as well.
    const isOpen = !above.isSymbolicLink() && (above.mode & STICKY) === 0;
    const reason =
      foreignReason(above, system, trusted) ?? (isOpen ? writableReason(above, system, trusted) : undefined);
    if (reason !== undefined) return `is in ${directory}, which ${reason}`;
  }
  return undefined;
}

/** Also for a path that leads into the checkout by a link. */
function checkoutReason(system: System, wanted: string, kind: 'directory' | 'file'): string | undefined {
  const { workspace, platform } = system;
  const checkout = workspace && canonicalPath(workspace, 'directory', system);
  if (!checkout || !isInside(canonicalPath(wanted, kind, system), checkout, platform)) return undefined;
  return `is in the checkout ${checkout}, where later steps could publish it`;
}

/** The directories in the path as given, and in the path after its links. */
function directoriesAbove(system: System, wanted: string): Set<string> {
  const parentsOf = (one: string): string[] =>
    path.dirname(one) === one ? [] : [path.dirname(one), ...parentsOf(path.dirname(one))];
  const parent = canonicalPath(path.dirname(wanted), 'directory', system);
  return new Set([...parentsOf(wanted), parent, ...parentsOf(parent)]);
}

function foreignReason({ uid }: Stats, system: System, trusted: readonly number[]): string | undefined {
  if (trusted.includes(uid)) return undefined;
  return `belongs to user ${uid}, but this job runs as user ${system.uid}. Run \`chown\` on it or choose another directory`;
}

function writableReason(
  { mode, gid }: Stats,
  system: System,
  trusted: readonly number[],
): string | undefined {
  const byAll = (mode & WRITABLE_BY_ALL) !== 0;
  if (!byAll && ((mode & WRITABLE_BY_GROUP) === 0 || isPrivateGroup(gid, system, trusted))) return undefined;
  const writers = byAll ? 'every user of this machine' : `group ${gid}`;
  return `can be written by ${writers} (mode ${(mode & 0o7777).toString(8)}). Run \`chmod go-w\` on it or choose another directory`;
}

/** This user, root, and the user of the runner, who is another one for a job in a container. */
function trustedUsers({ fs, uid, temporary }: System): number[] {
  const runner = temporary === undefined ? undefined : fs.statSync(temporary, { throwIfNoEntry: false })?.uid;
  return [ROOT, uid, runner].filter((one) => one !== undefined);
}

/**
 * Whether nobody else is in the group. Most Linux systems give each user such a group, and a umask that lets it write.
 * Root's umask does not. On macOS, the group of a user contains all users and is not in these files.
 * @see pam_umask(8), usergroups
 */
function isPrivateGroup(gid: number, system: System, trusted: readonly number[]): boolean {
  if (system.platform !== 'linux') return false;
  const [accounts, groups] = [tableOf(system, '/etc/passwd'), tableOf(system, '/etc/group')];
  const names = groups
    .filter(([, , id]) => Number(id) === gid)
    .flatMap(([, , , members = '']) => members.split(',').filter((name) => name !== ''));
  const members = accounts
    .filter(([name = '', , , group]) => Number(group) === gid || names.includes(name))
    .map(([, , id]) => Number(id));
  const isUnknown = (name: string) => !accounts.some(([account]) => account === name);
  if (names.some(isUnknown) || members.some((one) => !trusted.includes(one))) return false;
  // In a container, or with a directory service, the user may be in neither file.
  const isOfUser = (one: number) => one !== ROOT && trusted.includes(one);
  return members.some(isOfUser) || (members.length === 0 && isOfUser(gid));
}

function tableOf({ fs }: System, file: string): string[][] {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return text.split('\n').map((line) => line.split(':'));
}
