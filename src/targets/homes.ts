// Whose home is whose: the environment names one, the user database another, and in job containers they differ. Pure.
import path from 'node:path';
import { type HomeDirectories, homeOfConfig, isInside } from '../inputs/paths.ts';

/**
 * A line for the log of a container job, whose HOME is not the home of its account; undefined where all look alike.
 * No warning: every container job would get it, and most use clients that go by HOME or by our variables.
 * @see os/user `Current` (Go), `user.home` (Java): the user database, not the environment
 */
export function noteOnHomes(
  configFile: string,
  { home, account }: HomeDirectories,
  doors: readonly string[] = [],
): string | undefined {
  if (home === undefined || account === undefined || home === account) return undefined;
  if (!isInside(configFile, home)) return undefined;
  const isUsual = homeOfConfig(configFile) === home && !doors.includes('terraform-session');
  const override = isUsual ? ` For Terraform's provider, set TF_HOME_OVERRIDE to ${home}.` : '';
  return `HOME is ${home}, but this account's home is ${account}. Clients in Go (Terraform's provider, Pulumi, Packer, rclone) and Java look for .oci/config in the latter unless they are told ${configFile}.${override}`;
}

type Environment = (name: string) => string | undefined;

/** What tells Terraform's provider where `.oci/config` is, if it would look elsewhere: in the home of the account. */
export function overrideForProvider(
  configFile: string,
  { home, account }: HomeDirectories,
  env: Environment,
) {
  return override('TF_HOME_OVERRIDE', configFile, account ?? home, env);
}

/** Likewise for Terraform's state backend, which goes by HOME. */
export function overrideForBackend(configFile: string, { home }: HomeDirectories, env: Environment) {
  return override('OCI_HOME_OVERRIDE', configFile, home, env);
}

function override(
  name: string,
  configFile: string,
  usual: string | undefined,
  env: Environment,
): Record<string, string> {
  const wanted = homeOfConfig(configFile);
  const found = env(name) || usual;
  const isFound = found !== undefined && wanted !== undefined && path.relative(wanted, found) === '';
  return isFound || wanted === undefined ? {} : { [name]: wanted };
}
