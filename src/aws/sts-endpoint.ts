// Where STS is. A module of its own, so that a connection can be opened while the SDK is being loaded.
import type { AwsConfig } from '../inputs/config.ts';

/** @see AWS STS endpoints and quotas (AWS General Reference) */
const DNS_SUFFIX: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

export interface StsTarget extends Pick<AwsConfig, 'region' | 'stsEndpoint'> {
  role: Pick<AwsConfig['role'], 'partition'>;
}

/** The given endpoint, or else the regional one: tokens of the global one fail in opt-in regions. */
export function stsEndpoint({ region, role, stsEndpoint: given }: StsTarget): URL {
  return given ?? new URL(`https://sts.${region}.${DNS_SUFFIX[role.partition] ?? 'amazonaws.com'}`);
}
