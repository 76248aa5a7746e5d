// Where a path lies in relation to another. Pure.
import path from 'node:path';

/** Whether a file lies below a directory; the directory itself does not. */
export function isInside(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  const isOutside = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return relative !== '' && !isOutside;
}

/** `~/` at the beginning is the home directory, as a shell would have it. */
export function expandHome(file: string, home: string): string {
  return /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}
