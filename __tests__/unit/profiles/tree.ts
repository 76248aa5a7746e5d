// A directory tree as a value that can be compared: names, kinds, modes, bytes and link targets.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

export type Tree = Readonly<Record<string, string>>;

/** Returns everything below `root` without following links. The entry of the root is `.`. */
export function treeOf(root: string): Tree {
  const entries: Record<string, string> = {};
  const visit = (name: string): void => {
    const file = path.join(root, name);
    const stats = lstatSync(file);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) entries[name] = `link to ${readlinkSync(file)}`;
    else if (stats.isDirectory()) entries[name] = `directory ${mode}`;
    else entries[name] = `file ${mode} ${JSON.stringify(readFileSync(file, 'latin1'))}`;
    if (stats.isDirectory()) for (const inner of readdirSync(file).toSorted()) visit(path.join(name, inner));
  };
  visit('.');
  return entries;
}
