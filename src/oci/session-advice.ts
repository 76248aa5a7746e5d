// Warnings about the lifetime of a session and the clock of this machine. All times in milliseconds since the epoch.
import type { ClientAuthentication } from '../inputs/client-credentials.ts';
import { describeSkew } from './request-signature.ts';

const MINUTE_MS = 60_000;
const SHORT_SESSION_MS = 15 * MINUTE_MS;
/** Twelve hours. @see Ephemeral RPSTs (Oracle A-Team) */
const MAX_RPST_SECONDS = 43_200;
/** Between the issue of a token and the `Date` of the response that brings it. */
const TOLERANCE_SECONDS = 5;

/**
 * Compares the granted lifetime with the requested one, or without one with what a job usually needs. OCI may change the
 * lifetime of an RPST, and sources disagree on the unit of `rpst_exp`: see docs/decisions.md.
 */
export function adviseOnLifetime(
  requestedSeconds: number | undefined,
  expiresAt: number,
  now: number,
  serverTime = now,
): string | undefined {
  const end = new Date(expiresAt).toISOString();
  if (requestedSeconds === undefined) {
    const left = expiresAt - now;
    if (left >= SHORT_SESSION_MS) return undefined;
    return `The session ends in ${Math.round(left / MINUTE_MS)} min, at ${end}. If the job needs it longer, use \`refresh: auto\` or \`true\`.`;
  }
  const granted = Math.round((expiresAt - serverTime) / 1000);
  const isAbout = (seconds: number) => Math.abs(granted - seconds) <= TOLERANCE_SECONDS;
  if (isAbout(requestedSeconds)) return undefined;
  const text = `OCI granted a session of ${granted} s (until ${end}); \`rpst-lifetime-seconds\` requests ${requestedSeconds} s`;
  const unit = 'OCI seems to count minutes: 60 is then an hour.';
  if (isAbout(requestedSeconds * 60)) return `${text}: sixty times as long. ${unit}`;
  if (isAbout(MAX_RPST_SECONDS)) return `${text}: the maximum instead. ${unit}`;
  if (isAbout(requestedSeconds / 60)) return `${text}: a sixtieth, as if OCI converted seconds to minutes.`;
  return `${text}.`;
}

/** A note for a way to authenticate the exchange that no live report or document confirms; see docs/decisions.md. */
export function adviseOnSigner(kind: ClientAuthentication['kind'], resource: unknown): string | undefined {
  if (kind === 'secret' || (kind === 'instance-principal' && resource)) return undefined;
  return `\`client-auth\` ${kind} with \`token-type\` ${resource ? 'rpst' : 'upst'} is experimental: no source shows which permission it needs.`;
}

export function adviseOnClock(now: number, serverTime: number | undefined): string | undefined {
  const skew = serverTime === undefined ? 0 : now - serverTime;
  if (Math.abs(skew) <= MINUTE_MS) return undefined;
  return describeSkew(skew);
}
