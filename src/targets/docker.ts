// The door of Docker actions, which run with a home of their own: where it lies here, and what they call it. Pure.
import path from 'node:path';

/** The home in job containers and in Docker actions alike. */
const HOME = '/github/home';
const CONFIG = '.oci/config';

export interface Copy {
  /** Where the config lies for us. */
  configFile: string;
  /** The home of its readers, as they call it. */
  home: string;
  /** Where they find it. The runner translates paths in variables, never those in files. */
  seenAs: string;
}

/**
 * Where a copy of the profile must lie for Docker actions; undefined where their home is ours.
 * @see actions/runner, ContainerActionHandler: `_github_home` in the temp area is mounted as their HOME
 */
export function copyForDocker(temporary: string, home: string | undefined): Copy | undefined {
  if (home === HOME) return undefined;
  const configFile = path.join(temporary, '_github_home', CONFIG);
  return { configFile, home: HOME, seenAs: `${HOME}/${CONFIG}` };
}
