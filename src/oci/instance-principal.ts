// Instance principals: the certificate of an instance from its metadata service, exchanged for a token that signs requests.
// Oracle's own packages for this are more than 100 times as large, see docs/decisions.md.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import { apiRefusal } from '../errors/service-refusal.ts';
import type { HttpRequest, HttpResponse } from '../ports.ts';
import { describeStatus, isJwt, isRetryableStatus, parseObject, toText } from '../response.ts';
import { Secret } from '../secret.ts';
import type { KeyPair } from './key-pair.ts';
import { signRequest } from './request-signature.ts';

/** A link-local address: each instance has its own service there. @see Getting Instance Metadata (OCI documentation) */
export const METADATA_URL = 'http://169.254.169.254/opc/v2';

/** Paths of the region; and of certificate, private key and intermediate certificate. */
export const REGION_PATH = 'instance/regionInfo';
export const IDENTITY_PATHS = ['cert', 'key', 'intermediate'].map((name) => `identity/${name}.pem`);

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
  const { regionIdentifier: region, realmDomainComponent: domain } = parseObject(textOf(response)) ?? {};
  const host = `auth.${toText(region)}.${toText(domain)}`;
  if (/^auth\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return new URL(`https://${host}`);
  throw noInstance('the metadata service sent no region');
}

/** The identity of an instance. OCI replaces certificate and key several times a day. */
export interface InstanceIdentity {
  tenancy: string;
  certificate: X509Certificate;
  privateKeyPem: Secret;
  /** DER in base64. */
  intermediates: readonly string[];
}

/**
 * @param responses those of IDENTITY_PATHS
 * @throws ActionError INSTANCE_METADATA_UNREACHABLE
 */
export function processIdentityResponses(responses: readonly HttpResponse[]): InstanceIdentity {
  const [leaf = '', privateKey = '', intermediate = ''] = responses.map(textOf);
  try {
    const [certificate] = certificatesIn(leaf);
    const [, tenancy] = /=opc-(?:tenant|identity):(\S+)$/m.exec(certificate?.subject ?? '') ?? [];
    const intermediates = certificatesIn(intermediate).map(({ raw }) => raw.toString('base64'));
    if (certificate?.checkPrivateKey(createPrivateKey(privateKey)) && tenancy)
      return { tenancy, certificate, privateKeyPem: new Secret(privateKey), intermediates };
  } catch {
    // A text that is no certificate, or no key.
  }
  throw noInstance('the metadata service sent no certificate of an instance with its key');
}

function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((pem) => new X509Certificate(pem));
}

function textOf({ status, text, host = 'a service' }: HttpResponse): string {
  if (status === 200) return text;
  throw noInstance(`${host} responded with ${describeStatus(status)}`);
}

/** @param reason a clause that says what the metadata service did */
export function noInstance(reason: string): ActionError {
  return new ActionError(
    'INSTANCE_METADATA_UNREACHABLE',
    `This machine seems to be no OCI instance: ${reason}.`,
  );
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
  const { status, text } = response;
  const members = parseObject(text);
  const token = status === 200 ? members?.['token'] : undefined;
  if (isJwt(token)) return new Secret(token);
  const refusal = apiRefusal('instance', response, []);
  if (isRetryableStatus(status) || (status >= 400 && members !== undefined)) throw refusal;
  const { requestId } = refusal;
  const what = status === 200 ? 'something that is no token' : describeStatus(status);
  const message = `${response.host ?? 'OCI'} responded with ${what}.`;
  throw new ActionError('INSTANCE_PRINCIPAL_UNAVAILABLE', message, { status, requestId });
}
