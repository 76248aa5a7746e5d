// Translates failed calls to services into failures of the action.
import { ActionError, type ErrorCode, type Snippet } from '../errors/action-error.ts';
import { type Service, ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import { expiryOf } from '../github/id-token.ts';
import type { InputName } from '../inputs/schema.ts';
import { CLOCK_TOLERANCE_MS } from '../oci/session-token.ts';
import { isRetryableStatus } from '../response.ts';
import type { Secret } from '../secret.ts';

/** The name of each service, the codes for no response and for an unusable one, and the input that gives its host. */
const SERVICES: Readonly<
  Record<Service, readonly [name: string, unreachable: ErrorCode, malformed: ErrorCode, input?: InputName]>
> = {
  github: ["GitHub's OIDC service", 'GITHUB_UNREACHABLE', 'GITHUB_RESPONSE_MALFORMED'],
  domain: ['The domain', 'OCI_DOMAIN_UNREACHABLE', 'OCI_RESPONSE_MALFORMED', 'domain-url'],
  'object-storage': ['Object Storage', 'OCI_SERVICE_UNREACHABLE', 'OCI_SERVICE_RESPONSE_MALFORMED', 'region'],
  sts: ['STS', 'AWS_UNREACHABLE', 'AWS_RESPONSE_MALFORMED', 'aws-region'],
};

/**
 * @param action what failed, as the beginning of a sentence
 * @param hostInput the input that gives the host, if it is not the usual one of the service
 * @returns an ActionError for a TransportError; anything else unchanged
 */
export function explainTransport(
  error: unknown,
  service: Service,
  action: string,
  hostInput = SERVICES[service][3],
): unknown {
  if (!(error instanceof TransportError)) return error;
  const [, unreachable, malformed] = SERVICES[service];
  const codes = {
    unreachable,
    'host-not-found': unreachable,
    'timed-out': unreachable,
    unusable: malformed,
    untrusted: 'TLS_UNTRUSTED',
    'proxy-unreachable': 'PROXY_UNREACHABLE',
    'proxy-refused': 'PROXY_REFUSED',
  } as const;
  const { failure, message, outOfTime } = error;
  const advice = failure === 'host-not-found' && hostInput ? ` Check \`${hostInput}\`.` : '';
  return new ActionError(outOfTime ? 'DEADLINE_EXCEEDED' : codes[failure], `${action}: ${message}.${advice}`);
}

/**
 * @param explainRefusal called for a refusal that a later attempt would meet again
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

/** For a status that a later attempt might not have met. */
export function unavailable({ service, status, text, requestId, attempts }: ServiceRefusal): ActionError {
  const [name, unreachable] = SERVICES[service];
  const details = `${attempts === undefined ? '' : ` (${attempts})`}${text && `: ${text}`}`;
  const code = service === 'domain' && status === 429 ? 'OCI_RATE_LIMITED' : unreachable;
  return new ActionError(code, `${name} answered ${status}${details}.`, { status, requestId });
}

/** @param now milliseconds since the epoch */
export function explainIdTokenRefusal(
  { status, requestId }: ServiceRefusal,
  requestToken: Secret,
  now: number,
): ActionError {
  const text = `GitHub refused the job's OIDC token with status ${status}.`;
  const isAboutRequestToken = status === 401 || status === 403;
  const expiry = isAboutRequestToken ? expiryOf(requestToken) : undefined;
  if (expiry === undefined) {
    const hint = isAboutRequestToken ? ' The expiry of the request token cannot be read from it.' : '';
    return new ActionError('GITHUB_OIDC_REFUSED', `${text}${hint}`, { status, requestId });
  }
  const [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  if (expiry > now) {
    const hint = `The request token is valid until ${end}; this machine's clock says ${here}, so its age is not the reason.`;
    return new ActionError('GITHUB_OIDC_REFUSED', `${text} ${hint}`, { status, requestId });
  }
  const hint = `The job's request token expired at ${end}; this machine's clock says ${here}.`;
  return new ActionError('GITHUB_OIDC_EXPIRED', `${text} ${hint}`, {
    status,
    requestId,
    snippets: [SEPARATE_JOB],
  });
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
  const codes = new Map<string, ErrorCode>([
    ['invalid_client', 'OCI_CLIENT_REJECTED'],
    ['invalid_scope', 'OCI_SCOPE_REFUSED'],
  ]);
  const message = `The domain refused an access token for scope ${JSON.stringify(scope)} (${status}): ${text || 'no reason given'}.`;
  return new ActionError(codes.get(code) ?? 'OCI_ACCESS_TOKEN_REFUSED', message, { status, requestId });
}

/**
 * OCI has one text for a bad signature, an expired token and a wrong date.
 * @param now milliseconds since the epoch, when the response arrived
 */
export function explainNamespaceRefusal(
  { status, text, requestId, attempts, serverTime = Number.NaN }: ServiceRefusal,
  now: number,
): ActionError {
  const details = { status, requestId };
  const reason = text || 'no reason given';
  if (status !== 401) {
    const message = `Object Storage accepts the session but does not let it read the namespace: ${reason} (${status}, ${attempts}).`;
    return new ActionError('OCI_NOT_AUTHORIZED', message, details);
  }
  const skew = now - serverTime;
  if (Math.abs(skew) > CLOCK_TOLERANCE_MS) {
    const seconds = Math.round(Math.abs(skew) / 1000);
    const message = `Object Storage refused the session (401): this machine's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} its own; 300 s are allowed.`;
    return new ActionError('OCI_CLOCK_SKEWED', message, details);
  }
  return new ActionError(
    'OCI_SESSION_REFUSED',
    `Object Storage refused the session (401): ${reason}.`,
    details,
  );
}
