// What in a configuration is allowed but worth a look. Pure; refuses nothing.

import type { Config } from './config.ts';
import { isLoopback } from './urls.ts';

/** Identity domains of every realm live below these suffixes. */
const ORACLE_HOST = /\.identity\.(oraclecloud\d*\.com|oraclegovcloud\.(com|uk)|oraclecloud\.eu)$/;

const AWS_HOST = /\.(amazonaws\.(com|com\.cn|eu)|api\.aws)$/;

export function adviseOnConfig({ domainUrl, oci, aws }: Config): string[] {
  const advice: string[] = [];
  if (!ORACLE_HOST.test(domainUrl.hostname) && !isLoopback(domainUrl)) {
    advice.push(
      `\`domain-url\`: ${domainUrl.host} is not below any of Oracle's identity domain suffixes. The job's token and the client secret are sent there; go on only if you run it.`,
    );
  }
  if (oci?.configFile.includes('=')) {
    advice.push(
      '`config-file`: clients written in Go cut a path at its second "=" and will not find the key.',
    );
  }
  if (oci?.configFile.includes('%')) {
    advice.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  }
  if (
    aws?.stsEndpoint !== undefined &&
    !AWS_HOST.test(aws.stsEndpoint.hostname) &&
    !isLoopback(aws.stsEndpoint)
  ) {
    advice.push(
      `\`aws-sts-endpoint\`: ${aws.stsEndpoint.host} is not one of AWS's hosts. The access token is sent there.`,
    );
  }
  return advice;
}
