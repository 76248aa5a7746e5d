// The one retry policy. Knows waits, deadlines and which answers deserve another try; knows no socket.
import { isRetryableStatus } from '../answer.ts';
import { TransportError, type TransportFault } from '../errors.ts';
import type { Clock, HttpRequest, HttpResponse } from '../port.ts';

export interface RetryPolicy {
  /** Tries per call, the first one included. */
  maxAttempts: number;
  /** Limit per try, from connecting to the last byte of the body. */
  requestTimeoutMs: number;
  /** Milliseconds since the epoch at which the whole step must have ended. */
  deadline: number;
}

/** A certificate, an unusable body or a proxy's refusal will be the same next time. */
const TRANSIENT: readonly TransportFault[] = ['unreachable', 'timed-out', 'proxy-unreachable'];

type Outcome =
  | { response: HttpResponse; error?: undefined }
  | { response?: undefined; error: TransportError };

/** It must not use up the time of the calls that matter. */
const OPTIONAL = { maxAttempts: 1, requestTimeoutMs: 4000 };

const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 20_000;

/**
 * Reads `Retry-After` in both of its forms, seconds and HTTP date.
 * @returns milliseconds to wait, or undefined if absent or unreadable
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // The obsolete form names no zone; it too is Greenwich time, not local (RFC 9110 section 5.6.7).
  const stamp = / GMT$/.test(value) ? value : `${value} GMT`;
  const date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential back-off with full jitter: many jobs that failed together must not come back together. */
export function backOffMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1)));
}

export interface RetryParts {
  policy: RetryPolicy;
  clock: Clock;
  /** Gets one line per wait, with its reason and its length. */
  log: (line: string) => void;
  sendOnce: (request: HttpRequest, timeoutMs: number) => Promise<HttpResponse>;
  random?: () => number;
}

/**
 * Repeats one call by the policy and returns the last answer, whatever its status.
 * @throws TransportError when the last try brought no answer
 */
export async function retrying(
  describe: () => HttpRequest | Promise<HttpRequest>,
  { policy, clock, log, sendOnce, random = Math.random }: RetryParts,
): Promise<HttpResponse> {
  for (let number = 1; ; number += 1) {
    const request = await describe();
    const timeLeft = policy.deadline - clock.now();
    if (timeLeft <= 0) throw new TransportError('timed-out', 'the time for the whole step was used up', true);
    const { maxAttempts, requestTimeoutMs } = request.isOptional ? { ...policy, ...OPTIONAL } : policy;
    const limitMs = Math.min(requestTimeoutMs, policy.requestTimeoutMs, timeLeft);
    const outcome = await settle(() => sendOnce(request, limitMs));
    const reason = reasonToRepeat(outcome, request);
    if (reason === undefined || number >= maxAttempts) return conclude(outcome, number);
    const delay = delayMs(outcome, number, clock.now(), random);
    if (clock.now() + delay >= policy.deadline)
      return conclude(outcome, number, 'no time was left for another');
    const next = `try ${number + 1} of ${policy.maxAttempts}`;
    log(`${request.label}: ${reason}; trying again in ${(delay / 1000).toFixed(1)} s (${next})`);
    await clock.sleep(delay);
  }
}

/** The server's own wish counts when it is longer than ours; never when it is shorter. */
function delayMs(outcome: Outcome, attempt: number, now: number, random: () => number): number {
  const header = outcome.response?.headers['retry-after'];
  const asked = parseRetryAfter(typeof header === 'string' ? header : undefined, now) ?? 0;
  return Math.max(asked, backOffMs(attempt, random));
}

async function settle(send: () => Promise<HttpResponse>): Promise<Outcome> {
  try {
    return { response: await send() };
  } catch (error) {
    if (error instanceof TransportError) return { error };
    throw error;
  }
}

function reasonToRepeat({ response, error }: Outcome, request: HttpRequest): string | undefined {
  if (error !== undefined) {
    return TRANSIENT.includes(error.fault) ? error.message : undefined;
  }
  return isRetryableStatus(response.status) ? `status ${response.status}` : request.transient?.(response);
}

function conclude(outcome: Outcome, tries: number, whyNoMore?: string): HttpResponse {
  if (outcome.response !== undefined) return outcome.response;
  const { fault, message } = outcome.error;
  const made = `${tries} ${tries === 1 ? 'try' : 'tries'}${whyNoMore === undefined ? '' : `, ${whyNoMore}`}`;
  throw new TransportError(fault, `${message} (${made})`, whyNoMore !== undefined);
}
