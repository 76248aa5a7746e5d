import type { Config } from './config.ts';
import { isLoopback } from './parsers.ts';
import { type HomeDirectories, isInside, isSamePath } from './paths.ts';
import { isIdentityHost, isOracleHost, similarRegions } from './regions.ts';

/** Hosts of STS alone: under other names below these domains, anybody can run a service. */
const STS_HOST =
  /^(vpce-[\w-]+\.)?sts(-fips)?(\.[a-z0-9-]+)?(\.vpce)?\.(amazonaws\.(com|com\.cn|eu)|api\.aws)$/;

/** Warnings about inputs that are allowed but unusual. */
export function configWarnings({ domainUrl, oci, aws }: Config): string[] {
  const warnings: string[] = [];
  if (!isIdentityHost(domainUrl.hostname) && !isLoopback(domainUrl))
    warnings.push(
      `\`domain-url\`: ${domainUrl.host} is no known host of Oracle's identity domains. It receives the credentials of the job; use it only if it is yours.`,
    );
  const similar = oci && similarRegions(oci.region);
  if (similar !== undefined)
    warnings.push(
      `\`region\`: ${oci?.region} is not a known region.${similar.length > 0 ? ` The nearest name is ${similar.join(' or ')}.` : ''} Check it: names of OCI hosts contain it.`,
    );
  if (oci?.configFile.includes('='))
    warnings.push(
      '`config-file`: clients written in Go cut a path at its second "=" and do not find the key.',
    );
  if (oci?.configFile.includes('%'))
    warnings.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  for (const { name, problem } of oci?.trustRules ?? [])
    if (problem !== undefined)
      warnings.push(`${name} ${problem}. Correct the rule. The login itself does not use it.`);
  const { verifyEndpoint } = oci ?? {};
  if (verifyEndpoint !== undefined && !isOracleHost(verifyEndpoint.hostname) && !isLoopback(verifyEndpoint))
    warnings.push(
      `\`verify-endpoint\`: ${verifyEndpoint.host} is not a host of Oracle. It receives the session token; use it only if it is yours.`,
    );
  for (const host of oci?.registries ?? [])
    if (!isOracleHost(host) && !isLoopback(new URL(`https://${host}`)))
      warnings.push(
        `\`ocir-registries\`: ${host} is not a host of Oracle. It receives the session token; use it only if it is yours.`,
      );
  const endpoint = aws?.stsEndpoint;
  if (endpoint !== undefined && !STS_HOST.test(endpoint.hostname) && !isLoopback(endpoint))
    warnings.push(
      `\`aws-sts-endpoint\`: ${endpoint.host} is not a host of AWS STS. It receives the access token; use it only if it is yours.`,
    );
  return warnings;
}

/**
 * A note for the log when HOME is not the account's home directory, as in job containers. It is no warning, because every
 * container job would get it and most clients use HOME or the exported variables.
 * @see os/user `Current` (Go) and `user.home` (Java): both read the user database, not the environment
 */
export function homeDirectoryNote(
  configFile: string,
  { home, account }: HomeDirectories,
): string | undefined {
  if (home === undefined || account === undefined || isSamePath(home, account)) return undefined;
  if (!isInside(configFile, home)) return undefined;
  return `Packer, rclone and Java look for .oci/config in ${account}. Give them the path ${configFile}. For Terraform and Pulumi, use \`export-for: terraform-session\`.`;
}
