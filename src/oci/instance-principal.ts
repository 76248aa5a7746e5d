// Instance principals: the certificate of an instance from its metadata service, exchanged for a token that signs requests.
// Oracle's own packages for this are 360 times as large, see docs/decisions.md.
import { X509Certificate } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isJwt,
  isRetryableStatus,
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
} from '../response.ts';
import { Secret } from '../secret.ts';
import type { KeyPair } from './key-pair.ts';
import { signRequest } from './request-signature.ts';

/** A link-local address: each instance has its own service there. @see Getting Instance Metadata (OCI documentation) */
export const METADATA_URL = 'http://169.254.169.254/opc/v2';

export const METADATA = {
  region: 'instance/regionInfo',
  certificate: 'identity/cert.pem',
  privateKey: 'identity/key.pem',
  intermediate: 'identity/intermediate.pem',
} as const;

/** @param base METADATA_URL, or the value of OCI_METADATA_BASE_URL, which has the same path */
export function metadataRequest(base: string, path: string): HttpRequest {
  const url = new URL(`${base.replace(/\/+$/, '')}/${path}`);
  return { method: 'GET', url, headers: { authorization: 'Bearer Oracle' } };
}

/**
 * The service that issues tokens for instances, in the region of the instance.
 * @throws ActionError INSTANCE_METADATA_UNREACHABLE
 */
export function processRegionResponse(response: HttpResponse): URL {
  const { regionIdentifier, realmDomainComponent } = parseObject(textOf(response)) ?? {};
  const host = `auth.${regionIdentifier}.${realmDomainComponent}`;
  if (/^auth\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return new URL(`https://${host}`);
  throw unusable(response, 'without a region');
}

/** The identity of an instance. OCI replaces certificate and key several times a day. */
export interface InstanceIdentity {
  tenancy: string;
  certificate: X509Certificate;
  privateKeyPem: Secret;
  /** DER in base64. */
  intermediates: readonly string[];
}

type IdentityPart = Exclude<keyof typeof METADATA, 'region'>;

/** @throws ActionError INSTANCE_METADATA_UNREACHABLE */
export function processIdentityResponses(
  responses: Readonly<Record<IdentityPart, HttpResponse>>,
): InstanceIdentity {
  const { certificate: leaf, privateKey, intermediate } = responses;
  const [certificate] = certificatesIn(leaf);
  const [, tenancy] = /=opc-(?:tenant|identity):(\S+)$/m.exec(certificate?.subject ?? '') ?? [];
  if (certificate === undefined || tenancy === undefined)
    throw unusable(leaf, 'without a certificate of an instance');
  const intermediates = certificatesIn(intermediate).map(({ raw }) => raw.toString('base64'));
  return { tenancy, certificate, privateKeyPem: new Secret(textOf(privateKey)), intermediates };
}

function certificatesIn(response: HttpResponse): X509Certificate[] {
  const blocks = textOf(response).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((pem) => new X509Certificate(pem));
  } catch {
    throw unusable(response, 'with a certificate that cannot be read');
  }
}

function textOf(response: HttpResponse): string {
  if (response.status !== 200) throw unusable(response, `with ${describeStatus(response.status)}`);
  return response.text;
}

function unusable({ host, status, attempts }: HttpResponse, how: string): ActionError {
  const message = `${host ?? 'The metadata service'} responded ${how}${attempts ? ` (${attempts})` : ''}.`;
  return new ActionError('INSTANCE_METADATA_UNREACHABLE', message, { status });
}

/**
 * Requests a token for an instance, bound to a new key pair. Signed with the key of the certificate.
 * @param now milliseconds since the epoch; the signature is valid for five minutes
 * @see X509FederationClient (OCI SDK for Java)
 */
export function instanceTokenRequest(
  service: URL,
  { tenancy, certificate, privateKeyPem, intermediates }: InstanceIdentity,
  { publicKeyBase64 }: Pick<KeyPair, 'publicKeyBase64'>,
  now: number,
): HttpRequest {
  const request: HttpRequest = {
    method: 'POST',
    url: new URL('/v1/x509', service),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({
      certificate: certificate.raw.toString('base64'),
      publicKey: publicKeyBase64,
      intermediateCertificates: intermediates,
      fingerprintAlgorithm: 'SHA256',
      purpose: 'DEFAULT',
    }),
  };
  const keyId = new Secret(`${tenancy}/fed-x509-sha256/${certificate.fingerprint256.toLowerCase()}`);
  return { ...request, headers: signRequest(request, { keyId, privateKeyPem }, now) };
}

/** @throws ServiceRefusal, ActionError INSTANCE_PRINCIPAL_UNAVAILABLE */
export function processInstanceTokenResponse(response: HttpResponse): Secret {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'opc-request-id');
  const members = parseObject(text);
  const token = status === 200 ? members?.['token'] : undefined;
  if (isJwt(token)) return new Secret(token);
  const reason = quoteRefusal(members?.['code'], members?.['message'], []);
  const details = { status, text: reason, requestId, attempts, serverTime: serverTimeOf(response) };
  if (isRetryableStatus(status) || (status >= 400 && members !== undefined))
    throw new ServiceRefusal('instance', details);
  const message =
    describeHtmlPage(response, "OCI's authentication service") ??
    `OCI's authentication service responded with ${status === 200 ? 'JSON without a token' : describeStatus(status)}.`;
  throw new ActionError('INSTANCE_PRINCIPAL_UNAVAILABLE', message, { status, requestId });
}
