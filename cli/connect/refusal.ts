// Converts failed and missing responses to a CommandError, which says what happened and what to do.
import { TransportError, type TransportFailure } from '../../src/errors/transport-error.ts';
import { CLOCK_TOLERANCE_MS } from '../../src/oci/request-signature.ts';
import { describeHtmlPage, isRetryableStatus, quote, toText } from '../../src/response.ts';
import type { Secret } from '../../src/secret.ts';
import type { CommandCode } from '../codes.ts';
import { CommandError } from '../failure.ts';
import type { ApiResponse } from './connection.ts';

/** What differs from service to service. */
export interface ServiceTexts {
  /** Its name inside a sentence: `the identity domain`. */
  name: string;
  /** The option or variable that sets its host. */
  hostOption: string;
  /** The remedy for 401. */
  unauthorizedAdvice: string;
  /** The service's own code and words, unsafe. */
  reasonIn(body: Readonly<Record<string, unknown>>): { code?: unknown; text?: unknown };
  /** For a refusal that the status alone does not explain. Undefined: the default of the status applies. */
  explain(refusal: Refusal): { code?: CommandCode; remedy: string } | undefined;
}

export interface Refusal {
  response: ApiResponse;
  code: string;
  text: string;
}

interface Context {
  what: string;
  url: URL;
  /** Those of the request. */
  secrets: readonly Secret[];
  /** Milliseconds since the epoch. */
  now: number;
}

const BY_STATUS: Readonly<Record<number, CommandCode>> = {
  401: 'CREDENTIALS_UNUSABLE',
  403: 'NOT_PERMITTED',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  412: 'CONFLICT',
  429: 'RATE_LIMITED',
  501: 'SERVICE_REFUSED',
};

/** The message for a page of a proxy or a gateway; undefined for every other response. */
export function htmlPageIn(response: ApiResponse, { name }: ServiceTexts, { host }: URL): string | undefined {
  const { body } = response;
  return describeHtmlPage({ ...response, text: typeof body === 'string' ? body : '', host }, name);
}

/** The `details` of the error contain the status, the code and the text of the service. */
export function refusalError(response: ApiResponse, service: ServiceTexts, context: Context): CommandError {
  const { status, requestId, body } = response;
  const isObject = typeof body === 'object' && body !== null;
  const reason = isObject ? service.reasonIn(body as Record<string, unknown>) : {};
  const serviceCode = quote(toText(reason.code), context.secrets);
  const serviceText = quote(toText(reason.text), context.secrets);
  const details = { status, requestId, serviceCode, serviceText };
  const page = htmlPageIn(response, service, context.url);
  if (page !== undefined) return new CommandError('RESPONSE_MALFORMED', `${context.what}: ${page}`, details);
  const words = [serviceCode, serviceText].filter(Boolean).join(': ');
  const message = `${context.what}: ${service.name} responded with ${describeStatus(response)}${words && `: ${words}`}.`;
  const explained =
    service.explain({ response, code: serviceCode, text: serviceText }) ??
    explain(response, service, context);
  const code =
    explained?.code ??
    BY_STATUS[status] ??
    (status >= 500 || status === 408 ? 'SERVICE_UNREACHABLE' : 'SERVICE_REFUSED');
  return new CommandError(code, message, { ...details, ...(explained && { remedy: explained.remedy }) });
}

function describeStatus({ status, headers, attempts }: ApiResponse): string {
  if (isRetryableStatus(status) && attempts !== undefined) return `${status} (${attempts})`;
  const target = headers['location'];
  if (status < 300 || status >= 400 || target === undefined || !URL.canParse(target)) return String(status);
  return `a redirect (${status}) to ${quote(new URL(target).host, [])}`;
}

function explain(
  { status, headers }: ApiResponse,
  { hostOption, unauthorizedAdvice }: ServiceTexts,
  { now }: Context,
): { code?: CommandCode; remedy: string } | undefined {
  if (status === 401) return { remedy: skewAdvice(headers['date'], now) ?? unauthorizedAdvice };
  if (status === 415) return { remedy: `The host does not accept JSON. Check ${hostOption}.` };
  if (status >= 300 && status < 400) return { code: 'RESPONSE_MALFORMED', remedy: `Check ${hostOption}.` };
  return undefined;
}

/** A signature is valid for five minutes around the server's time. */
function skewAdvice(date: string | undefined, now: number): string | undefined {
  const skew = now - Date.parse(date ?? '');
  if (Number.isNaN(skew) || Math.abs(skew) <= CLOCK_TOLERANCE_MS) return undefined;
  const seconds = Math.round(Math.abs(skew) / 1000);
  return `Set this machine's clock: it is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the server's; 300 s are allowed.`;
}

const REMEDIES = {
  untrusted: 'For a private CA, set NODE_EXTRA_CA_CERTS to the file of its certificate.',
  'proxy-refused': 'Check the credentials of the proxy in HTTPS_PROXY.',
};

/**
 * @param isRepeatable whether the request may be sent again without harm; otherwise nobody knows whether it was carried out
 * @returns a CommandError for a TransportError; anything else unchanged
 */
export function transportError(
  error: unknown,
  service: ServiceTexts,
  what: string,
  isRepeatable: boolean,
): unknown {
  if (!(error instanceof TransportError)) return error;
  const { failure, message } = error;
  const code = failure === 'unusable' ? 'RESPONSE_MALFORMED' : 'SERVICE_UNREACHABLE';
  const isLost =
    !isRepeatable && (failure === 'unreachable' || failure === 'timed-out' || failure === 'unusable');
  const unknown = isLost ? ' The service may have made the change nevertheless.' : '';
  const remedies: Partial<Record<TransportFailure, string>> = {
    'host-not-found': `Check ${service.hostOption}.`,
    // A proxy responds like this also for a host that does not exist.
    'proxy-unreachable': `Check HTTPS_PROXY and ${service.hostOption}.`,
    ...REMEDIES,
  };
  const remedy = remedies[failure];
  return new CommandError(code, `${what}: ${message}.${unknown}`, remedy === undefined ? {} : { remedy });
}
