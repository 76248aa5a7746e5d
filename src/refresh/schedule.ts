// When a token is renewed. Every pause is a fraction of the lifetime, so that one rule serves a session of an hour and a
// GitHub token of five minutes.
import type { RefreshMode } from '../inputs/parsers.ts';
import type { Validity } from './spec.ts';

export interface RefreshState extends Validity {
  /** Failed attempts since `issuedAt`. */
  failures: number;
  /** When the last failed attempt ended. */
  failedAt?: number | undefined;
  /** When the job can get no more ID tokens: nothing can be renewed after that. */
  renewableUntil: number;
  /** 0 to 1, random per process: jobs that started together must not all renew in the same second. */
  spread: number;
}

export type NextAction =
  | { action: 'renew' }
  | { action: 'wait'; until: number }
  | { action: 'give-up'; why: 'failed' | 'no-more-id-tokens' };

/** Share of the lifetime. The rest is for failed attempts: 24 minutes of an hour, two of GitHub's five minutes. */
const LATEST = 0.6;
const SPREAD = 0.05;
/** Back-off after a failure: 1 to 5 minutes for a lifetime of an hour, 5 to 25 seconds for one of five minutes. */
const FIRST_PAUSE = 1 / 60;
const LONGEST_PAUSE = 1 / 12;
/** Limit of an attempt: 30 seconds for a lifetime of five minutes, so that three attempts fit before the expiry. */
const LONGEST_ATTEMPT = 1 / 10;
const MIN_ATTEMPT_MS = 2000;
/** Lower limit for a lifetime, so that a wrong clock cannot make the process spin. */
const MIN_LIFETIME_MS = 1000;
/** The last renewal comes this long before the source of ID tokens ends: its result outlives that by nearly a lifetime. */
const BEFORE_LAST_RENEWAL = 1 / 20;

export function nextAction(state: RefreshState, now: number): NextAction {
  const { issuedAt, expiresAt, failures, renewableUntil } = state;
  const lifetime = Math.max(expiresAt - issuedAt, MIN_LIFETIME_MS);
  if (now >= renewableUntil) return { action: 'give-up', why: 'no-more-id-tokens' };
  if (failures > 0 && now >= expiresAt + lifetime) return { action: 'give-up', why: 'failed' };
  const dueAt = Math.round(Math.min(regularRenewal(state, lifetime), lastRenewal(state, lifetime)));
  if (now >= dueAt) return { action: 'renew' };
  return { action: 'wait', until: Math.min(dueAt, renewableUntil) };
}

/** @returns milliseconds that an attempt may take, in addition to the limits of the inputs */
export function attemptLimit({ issuedAt, expiresAt }: Validity): number {
  return Math.max((expiresAt - issuedAt) * LONGEST_ATTEMPT, MIN_ATTEMPT_MS);
}

function regularRenewal(
  { issuedAt, failures, failedAt = issuedAt, spread }: RefreshState,
  lifetime: number,
): number {
  if (failures === 0) return issuedAt + lifetime * (LATEST - SPREAD * spread);
  const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return failedAt + lifetime * pause * (1 - spread / 2);
}

/** A token that was issued after this moment comes from the last renewal itself. */
function lastRenewal({ issuedAt, failures, renewableUntil }: RefreshState, lifetime: number): number {
  const at = renewableUntil - lifetime * BEFORE_LAST_RENEWAL;
  return failures === 0 && issuedAt < at ? at : Number.POSITIVE_INFINITY;
}

/** A step can easily take this long. */
const SHORT_LIFE_MS = 30 * 60_000;

/**
 * Whether a login starts a refresher.
 * @param expiries of the tokens in files that a refresher could renew
 */
export function needsRefresher(
  mode: RefreshMode,
  expiries: readonly (number | undefined)[],
  now: number,
): boolean {
  if (mode !== 'auto') return mode === 'always';
  return expiries.some((at) => at !== undefined && at - now < SHORT_LIFE_MS);
}
