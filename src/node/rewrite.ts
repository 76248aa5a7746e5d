// Replaces the content of a file that other programs share. docs/decisions.md says why there are two ways.
import type { Stats } from 'node:fs';
import { ActionError, Contention } from '../errors/action-error.ts';
import type { RewritePlan } from '../ports.ts';
import { OWNER_WRITE, overwrite, read, remove, replace, setMode, stateOf } from './file-content.ts';
import type { System } from './system.ts';

const OWNER_FILE = 0o600;
/** A post step without the lock may have blanked credentials in what a crash has left. */
const BLANK = 0x20;

/** See `Files.rewrite`. */
export function rewrite(
  system: System,
  path: string,
  content: Uint8Array,
  state: string,
  plan: RewritePlan,
): void {
  const present = lstat(system, path);
  const mode = present && !plan.isSecret ? present.mode & 0o7777 : OWNER_FILE;
  // Others may have rights by an ACL. Those of a file for its owner alone have no effect.
  const mayHaveAcl = present !== undefined && (plan.isSecret || (mode & 0o077) !== 0);
  if (mayHaveAcl && present.nlink === 1) {
    writeInPlace(system, path, content, state, plan);
    return;
  }
  try {
    replace(system, path, content, plan.scratch, mode, () => {
      if (present !== undefined) giveOwner(system, plan.scratch, present);
      assertState(system, path, state);
    });
  } catch (error) {
    const { syscall = '' } = error as NodeJS.ErrnoException;
    if (present === undefined || !['rename', 'chown'].includes(syscall)) throw error;
    writeInPlace(system, path, content, state, plan);
  }
}

function giveOwner({ fs }: System, scratch: string, { uid, gid }: Stats): void {
  const made = fs.lstatSync(scratch);
  if (made.uid !== uid || made.gid !== gid) fs.chownSync(scratch, uid, gid);
}

/** The journal has the mode and both contents, so that `undoRewrite` can restore the old one after a crash. */
function writeInPlace(
  system: System,
  path: string,
  content: Uint8Array,
  state: string,
  { journal, scratch, isSecret }: RewritePlan,
): void {
  const mode = system.fs.lstatSync(path).mode & 0o7777;
  const before = read(system, path);
  const header = Buffer.from(`${mode} ${before.length}\n`);
  replace(system, journal, Buffer.concat([header, before, content]), scratch);
  try {
    assertState(system, path, state);
    if (isSecret) makePrivate(system, path);
    fill(system, path, content, isSecret ? OWNER_FILE : mode);
  } catch (error) {
    if (error instanceof Contention) remove(system, journal);
    else undoRewrite(system, path, journal);
    throw error;
  }
  remove(system, journal);
}

/** See `Files.undoRewrite`. */
export function undoRewrite(system: System, path: string, journal: string): void {
  if (!lstat(system, journal)?.isFile()) return;
  const record = Buffer.from(read(system, journal));
  const start = record.indexOf('\n') + 1;
  const [mode = 0, length = 0] = record.toString('latin1', 0, start).split(' ').map(Number);
  const [before, after] = [record.subarray(start, start + length), record.subarray(start + length)];
  const stats = lstat(system, path);
  if (stats?.isFile()) {
    const present = Buffer.from(read(system, path));
    const wanted = stats.mode & mode;
    if (present.equals(before)) setMode(system, path, wanted);
    else if (isMix(present, before, after)) fill(system, path, before, wanted);
  }
  remove(system, journal);
}

/** Whether each byte is that of one of the contents, as after a crash of a rewrite, or of its undoing. */
function isMix(present: Uint8Array, before: Uint8Array, after: Uint8Array): boolean {
  const isKnown = (byte: number, at: number) => [before[at], after[at], BLANK].includes(byte);
  return present.length >= before.length && present.every(isKnown);
}

/** An owner without write permission gets it meanwhile. */
function fill(system: System, path: string, content: Uint8Array, mode: number): void {
  setMode(system, path, mode | OWNER_WRITE);
  overwrite(system, path, content);
  setMode(system, path, mode);
}

/** With an ACL, this sets its mask, so that its entries have no effect until the mode comes back. @throws ActionError PATH_UNSAFE */
function makePrivate(system: System, path: string): void {
  try {
    setMode(system, path, OWNER_FILE);
  } catch {
    // Only the owner and root may. Some file systems report success and change nothing.
  }
  const mode = system.fs.lstatSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw new ActionError(
      'PATH_UNSAFE',
      `${path} gets credentials, but others can read it (mode ${mode.toString(8)}), and this user cannot change the mode. Run \`chmod 600\` on it as its owner.`,
    );
}

const lstat = ({ fs }: System, path: string) => fs.lstatSync(path, { throwIfNoEntry: false });

/** @throws Contention when another program has written the file since */
function assertState(system: System, path: string, state: string): void {
  if (stateOf(system, path).id !== state) throw new Contention(`${path} has been changed`);
}
