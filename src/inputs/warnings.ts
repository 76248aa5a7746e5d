import type { Config } from './config.ts';
import { isLoopback } from './urls.ts';

/** Hosts of identity domains, in every realm. */
const ORACLE_HOST = /\.identity\.(oraclecloud\d*\.com|oraclegovcloud\.(com|uk)|oraclecloud\.eu)$/;

const AWS_HOST = /\.(amazonaws\.(com|com\.cn|eu)|api\.aws)$/;

/** Warnings about inputs that are allowed but unusual. */
export function configWarnings({ domainUrl, oci, aws }: Config): string[] {
  const warnings: string[] = [];
  if (!ORACLE_HOST.test(domainUrl.hostname) && !isLoopback(domainUrl))
    warnings.push(
      `\`domain-url\`: ${domainUrl.host} is not a host of Oracle's identity domains. It receives the job's token and the client secret; use it only if it is yours.`,
    );
  if (oci?.configFile.includes('='))
    warnings.push(
      '`config-file`: clients written in Go cut a path at its second "=" and do not find the key.',
    );
  if (oci?.configFile.includes('%'))
    warnings.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  const endpoint = aws?.stsEndpoint;
  if (endpoint !== undefined && !AWS_HOST.test(endpoint.hostname) && !isLoopback(endpoint))
    warnings.push(
      `\`aws-sts-endpoint\`: ${endpoint.host} is not a host of AWS. It receives the access token; use it only if it is yours.`,
    );
  return warnings;
}
