// Whether a directory is ours alone to write into. Knows owners and modes, nothing of what is to lie there.
import type { System } from './system.ts';

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Why others could put their file in the place of ours, to be read after the name of the directory; undefined if they
 * cannot. Only the directory itself is judged: how it is reached is the business of whoever runs the machine.
 *
 * Linux and macOS alike. On Windows a directory takes its list of permissions from the one above, which in a profile
 * names its user alone; Node can read no such list, and what it gives for mode and owner is made up. There only a link
 * is refused.
 */
export function whyUnsafe({ platform, fs, uid }: System, directory: string): string | undefined {
  const itself = fs.lstatSync(directory, { throwIfNoEntry: false });
  if (itself === undefined) return undefined;
  const isPosix = platform !== 'win32';
  if (itself.isSymbolicLink()) {
    // What root has linked is part of the system, such as /tmp and /var of macOS, which lie in /private.
    const isOfSystem = isPosix && itself.uid === ROOT && uid !== ROOT;
    if (!isOfSystem) return 'should be a directory but is a link';
  }
  const stats = fs.statSync(directory);
  if (!stats.isDirectory()) return 'should be a directory but is none';
  if (!isPosix) return undefined;
  const mode = stats.mode & 0o7777;
  if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0) {
    return `can be written by every user of this machine (mode ${mode.toString(8)}): \`chmod go-w\` it`;
  }
  // Root may go everywhere anyway; a job in a container is root over a home that belongs to the runner's user.
  if (uid === ROOT || stats.uid === uid || stats.uid === ROOT) return undefined;
  return `belongs to the user with number ${stats.uid}, while this job runs as ${uid}: \`chown\` it, or use another`;
}
