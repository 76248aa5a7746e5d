// Docker's configuration for the command: what this user has, in a directory where the login can add its helper.
import { copyFileSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { withFileErrors } from '../../src/node/system.ts';
import type { Environment } from '../../src/ports.ts';

const CONFIG = 'config.json';

/**
 * Makes the directory. The config file is a copy. Directories, such as those of contexts and plug-ins, are linked.
 * @param home undefined if there is none
 * @throws ActionError FILES_NOT_WRITABLE
 */
export function makeDockerConfig(directory: string, env: Environment, home: string | undefined): void {
  withFileErrors(directory, () => mkdirSync(directory, { mode: 0o700 }));
  const usual = env('DOCKER_CONFIG') || (home && path.join(home, '.docker'));
  const source = usual && path.resolve(usual);
  if (source === undefined || !statSync(source, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of readdirSync(source)) {
    const [from, to] = [path.join(source, name), path.join(directory, name)];
    const stats = statSync(from, { throwIfNoEntry: false });
    if (name === CONFIG && stats?.isFile()) withFileErrors(from, () => copyFileSync(from, to));
    // On Windows, everybody may link directories, but not files.
    else if (stats?.isDirectory()) symlinkSync(from, to, 'junction');
  }
}
