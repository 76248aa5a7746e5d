// A directory tree as a value that can be compared: names, kinds, modes, bytes and link targets.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { modeOf } from '../systems-with.ts';

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
