import type { System } from './system.ts';

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Why another user could replace files in a directory; undefined if none can, or if the directory does not exist. The text
 * continues a sentence that begins with the directory's name. Parent directories are not checked: whoever runs the machine
 * is responsible for them.
 *
 * On Windows only a link is unsafe. Directories inherit their permissions, which in a user's profile name that user alone;
 * Node cannot read them, and the mode and owner that it reports are invented.
 */
export function unsafeReason(
  { platform, fs, uid }: System,
  path: string,
  kind: 'directory' | 'file' = 'directory',
): string | undefined {
  const entry = fs.lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return undefined;
  const isPosix = platform !== 'win32';
  if (entry.isSymbolicLink()) {
    // Links of root belong to the system, such as /tmp and /var on macOS, which point into /private.
    const isOfSystem = isPosix && entry.uid === ROOT && uid !== ROOT;
    if (!isOfSystem) return `should be a ${kind} but is a link`;
  }
  const stats = fs.statSync(path);
  if (kind === 'directory' ? !stats.isDirectory() : !stats.isFile()) return `should be a ${kind} but is not`;
  if (!isPosix) return undefined;
  const mode = stats.mode & 0o7777;
  if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0)
    return `can be written by every user of this machine (mode ${mode.toString(8)}). Run \`chmod go-w\` on it`;
  // A job in a container is root, and its home directory belongs to the runner's user.
  if (uid === ROOT || stats.uid === uid || stats.uid === ROOT) return undefined;
  return `belongs to user ${stats.uid}, but this job runs as user ${uid}. Run \`chown\` on it or choose another directory`;
}
