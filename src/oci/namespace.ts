// The namespace of Object Storage. The call needs no policy: it shows that OCI accepts a session, not what the session may do.
import { titled } from '../errors/action-error.ts';
import { apiRefusal, ServiceRefusal } from '../errors/service-refusal.ts';
import { domainOfTenancy } from '../inputs/regions.ts';
import type { HttpRequest, HttpResponse, RetriedCall } from '../ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isNotAuthorized,
  isPrintable,
  isRetryableStatus,
  parseJson,
  parseObject,
  requestIdFrom,
  toText,
} from '../response.ts';
import type { Secret } from '../secret.ts';
import { type SessionProof, sessionKey, signRequest } from './request-signature.ts';

export interface Namespace {
  /** One for each tenancy. */
  namespace: string;
  requestId: string | undefined;
}

/** Object Storage of a region, in the realm of the tenancy. @throws ActionError OCI_REALM_UNKNOWN */
export function objectStorageOf(region: string, tenancy: string): URL {
  return new URL(`https://objectstorage.${region}.${domainOfTenancy(tenancy)}`);
}

/**
 * @param now milliseconds since the epoch; the signature is valid for five minutes
 * @see GetNamespace (Object Storage Service API); Details for Object Storage and Archive Storage (IAM policy reference)
 */
export function namespaceRequest(endpoint: URL, proof: SessionProof, now: number): HttpRequest {
  const url = new URL('/n/', endpoint);
  const request: HttpRequest = { method: 'GET', url, headers: {} };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
}

export const NAMESPACE_CALL: RetriedCall = {
  label: 'the call that verifies the session',
  /** OCI has been seen to refuse valid sessions like this for a short time. */
  transientReason: ({ status, text }) => {
    const code = toText(parseObject(text)?.['code']);
    return isNotAuthorized(status, code) ? `${status} ${code}` : undefined;
  },
};

/**
 * @param token the session token, so that no message repeats it
 * @throws ServiceRefusal with a status 401, 403, 404 or a retryable one; ActionError OCI_SERVICE_RESPONSE_MALFORMED
 */
export function processNamespaceResponse(response: HttpResponse, token: Secret): Namespace {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'opc-request-id');
  if (isRetryableStatus(status)) throw new ServiceRefusal('object-storage', { status, requestId, attempts });
  const namespace = status === 200 ? parseJson(text) : undefined;
  if (isPrintable(namespace)) return { namespace, requestId };
  const refusal = apiRefusal('object-storage', response, [token]);
  const { code, text: reason } = refusal;
  if ((status === 401 && parseObject(text) !== undefined) || isNotAuthorized(status, code)) throw refusal;
  const what = status === 200 ? 'something that is no namespace' : describeStatus(status);
  const message =
    describeHtmlPage(response, 'Object Storage') ??
    `Object Storage responded with ${what}${reason && `: ${reason}`}.`;
  throw titled('OCI_SERVICE_RESPONSE_MALFORMED', message, { status, requestId });
}
