// Translates failed calls to services into failures of the action.
import { ActionError, type ErrorCode, type Snippet, titled } from '../errors/action-error.ts';
import { type Service, ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError, type TransportFailure } from '../errors/transport-error.ts';
import { expiryOf } from '../github/id-token.ts';
import type { InputName } from '../inputs/schema.ts';
import { CLOCK_TOLERANCE_MS, describeSkew } from '../oci/request-signature.ts';
import { isRetryableStatus } from '../response.ts';
import type { Secret } from '../secret.ts';

/** The name of each service, the codes for no response and for an unusable one, and the inputs that give its host. */
const SERVICES: Readonly<
  Record<Service, readonly [name: string, unreachable: ErrorCode, malformed: ErrorCode, hostInputs?: string]>
> = {
  github: ["GitHub's OIDC service", 'GITHUB_UNREACHABLE', 'GITHUB_RESPONSE_MALFORMED'],
  domain: ['The domain', 'OCI_DOMAIN_UNREACHABLE', 'OCI_RESPONSE_MALFORMED', '`domain-url`'],
  'object-storage': [
    'Object Storage',
    'OCI_SERVICE_UNREACHABLE',
    'OCI_SERVICE_RESPONSE_MALFORMED',
    '`region`',
  ],
  oke: ['OKE', 'OKE_UNREACHABLE', 'OKE_RESPONSE_MALFORMED', '`oke-cluster` or `region`'],
  ocir: [
    'The container registry',
    'OCIR_UNREACHABLE',
    'OCIR_RESPONSE_MALFORMED',
    '`ocir-registries` or `region`',
  ],
  instance: [
    "OCI's authentication service",
    'INSTANCE_PRINCIPAL_UNAVAILABLE',
    'INSTANCE_PRINCIPAL_UNAVAILABLE',
  ],
  sts: ['STS', 'AWS_UNREACHABLE', 'AWS_RESPONSE_MALFORMED', '`aws-region`'],
};

const PROXY_PASSWORD =
  'Put the user name and password of the proxy into HTTPS_PROXY, percent-encoded: http://user:password@host:port.';

/**
 * @param action what failed, as the beginning of a sentence
 * @param hostInput the input that gives the host, if it is not the usual one of the service
 * @returns an ActionError for a TransportError; anything else unchanged
 */
export function explainTransport(
  error: unknown,
  service: Service,
  action: string,
  hostInput?: InputName,
): unknown {
  if (!(error instanceof TransportError)) return error;
  const [, unreachable, malformed, hostInputs] = SERVICES[service];
  const codes: Partial<Record<TransportFailure, ErrorCode>> = {
    unusable: malformed,
    untrusted: 'TLS_UNTRUSTED',
    'proxy-unreachable': 'PROXY_UNREACHABLE',
    'proxy-refused': 'PROXY_REFUSED',
  };
  const { failure, message, outOfTime } = error;
  const code = outOfTime ? 'DEADLINE_EXCEEDED' : (codes[failure] ?? unreachable);
  const evidence = `${action}: ${message}.`;
  const named = hostInput ? `\`${hostInput}\`` : hostInputs;
  if (failure === 'host-not-found' && named)
    return new ActionError(code, evidence, { remedy: `Check ${named}, and DNS or HTTPS_PROXY.` });
  if (code !== 'PROXY_REFUSED') return titled(code, evidence);
  const remedy = message.includes('(407)') ? PROXY_PASSWORD : undefined;
  return new ActionError(code, `${message.replace(/^t/, 'T')}.`, { remedy });
}

/**
 * @param explainRefusal called for a refusal that a retry cannot change
 * @param hostInput as for `explainTransport`
 * @returns an ActionError for a TransportError or a ServiceRefusal; anything else unchanged
 */
export async function explainFailure(
  error: unknown,
  service: Service,
  action: string,
  explainRefusal: (refusal: ServiceRefusal) => ActionError | Promise<ActionError>,
  hostInput?: InputName,
): Promise<unknown> {
  if (!(error instanceof ServiceRefusal)) return explainTransport(error, service, action, hostInput);
  return isRetryableStatus(error.status) ? unavailable(error) : explainRefusal(error);
}

/** For a retryable status, after the last attempt. */
export function unavailable({ service, status, text, requestId, attempts }: ServiceRefusal): ActionError {
  const [name, unreachable] = SERVICES[service];
  const details = `${attempts === undefined ? '' : ` (${attempts})`}${text && `: ${text}`}`;
  const code = service === 'domain' && status === 429 ? 'OCI_RATE_LIMITED' : unreachable;
  return titled(code, `${name} responded with ${status}${details}.`, { status, requestId });
}

/** @param now milliseconds since the epoch */
export function explainIdTokenRefusal(
  { status, requestId }: ServiceRefusal,
  requestToken: Secret,
  now: number,
): ActionError {
  const text = `GitHub refused the job's OIDC token with status ${status}.`;
  const refused = (hint: string) => titled('GITHUB_OIDC_REFUSED', `${text}${hint}`, { status, requestId });
  if (status !== 401 && status !== 403) return refused('');
  const expiry = expiryOf(requestToken);
  if (expiry === undefined) return refused(' The expiry of the request token cannot be read from it.');
  const [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  const clock = `this machine's clock says ${here}`;
  if (expiry > now)
    return refused(` The request token is valid until ${end}; ${clock}, so its age is not the reason.`);
  const message = `${text} The job's request token expired at ${end}; ${clock}.`;
  return titled('GITHUB_OIDC_EXPIRED', message, { status, requestId, snippets: [SEPARATE_JOB] });
}

const SEPARATE_JOB: Snippet = {
  title: 'A separate job for the login, after the long one',
  language: 'yaml',
  text: [
    'jobs:',
    '  work: # the steps that take hours, without the login',
    '    runs-on: ubuntu-latest',
    '  deploy:',
    '    needs: work',
    '    runs-on: ubuntu-latest',
    '    permissions:',
    '      id-token: write',
    '      contents: read',
  ].join('\n'),
  isFolded: false,
};

export function explainAccessTokenRefusal(
  { code, text, status, requestId }: ServiceRefusal,
  scope: string,
): ActionError {
  const message = `The domain refused an access token for scope ${JSON.stringify(scope)} (${status}): ${text || 'no reason given'}.`;
  const details = { status, requestId };
  if (code === 'invalid_client') return titled('OCI_CLIENT_REJECTED', message, details);
  if (code === 'invalid_scope') return titled('OCI_SCOPE_REFUSED', message, details);
  return titled('OCI_ACCESS_TOKEN_REFUSED', message, details);
}

/** @param now when the response arrived, milliseconds since the epoch */
export function explainNamespaceRefusal(refusal: ServiceRefusal, now: number): ActionError {
  const { status, text, requestId, attempts } = refusal;
  if (status === 401) return explainUnauthenticated(refusal, now);
  const reason = `Object Storage responded with ${status} (${attempts}): ${text || 'no reason given'}.`;
  const evidence = `${reason} This call needs no policy, so a missing policy is not the cause.`;
  return titled('OCI_NOT_AUTHORIZED', evidence, { status, requestId });
}

/** For a signed request. OCI sends the same text for a bad signature, an expired token and a wrong date. @param now as above */
export function explainUnauthenticated(
  { service, status, text, requestId, serverTime = Number.NaN }: ServiceRefusal,
  now: number,
): ActionError {
  const [name] = SERVICES[service];
  const skew = now - serverTime;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS)
    return new ActionError('OCI_CLOCK_SKEWED', describeSkew(skew), { status, requestId });
  const evidence = `${name} refused the session (401): ${text || 'no reason given'}.`;
  return titled('OCI_SESSION_REFUSED', evidence, { status, requestId });
}
