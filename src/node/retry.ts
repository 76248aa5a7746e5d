// The one retry policy. Knows waits, deadlines and which answers deserve another try; knows no socket.

import { TransportError, type TransportFault } from '../errors/action-error.ts';
import type { Clock, HttpRequest, HttpResponse } from '../ports.ts';
import { isRetryableStatus } from '../response.ts';

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

/** One try, from the first byte to its end. */
export interface TracedCall {
  request: HttpRequest;
  outcome: Outcome;
  /** Which try of its call it was. */
  number: number;
  milliseconds: number;
}

/** It must not use up the time of the calls that matter. */
const OPTIONAL = { maxAttempts: 1, requestTimeoutMs: 4000 };

export interface Pace {
  baseMs: number;
  maxMs: number;
}

/** After a failure that may be over at once. */
export const USUAL: Pace = { baseMs: 500, maxMs: 20_000 };
/** After a 429 that does not say when to come back: limits count by the minute. Chosen by trial, see docs/reliability.md. */
export const RATE_LIMITED: Pace = { baseMs: 10_000, maxMs: 60_000 };

/**
 * Reads `Retry-After` in both of its forms, seconds and HTTP date.
 * @returns milliseconds to wait, or undefined if absent or unreadable
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // The obsolete form names no zone; it too is Greenwich time, not local (RFC 9110 section 5.6.7).
  const stamp = / GMT$/.test(value) ? value : `${value} GMT`;
  const date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential back-off with full jitter: many jobs that failed together must not come back together. */
export function backOffMs(attempt: number, random: () => number, { baseMs, maxMs } = USUAL): number {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}

export interface RetryParts {
  policy: RetryPolicy;
  clock: Clock;
  /** Gets one line per wait, with its reason and its length. */
  log: (line: string) => void;
  /** Gets every try. */
  trace?: ((call: TracedCall) => void) | undefined;
  sendOnce: (request: HttpRequest, timeoutMs: number) => Promise<HttpResponse>;
  random?: () => number;
}

/**
 * Repeats one call by the policy and returns the last answer, whatever its status.
 * @throws TransportError when the last try brought no answer
 */
export async function retrying(
  describe: () => HttpRequest | Promise<HttpRequest>,
  { policy, clock, log, trace, sendOnce, random = Math.random }: RetryParts,
): Promise<HttpResponse> {
  for (let number = 1; ; number += 1) {
    const request = await describe();
    const began = clock.now();
    const timeLeft = policy.deadline - began;
    if (timeLeft <= 0) throw new TransportError('timed-out', 'the time for the whole step was used up', true);
    const { maxAttempts, requestTimeoutMs } = request.isOptional ? { ...policy, ...OPTIONAL } : policy;
    const limitMs = Math.min(requestTimeoutMs, policy.requestTimeoutMs, timeLeft);
    const outcome = await settle(() => sendOnce(request, limitMs));
    trace?.({ request, outcome, number, milliseconds: clock.now() - began });
    const reason = reasonToRepeat(outcome, request);
    if (reason === undefined || number >= maxAttempts) return conclude(outcome, number);
    const askedMs = waitAskedFor(outcome, clock.now());
    const delay = delayMs(outcome, number, askedMs, random);
    if (clock.now() + delay >= policy.deadline) return conclude(outcome, number, whyNoMore(askedMs));
    const next = `try ${number + 1} of ${policy.maxAttempts}`;
    log(`${request.label}: ${reason}; trying again in ${(delay / 1000).toFixed(1)} s (${next})`);
    await clock.sleep(delay);
  }
}

function waitAskedFor({ response }: Outcome, now: number): number {
  const header = response?.headers['retry-after'];
  return parseRetryAfter(typeof header === 'string' ? header : undefined, now) ?? 0;
}

/**
 * The server's own wish counts when it is longer than ours; never when it is shorter. After a 429 ours comes on top:
 * all who were told the same second must not come back in it.
 */
function delayMs({ response }: Outcome, attempt: number, askedMs: number, random: () => number): number {
  if (response?.status === 429) return askedMs + backOffMs(attempt, random, RATE_LIMITED);
  return Math.max(askedMs, backOffMs(attempt, random));
}

function whyNoMore(askedMs: number): string {
  return askedMs > 0
    ? `the server asks to wait ${Math.ceil(askedMs / 1000)} s`
    : 'no time was left for another';
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
  const made = `${tries} ${tries === 1 ? 'try' : 'tries'}${whyNoMore === undefined ? '' : `, ${whyNoMore}`}`;
  if (outcome.response !== undefined) return { ...outcome.response, tries: made };
  const { fault, message } = outcome.error;
  throw new TransportError(fault, `${message} (${made})`, whyNoMore !== undefined);
}
