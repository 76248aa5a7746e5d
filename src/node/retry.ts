// The retry policy of all calls: which results are retried, how long to wait, and when to stop.
import { TransportError, type TransportFailure } from '../errors/transport-error.ts';
import type { Clock, HttpResponse, RetriedCall } from '../ports.ts';
import { headerText, isRetryableStatus } from '../response.ts';

export interface RetryPolicy {
  /** Attempts per call, including the first. */
  maxAttempts: number;
  /** Limit per attempt, from connecting to the last byte of the body. */
  requestTimeoutMs: number;
  /** Milliseconds since the epoch at which the whole step must have ended. */
  deadline: number;
}

export interface RetryOptions {
  policy: Pick<RetryPolicy, 'maxAttempts' | 'deadline'>;
  clock: Clock;
  /** Gets one line per wait before another attempt. */
  log: (line: string) => void;
  random?: () => number;
}

/** A certificate, an unusable body or the refusal of a proxy will be the same next time. */
const PERMANENT: readonly TransportFailure[] = ['untrusted', 'unusable', 'proxy-refused'];

const DEFAULT = { baseMs: 500, maxMs: 20_000 };
/** After a 429: limits are per minute. With a first wait of 0.5 s, 45 of 500 jobs failed (rate-limit.test.ts). */
const RATE_LIMITED = { baseMs: 10_000, maxMs: 60_000 };

/**
 * Reads `Retry-After` in both of its forms, seconds and HTTP date.
 * @returns milliseconds to wait, or undefined if absent or unreadable
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // The obsolete form names no zone; it too is in GMT, not local time (RFC 9110 section 5.6.7).
  const stamp = / GMT$/.test(value) ? value : `${value} GMT`;
  const date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential back-off with full jitter: jobs that failed together must not come back together. */
export function backOffMs(attempt: number, random: () => number, { baseMs, maxMs } = DEFAULT): number {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}

/** See `Http.retry`. */
export async function retry<T extends { response: HttpResponse }>(
  { policy: { maxAttempts, deadline }, clock, log, random = Math.random }: RetryOptions,
  call: RetriedCall,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt().catch(toOutcome);
    const response = outcome instanceof TransportError ? undefined : outcome.response;
    const reason = reasonToRepeat(outcome, call);
    if (reason === undefined || number >= maxAttempts) return conclude(outcome, number);
    const retryAfterMs = (response && parseRetryAfter(headerText(response, 'retry-after'), clock.now())) ?? 0;
    // After a 429 our wait is added to the server's, so that clients with the same `Retry-After` do not retry together.
    const waitMs =
      response?.status === 429
        ? retryAfterMs + backOffMs(number, random, RATE_LIMITED)
        : Math.max(retryAfterMs, backOffMs(number, random));
    if (clock.now() + waitMs >= deadline) {
      const seconds = Math.ceil(retryAfterMs / 1000);
      const why =
        retryAfterMs > 0 ? `the server requires a wait of ${seconds} s` : 'no time is left for another';
      return conclude(outcome, number, why);
    }
    const next = `attempt ${number + 1} of ${maxAttempts}`;
    log(`${call.label}: ${reason}; trying again in ${(waitMs / 1000).toFixed(1)} s (${next})`);
    await clock.sleep(waitMs);
  }
}

function toOutcome(error: unknown): TransportError {
  if (error instanceof TransportError && !error.outOfTime) return error;
  throw error;
}

function reasonToRepeat(
  outcome: { response: HttpResponse } | TransportError,
  { transientReason, mayRepeat }: RetriedCall,
): string | undefined {
  const failure = outcome instanceof TransportError ? outcome : outcome.response;
  if (mayRepeat?.(failure) === false) return undefined;
  if (outcome instanceof TransportError)
    return PERMANENT.includes(outcome.failure) ? undefined : outcome.message;
  const { response } = outcome;
  return isRetryableStatus(response.status) ? `status ${response.status}` : transientReason?.(response);
}

/** Adds how many attempts there were, and why they stopped early. */
function conclude<T extends { response: HttpResponse }>(
  outcome: T | TransportError,
  number: number,
  whyStopped?: string,
): T {
  const count = `${number} ${number === 1 ? 'attempt' : 'attempts'}`;
  const attempts = whyStopped === undefined ? count : `${count}, ${whyStopped}`;
  if (!(outcome instanceof TransportError))
    return { ...outcome, response: { ...outcome.response, attempts } };
  const { failure, message } = outcome;
  throw new TransportError(failure, `${message} (${attempts})`, whyStopped !== undefined);
}
