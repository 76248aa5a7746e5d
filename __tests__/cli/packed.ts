// The command as a release has it: `npm run pack`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
export const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};
export const SCRIPT = `oci-wif-${version}.mjs`;
export const PACKAGE = `oci-wif-${version}.tgz`;

/** Writes script and package into a directory. */
export function pack(to: string, env: Readonly<Record<string, string>> = {}): void {
  execFileSync(process.execPath, [path.join(root, 'scripts/pack.ts'), to], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
}

/** PATH with the Node of the machine, as a user has it: npm puts that of this repository in front. */
export function userPath(): string {
  const own = (process.env['PATH'] ?? '').split(path.delimiter);
  const others = own.filter((folder) => !/node_modules[\\/](\.bin|node[\\/]bin)|node-gyp-bin/.test(folder));
  return [...others, path.dirname(process.execPath)].join(path.delimiter);
}
