// Where STS is. Apart from its client, so that a connection can be opened while the SDK is still being loaded. Pure.

export interface StsTarget {
  region: string;
  role: { partition: string };
  /** Undefined: the regional endpoint of the partition. */
  endpoint: URL | undefined;
}

/** @see AWS STS endpoints and quotas (AWS General Reference) */
const DNS_SUFFIX: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

/** The endpoint asked for, or else the regional one: tokens of the global one fail in opt-in regions. */
export function stsEndpoint({ region, role, endpoint }: StsTarget): URL {
  return endpoint ?? new URL(`https://sts.${region}.${DNS_SUFFIX[role.partition] ?? 'amazonaws.com'}`);
}
