import { type HomeDirectories, homeOfConfig, isInside } from '../inputs/paths.ts';

/**
 * A note for the log when HOME is not the account's home directory, as in job containers. It is no warning, because every
 * container job would get it and most clients use HOME or the exported variables.
 * @see os/user `Current` (Go) and `user.home` (Java): both read the user database, not the environment
 */
export function homeDirectoryNote(
  configFile: string,
  { home, account }: HomeDirectories,
  targets: readonly string[] = [],
): string | undefined {
  if (home === undefined || account === undefined || home === account) return undefined;
  if (!isInside(configFile, home)) return undefined;
  const needsOverride = homeOfConfig(configFile) === home && !targets.includes('terraform-session');
  const override = needsOverride ? ` For Terraform's provider, set TF_HOME_OVERRIDE to ${home}.` : '';
  return `HOME is ${home}, but this account's home is ${account}. Clients in Go (Terraform's provider, Pulumi, Packer, rclone) and Java look for .oci/config in the latter unless they are configured with ${configFile}.${override}`;
}
