// A directory tree as a value that can be compared: names, kinds, modes, bytes and link targets.
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';

/** The mode in octal digits. On Windows, that of a private file or directory stands for all. */
export function modeOf(stats: Stats): string {
  if (process.platform === 'win32') return stats.isDirectory() ? '700' : '600';
  return (stats.mode & 0o7777).toString(8);
}

export type Tree = Readonly<Record<string, string>>;

/** Returns everything below `root` without following links. The entry of the root is `.`, and names have slashes. */
export function treeOf(root: string): Tree {
  const entries: Record<string, string> = {};
  const visit = (name: string): void => {
    const file = path.join(root, name);
    const stats = lstatSync(file);
    const mode = modeOf(stats);
    if (stats.isSymbolicLink()) entries[name] = `link to ${readlinkSync(file)}`;
    else if (stats.isDirectory()) entries[name] = `directory ${mode}`;
    else entries[name] = `file ${mode} ${JSON.stringify(readFileSync(file, 'latin1'))}`;
    if (stats.isDirectory())
      for (const inner of readdirSync(file).toSorted()) visit(path.posix.join(name, inner));
  };
  visit('.');
  return entries;
}
