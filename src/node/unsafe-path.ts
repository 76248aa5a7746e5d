// Refuses paths that later steps could publish or other users could replace. docs/security.md lists the exceptions.
import type { Stats } from 'node:fs';
import path from 'node:path';
import { isInside } from '../inputs/paths.ts';
import type { PathToCheck } from '../ports.ts';
import { canonicalPath } from './canonical-path.ts';
import { type System, withFileErrors } from './system.ts';

const ROOT = 0;
const STICKY = 0o1000;
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;

/** What the checks of several paths share. */
interface Machine {
  system: System;
  /** Users whose files and write permissions are accepted. */
  trusted: readonly number[];
  /** Canonical, like `checkout`; undefined outside a job. */
  runnerTemp: string | undefined;
  checkout: string | undefined;
  /** Paths that have been checked, and directories above them. */
  safe: Set<string>;
}

/**
 * See `Files.unsafeReason`. Checks each path and every directory above it, up to the root.
 * On Windows, Node cannot read permissions: the mode and owner that it reports are not real.
 * @see sshd_config(5), StrictModes
 */
export function unsafeReason(system: System, paths: readonly PathToCheck[]): string | undefined {
  const canonical = (name: string | undefined) => name && canonicalPath(name, 'directory', system);
  const machine: Machine = {
    system,
    trusted: trustedUsers(system),
    runnerTemp: canonical(system.temporary),
    checkout: canonical(system.workspace),
    safe: new Set(),
  };
  for (const wanted of paths) {
    const { path: name } = wanted;
    const reason = withFileErrors(name, () => reasonOf(machine, wanted) ?? reasonAbove(machine, name));
    if (reason !== undefined) return `${name} ${reason}`;
  }
  return undefined;
}

/** Does not check the directories above the path. */
function reasonOf(machine: Machine, { path: wanted, use }: PathToCheck): string | undefined {
  const { system, checkout } = machine;
  const { platform, fs, uid } = system;
  const entry = fs.lstatSync(wanted, { throwIfNoEntry: false });
  const isPosix = platform !== 'win32';
  const kind = use === 'directory' ? 'directory' : 'file';
  // Links of root belong to the system, such as /tmp and /var on macOS, which point into /private.
  if (entry?.isSymbolicLink() && !(isPosix && entry.uid === ROOT && uid !== ROOT))
    return `should be a ${kind} but is a link`;
  const stats = fs.statSync(wanted, { throwIfNoEntry: false });
  if (stats && !(kind === 'directory' ? stats.isDirectory() : stats.isFile()))
    return `should be a ${kind} but is not`;
  // Also for a path that leads into the checkout by a link.
  if (checkout && isInside(canonicalPath(wanted, kind, system), checkout, platform))
    return `is in the checkout ${checkout}, where later steps could publish it`;
  if (!isPosix || stats === undefined) return undefined;
  const isModeChecked = use !== 'shared file';
  const reason =
    foreignReason(machine, stats) ?? (isModeChecked ? writableReason(machine, stats) : undefined);
  if (reason === undefined) machine.safe.add(wanted);
  return reason;
}

function reasonAbove(machine: Machine, wanted: string): string | undefined {
  const { system, runnerTemp, safe } = machine;
  const { platform, fs } = system;
  if (platform === 'win32') return undefined;
  for (const directory of directoriesAbove(system, wanted)) {
    // A user who can change these can also change the runner's files and the code of this action.
    if (safe.has(directory) || (runnerTemp && isInside(runnerTemp, directory, platform))) continue;
    const above = fs.lstatSync(directory, { throwIfNoEntry: false });
    if (above === undefined) continue;
    // In a sticky directory, others cannot replace a directory whose owner is checked as well.
    const isOpen = !above.isSymbolicLink() && (above.mode & STICKY) === 0;
    const reason = foreignReason(machine, above) ?? (isOpen ? writableReason(machine, above) : undefined);
    if (reason !== undefined) return `is in ${directory}, which ${reason}`;
    safe.add(directory);
  }
  return undefined;
}

/** The directories in the path as given, and in the path after its links. */
function directoriesAbove(system: System, wanted: string): Set<string> {
  const parentsOf = (one: string): string[] =>
    path.dirname(one) === one ? [] : [path.dirname(one), ...parentsOf(path.dirname(one))];
  const parent = canonicalPath(path.dirname(wanted), 'directory', system);
  return new Set([...parentsOf(wanted), parent, ...parentsOf(parent)]);
}

function foreignReason({ system, trusted }: Machine, { uid }: Stats): string | undefined {
  if (trusted.includes(uid)) return undefined;
  return `belongs to user ${uid}, but this job runs as user ${system.uid}. Run \`chown\` on it`;
}

function writableReason({ system, trusted }: Machine, { mode, gid }: Stats): string | undefined {
  const byAll = (mode & WRITABLE_BY_ALL) !== 0;
  if (!byAll && ((mode & WRITABLE_BY_GROUP) === 0 || isPrivateGroup(gid, system, trusted))) return undefined;
  const writers = byAll ? 'every user of this machine' : `group ${gid}`;
  return `can be written by ${writers} (mode ${(mode & 0o7777).toString(8)}). Run \`chmod go-w\` on it`;
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
