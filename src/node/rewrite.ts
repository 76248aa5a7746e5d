// Replaces the content of a file that other programs share, and keeps the file itself. docs/decisions.md says why this way.
import type { Stats } from 'node:fs';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { RewritePlan } from '../ports.ts';
import { overwrite, read, remove, replace, stateOf, withDescriptor } from './file-content.ts';
import { codeOf, retryWhileInUse, type System } from './system.ts';

/** A program that opened the file before our change has read or written it after this time. */
const DRAIN_MS = 2;
/** Errors of `link` for a mount point, and for a file system without hard links. */
const NO_HARD_LINK = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'];

/** See `Files.rewrite`. */
export function rewrite(
  system: System,
  path: string,
  content: Uint8Array,
  state: string,
  plan: RewritePlan,
): void {
  const { fs } = system;
  const { scratch, original } = plan;
  const present = lstat(system, path);
  const aside = lstat(system, original);
  const version = versionOf(system, path).content;
  const isFirst = present !== undefined && aside === undefined;
  let [isLinked, made, ours] = [false, '', ''];
  const beforeRename = () => {
    assertState(system, path, state);
    if (present !== undefined) keepOwner(system, scratch, aside ?? present);
    made = versionOf(system, scratch).content;
    if (isFirst) fs.linkSync(path, original);
    isLinked = isFirst;
  };
  try {
    replace(system, path, content, scratch, modeFor(aside ?? present, plan.isSecret(content)), beforeRename);
    ours = stateOf(system, path).id;
    if (versionOf(system, path).content !== made) ours = 'changed';
    if (isFirst) {
      pause();
      if (versionOf(system, original).content !== version) throw new Contention(`${path} has been changed`);
    }
    finishRewrite(system, path, ours, plan);
  } catch (error) {
    const isTaken = ours !== '' && stateOf(system, path).id !== ours;
    // Another program has written the new file. The next step gives its content to the original.
    if (isTaken && error instanceof Contention) return;
    if (isLinked && ours === '') remove(system, original);
    else if (isLinked && stateOf(system, path).id === ours) rename(system, original, path);
    if (!isFirst || isLinked || !hasNoHardLink(error)) throw error;
    writeInPlace(system, path, content, present, plan);
  }
}

/** See `Files.finishRewrite`. */
export function finishRewrite(system: System, path: string, state: string, plan: RewritePlan): void {
  const { original, journal } = plan;
  if (lstat(system, journal)?.isFile()) finishInPlace(system, path, journal);
  const aside = lstat(system, original);
  if (aside === undefined) return;
  const present = lstat(system, path);
  if (!aside.isFile() || isSameFile(system, path, original)) remove(system, original);
  else if (present === undefined) rename(system, original, path);
  else if (present.isFile() && !staysAside(system, aside, present, read(system, path), plan))
    fillOriginal(system, path, original, () => assertState(system, path, state));
}

/**
 * A file that others can read gets no secret, and one with another name, perhaps in the checkout, nothing of ours. One for
 * its owner alone has no effective ACL: a copy serves as well, and readers that hold the original open see no change.
 */
function staysAside(
  system: System,
  aside: Stats,
  present: Stats,
  content: Uint8Array,
  plan: RewritePlan,
): boolean {
  const isOwners = aside.uid === present.uid && aside.gid === present.gid;
  const isPrivate = system.platform !== 'win32' && !isOpen(system, aside) && isOwners;
  if (isPrivate || aside.nlink > 1) return plan.isOurs(content);
  return isOpen(system, aside) && plan.isSecret(content);
}

/** Gives the original file the content and the owner's permissions of the one that has its name, and then the name. */
function fillOriginal(system: System, path: string, original: string, beforeRename: () => void): void {
  const { fs } = system;
  const { mode } = fs.lstatSync(original);
  const wanted = (mode & ~0o700) | (fs.lstatSync(path).mode & 0o700);
  const setMode = (to: number) => {
    if (fs.lstatSync(original).mode === to) return;
    const set = (descriptor: number) => fs.fchmodSync(descriptor, to & 0o7777);
    withDescriptor(system, original, fs.constants.O_RDONLY, set);
  };
  const [content, before] = [read(system, path), read(system, original)];
  const isSame = Buffer.compare(content, before) === 0;
  if (!isSame) setMode(mode | 0o600);
  try {
    if (!isSame) overwrite(system, original, content);
    setMode(wanted);
    beforeRename();
    rename(system, original, path);
  } catch (error) {
    overwrite(system, original, before); // possible on a full disk: its blocks are still there
    setMode(wanted);
    throw error;
  }
}

const rename = (system: System, from: string, to: string) =>
  retryWhileInUse(system, () => system.fs.renameSync(from, to));

/** @throws Contention when another program has written the file since */
function assertState(system: System, path: string, state: string): void {
  if (stateOf(system, path).id !== state) throw new Contention(`${path} has been changed`);
}

/** The journal has both contents: after a crash, a file that has the start of one and the rest of the other is completed. */
function writeInPlace(
  system: System,
  path: string,
  content: Uint8Array,
  stats: Stats,
  { journal, scratch, isSecret }: RewritePlan,
): void {
  if ((isOpen(system, stats) || stats.nlink > 1) && isSecret(content)) {
    const mode = (stats.mode & 0o777).toString(8);
    throw new ActionError(
      'PATH_UNSAFE',
      `${path} gets credentials, but others can read it (mode ${mode}, ${stats.nlink} names), and it cannot be replaced: it is a mount point, or its file system has no hard links. Run \`chmod 600\` on it.`,
    );
  }
  const before = read(system, path, system.fs.constants.O_RDWR);
  const record = Buffer.concat([Buffer.from(`${before.length}\n`), before, content]);
  replace(system, journal, record, scratch);
  try {
    overwrite(system, path, content);
  } catch (error) {
    overwrite(system, path, before);
    remove(system, journal);
    throw error;
  }
  remove(system, journal);
}

function finishInPlace(system: System, path: string, journal: string): void {
  const record = Buffer.from(read(system, journal));
  const start = record.indexOf('\n') + 1;
  const end = start + Number(record.toString('latin1', 0, start));
  const [before, after] = [record.subarray(start, end), record.subarray(end)];
  const present = lstat(system, path)?.isFile() ? Buffer.from(read(system, path)) : undefined;
  const rest = present?.subarray(commonLength(present, after));
  if (present && rest?.equals(before.subarray(present.length - rest.length))) overwrite(system, path, after);
  remove(system, journal);
}

function commonLength(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length : at;
}

const lstat = ({ fs }: System, path: string) => fs.lstatSync(path, { throwIfNoEntry: false });

/** Identifies a file and its content. Other links to the file do not count. */
function versionOf({ fs }: System, path: string): { file: string; content: string } {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return { file: `${stats?.dev}:${stats?.ino}`, content: `${stats?.size}:${stats?.mtimeNs}` };
}

const isSameFile = (system: System, one: string, other: string) =>
  versionOf(system, one).file === versionOf(system, other).file;

/** Whether other users can open the file, or hold it open. Windows has no such modes. */
const isOpen = ({ platform }: System, { mode }: Stats) => platform !== 'win32' && (mode & 0o077) !== 0;

/** With an ACL, the bits of the group are the mask of the ACL, so the group may have fewer rights: those of all others. */
function modeFor(stats: Stats | undefined, isSecret: boolean): number {
  if (!stats?.isFile()) return 0o600;
  const group = (stats.mode & 0o007) << 3;
  return isSecret ? stats.mode & 0o700 : stats.mode & (0o707 | group);
}

/** As far as this user may. The original file has its owner in any case. */
function keepOwner({ fs, platform }: System, scratch: string, { uid, gid }: Stats): void {
  if (platform === 'win32') return;
  try {
    fs.chownSync(scratch, uid, gid);
  } catch {
    // Not root.
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DRAIN_MS);
}

function hasNoHardLink(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'link' && NO_HARD_LINK.includes(codeOf(error) ?? '');
}
