import path from 'node:path';
import type { Environment } from '../ports.ts';
import type { TargetContext, TargetExports, Variables } from './target.ts';

/** HOME in job containers and in Docker actions. */
const CONTAINER_HOME = '/github/home';

const ACTIONS_HOME = '_github_home';

/** The home directory of Docker actions; undefined if there are none, or if the steps of the job have the same one. */
export function homeOfDockerActions({
  home,
  platform,
  temporary,
}: Pick<TargetContext, 'home' | 'platform' | 'temporary'>): string | undefined {
  return platform === 'linux' && home !== CONTAINER_HOME ? path.join(temporary, ACTIONS_HOME) : undefined;
}

/**
 * A copy of the profile for Docker actions, which have a home directory of their own. A job in a container needs no copy,
 * because it has the same one.
 * @see actions/runner, ContainerActionHandler: `_github_home` in RUNNER_TEMP is mounted as their HOME
 */
export function dockerExports({ home, oci, temporary, platform }: TargetContext): TargetExports {
  if (platform !== 'linux') {
    const warning = '`export-for` docker has no effect: only Linux runners run Docker actions.';
    return { variables: {}, warnings: [warning] };
  }
  if (home === CONTAINER_HOME) {
    const missing = oci.exportFor.filter((name) => name === 'terraform' || name === 'resource-principal');
    const warning = `\`export-for\` ${missing.join(', ')}: Docker actions of a job in a container see the profile, but not the files in RUNNER_TEMP that these variables name.`;
    return { variables: {}, warnings: missing.length > 0 ? [warning] : [] };
  }
  const { profile } = oci;
  const configFile = path.join(temporary, ACTIONS_HOME, '.oci/config');
  const warning = `\`export-for\` terraform-session: give a Docker action that runs Terraform \`env: { TF_HOME_OVERRIDE: ${CONTAINER_HOME} }\`, because the provider ignores HOME.`;
  return {
    variables: {},
    files: { profileCopy: { profile, configFile, seenAs: `${CONTAINER_HOME}/.oci/config` } },
    warnings: oci.exportFor.includes('terraform-session') ? [warning] : [],
  };
}

const CONFIG_PATHS = ['OCI_CLI_CONFIG_FILE', 'OCI_CONFIG_FILE'];

/**
 * Variables for steps on this machine and for Docker actions, where a path of this machine does not exist. Without the
 * variable, each client looks in its own home directory. A variable that the job already has gets the default, which each
 * client expands itself. It cannot be emptied: older releases of Ansible's collection take '' for a path.
 */
export function withoutHostPaths(variables: Variables, env: Environment): Variables {
  const entries = Object.entries(variables).flatMap(([name, value]) => {
    if (!CONFIG_PATHS.includes(name)) return [[name, value] as const];
    return env(name) ? [[name, '~/.oci/config'] as const] : [];
  });
  return Object.fromEntries(entries);
}
