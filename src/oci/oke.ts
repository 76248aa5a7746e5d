// OKE: the hosts of a region, and the call that returns the address and the certificate of a cluster.
import { titled } from '../errors/action-error.ts';
import { apiRefusal, ServiceRefusal } from '../errors/service-refusal.ts';
import type { OkeConfig } from '../inputs/config.ts';
import type { OkeCluster } from '../inputs/oke-parsers.ts';
import type { HttpRequest, HttpResponse, RetriedCall } from '../ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isNotAuthorized,
  isRetryableStatus,
  parseObject,
  requestIdFrom,
  toText,
} from '../response.ts';
import { type SessionProof, sessionKey, signRequest } from './request-signature.ts';

export interface ClusterHosts {
  region: string;
  /** Host of the OKE API. */
  api: string;
  /** Host in the URL that a cluster token contains. */
  tokenHost: string;
}

/**
 * The hosts to which requests and tokens for a cluster go.
 * @param fallback region, used if the OCID of the cluster names none that this version knows
 * @see oci-cli, `ce cluster generate-token`, which has no `oci.` in the host of the token
 */
export function clusterHosts({ realmDomain, ...cluster }: OkeCluster, fallback: string): ClusterHosts {
  const { region = fallback } = cluster;
  return {
    region,
    api: `containerengine.${region}.oci.${realmDomain}`,
    tokenHost: `containerengine.${region}.${realmDomain}`,
  };
}

const ENDPOINTS = {
  public: 'PUBLIC_ENDPOINT',
  private: 'PRIVATE_ENDPOINT',
  'vcn-hostname': 'VCN_HOSTNAME',
} as const satisfies Record<OkeConfig['endpoint'], string>;

/**
 * @param host see `ClusterHosts.api`
 * @param now milliseconds since the epoch; the signature is valid for five minutes
 * @see CreateKubeconfig (Kubernetes Engine API)
 */
export function kubeconfigRequest(
  host: string,
  cluster: string,
  endpoint: OkeConfig['endpoint'],
  proof: SessionProof,
  now: number,
): HttpRequest {
  const request: HttpRequest = {
    method: 'POST',
    url: new URL(`https://${host}/20180222/clusters/${cluster}/kubeconfig/content`),
    headers: { accept: 'application/x-yaml', 'content-type': 'application/json' },
    body: JSON.stringify({ tokenVersion: '2.0.0', endpoint: ENDPOINTS[endpoint] }),
  };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
}

/**
 * OCI sends the same response when a policy is missing and when it does not apply yet. `IncorrectState` means that
 * the cluster is being changed; it ends with this change.
 * @see API Errors; SDK behaviors, "Retries" (OCI documentation)
 */
export const TRANSIENT_REFUSAL: NonNullable<RetriedCall['transientReason']> = ({ status, text }) => {
  const code = toText(parseObject(text)?.['code']);
  const isTransient = isNotAuthorized(status, code) || (status === 409 && code === 'IncorrectState');
  return isTransient ? `${status} ${code}` : undefined;
};

/** What a kubeconfig says about a cluster. */
export interface ClusterAccess {
  /** Origin of the API server. */
  server: URL;
  /** PEM in base64. */
  certificateAuthorityData: string;
}

/**
 * @param proof so that no message repeats the session token
 * @throws ServiceRefusal; ActionError OKE_RESPONSE_MALFORMED
 */
export function processKubeconfigResponse(
  response: HttpResponse,
  { token }: Pick<SessionProof, 'token'>,
): ClusterAccess {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'opc-request-id');
  if (isRetryableStatus(status)) throw new ServiceRefusal('oke', { status, requestId, attempts });
  const access = status === 200 ? parseKubeconfig(text) : undefined;
  if (access !== undefined) return access;
  const refusal = apiRefusal('oke', response, [token]);
  if (status >= 400 && refusal.code !== '') throw refusal;
  const what = status === 200 ? 'something that is no kubeconfig of one cluster' : describeStatus(status);
  const message = describeHtmlPage(response, 'OKE') ?? `OKE responded with ${what}.`;
  throw titled('OKE_RESPONSE_MALFORMED', message, { status, requestId });
}

/** Reads two lines of the YAML, which must occur once each. Undefined for every other shape. */
function parseKubeconfig(yaml: string): ClusterAccess | undefined {
  const address = soleValue(yaml, 'server');
  const certificateAuthorityData = soleValue(yaml, 'certificate-authority-data');
  if (address === undefined || !URL.canParse(address)) return undefined;
  const server = new URL(address);
  const isOrigin = server.protocol === 'https:' && !/[@?#]/.test(address) && server.pathname === '/';
  return isOrigin && isCertificate(certificateAuthorityData)
    ? { server, certificateAuthorityData }
    : undefined;
}

/** The value of a key, without quotes; undefined unless exactly one line contains the key. */
function soleValue(yaml: string, key: string): string | undefined {
  const lines = [...yaml.matchAll(new RegExp(`^[ -]*${key}:(.*)$`, 'gm'))];
  const [, , value] = /^ +(["']?)([\w:/.+=[\]-]+)\1 *\r?$/.exec(lines[0]?.[1] ?? '') ?? [];
  return lines.length === 1 ? value : undefined;
}

function isCertificate(base64: string | undefined): base64 is string {
  if (base64 === undefined || !/^[\w+/]+={0,2}$/.test(base64)) return false;
  return Buffer.from(base64, 'base64').toString('latin1').startsWith('-----BEGIN CERTIFICATE-----');
}
