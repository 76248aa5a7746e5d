// What the clients of all services share: which requests are sent again, and how a refusal becomes a CommandError.
import { TransportError } from '../../src/errors/transport-error.ts';
import { retry } from '../../src/node/retry.ts';
import type { Clock, HttpResponse, RetriedCall } from '../../src/ports.ts';
import { CommandError } from '../failure.ts';
import type { ApiRequest, ApiResponse, Connection } from './connection.ts';
import { htmlPageIn, refusalError, type ServiceTexts, transportError } from './refusal.ts';

/** Limits for one request: its attempts, and the time for all attempts and waits together. */
const MAX_ATTEMPTS = 4;
const BUDGET_MS = 3 * 60_000;

export interface ApiOptions {
  connection: Connection;
  service: ServiceTexts;
  clock: Clock;
  /** Gets one line for each wait before another attempt. */
  log: (line: string) => void;
}

export interface Api {
  /**
   * @param what the operation, as the subject of a sentence: `Reading the policies`
   * @param accepted statuses that are results besides 2xx, such as 404
   * @throws CommandError for every other response, and for none
   */
  call(request: ApiRequest, what: string, accepted?: readonly number[]): Promise<ApiResponse>;
}

export function createApi({ connection, service, clock, log }: ApiOptions): Api {
  return {
    async call(request, what, accepted = []) {
      const policy = { maxAttempts: MAX_ATTEMPTS, deadline: clock.now() + BUDGET_MS };
      const retried: RetriedCall = { label: what, mayRepeat: (failure) => mayRepeat(request, failure) };
      const attempt = async () => ({ response: { ...(await connection.send(request)), text: '' } });
      const send = () => retry({ policy, clock, log }, retried, attempt);
      const { response } = await send().catch((error: unknown) => {
        throw transportError(error, service, what, isRepeatable(request));
      });
      const { status } = response;
      const isAccepted = (status >= 200 && status < 300) || accepted.includes(status);
      if (isAccepted && htmlPageIn(response, service, request.url) === undefined) return response;
      throw refusalError(response, service, {
        what,
        url: request.url,
        secrets: connection.secrets,
        now: clock.now(),
      });
    },
  };
}

/** Whether the service may execute it twice without harm. With an ETag, it refuses the second attempt of a PATCH. */
function isRepeatable({ method, headers = {} }: ApiRequest): boolean {
  if (method === 'POST') return headers['opc-retry-token'] !== undefined;
  return method !== 'PATCH' || headers['if-match'] !== undefined;
}

/** After 429, or without a connection, the service has not executed the request. After 501 it never will. */
function mayRepeat(request: ApiRequest, failure: HttpResponse | TransportError): boolean {
  if (isRepeatable(request)) return failure instanceof TransportError || failure.status !== 501;
  if (failure instanceof TransportError)
    return ['host-not-found', 'lookup-failed', 'proxy-unreachable'].includes(failure.failure);
  return failure.status === 429;
}

/** The members of a response that must be an object. @throws CommandError RESPONSE_MALFORMED */
export function objectIn(
  response: ApiResponse,
  service: ServiceTexts,
  what: string,
): Record<string, unknown> {
  const { body, requestId } = response;
  if (isObject(body)) return body;
  throw malformed(service, what, requestId);
}

/** @throws CommandError RESPONSE_MALFORMED */
export function listIn(
  response: ApiResponse,
  service: ServiceTexts,
  what: string,
): Record<string, unknown>[] {
  const { body, requestId } = response;
  if (Array.isArray(body) && body.every(isObject)) return body;
  throw malformed(service, what, requestId);
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function malformed({ name }: ServiceTexts, what: string, requestId: string | undefined): CommandError {
  return new CommandError(
    'RESPONSE_MALFORMED',
    `${what}: the response of ${name} is not the expected JSON.`,
    {
      requestId,
    },
  );
}
