// Docker's configuration for the command: what this user has, in a directory where the login can add its helper.
import { copyFileSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../../src/ports.ts';

const CONFIG = 'config.json';

/**
 * Makes the directory. The config file is a copy. All else, such as contexts and plug-ins, is linked: it stays in use.
 * @param home undefined if there is none
 * @throws an error of the system
 */
export function makeDockerConfig(directory: string, env: Environment, home: string | undefined): void {
  mkdirSync(directory, { mode: 0o700 });
  const usual = env('DOCKER_CONFIG') || (home && path.join(home, '.docker'));
  const source = usual && path.resolve(usual);
  if (source === undefined || !statSync(source, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of readdirSync(source)) {
    const [from, to] = [path.join(source, name), path.join(directory, name)];
    if (name === CONFIG) copyFileSync(from, to);
    // On Windows, everybody may link directories, but not files. A lock file is of no use elsewhere.
    else if (statSync(from, { throwIfNoEntry: false })?.isDirectory()) symlinkSync(from, to, 'junction');
  }
}
