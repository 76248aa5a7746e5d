// Workload identity of OKE: the token of a pod's service account, exchanged for a token that signs requests.
import { ActionError } from '../errors/action-error.ts';
import type { Environment, HttpRequest, HttpResponse } from '../ports.ts';
import { describeStatus, isJwt, parseObject, toText } from '../response.ts';
import { Secret } from '../secret.ts';
import type { KeyPair } from './key-pair.ts';

/** What a pod knows about the service that issues its tokens, by the variables of Kubernetes and of OCI's SDKs. */
export interface WorkloadPlace {
  url: URL;
  /** Paths of the service account's token and of the certificate authority of the cluster. */
  tokenFile: string;
  caFile: string;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * @throws ActionError OKE_WORKLOAD_IDENTITY_UNAVAILABLE outside a pod
 * @see OkeWorkloadIdentityAuthenticationDetailsProvider (OCI SDK for TypeScript); the OCI CLI reads the path of the token
 */
export function workloadPlace(env: Environment): WorkloadPlace {
  const host = env('KUBERNETES_SERVICE_HOST') ?? '';
  const port = env('KUBERNETES_SERVICE_PORT_PROXYMUX') || '12250';
  const address = `https://${host.includes(':') ? `[${host}]` : host}:${port}/resourcePrincipalSessionTokens`;
  if (host === '' || !URL.canParse(address))
    throw unavailable('KUBERNETES_SERVICE_HOST names no host: this job does not run in a pod');
  return {
    url: new URL(address),
    tokenFile: env('OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH') || `${ACCOUNT}/token`,
    caFile: env('OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH') || `${ACCOUNT}/ca.crt`,
  };
}

/** Requests a token for the pod, bound to a new key pair. */
export function workloadTokenRequest(
  url: URL,
  accountToken: Secret,
  { publicKeyBase64 }: Pick<KeyPair, 'publicKeyBase64'>,
): HttpRequest {
  const headers = { authorization: `Bearer ${accountToken.reveal()}`, 'content-type': 'application/json' };
  return { method: 'POST', url, headers, body: JSON.stringify({ podKey: publicKeyBase64 }) };
}

/**
 * A response is a JSON string with the base64 of an object, whose token begins with `ST$`.
 * @throws ActionError OKE_WORKLOAD_IDENTITY_UNAVAILABLE
 */
export function processWorkloadTokenResponse({ status, text }: HttpResponse): Secret {
  const { token } = parseObject(Buffer.from(text.replaceAll('"', ''), 'base64').toString('utf8')) ?? {};
  const jwt = status === 200 ? toText(token).replace(/^ST\$/, '') : '';
  if (isJwt(jwt)) return new Secret(jwt);
  const basic = status === 403 ? ': only enhanced clusters have workload identities' : '';
  const what = status === 200 ? 'something that is no token' : describeStatus(status);
  throw unavailable(`OKE responded with ${what}${basic}`);
}

export function unavailable(what: string): ActionError {
  return new ActionError('OKE_WORKLOAD_IDENTITY_UNAVAILABLE', `${what}.`);
}
