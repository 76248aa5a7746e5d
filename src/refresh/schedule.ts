// When what a job lives on is to be renewed. Pure; knows lifetimes and failures, not what is renewed or how.
// Everything is a fraction of the lifetime, so that one rule serves a session of an hour, the job's own token of five
// minutes, and a lifetime that a server has cut short.

export interface Renewable {
  /** When it was got, by our clock. This and all times are milliseconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
  /** Failed attempts since then. */
  failures: number;
  /** When the latest of them ended; undefined without one. */
  failedAt: number | undefined;
  /** From then on nothing can be renewed any more. */
  lastChanceAt: number;
  /** 0 to 1, chosen once by lot: jobs that began together must not all renew in the same second. */
  spread: number;
}

export type Plan =
  | { action: 'renew' }
  | { action: 'wait'; until: number }
  /** `failed`: for a whole lifetime past its end there was no new one. `no-identity`: the job's own has come to its end. */
  | { action: 'give-up'; why: 'failed' | 'no-identity' };

/** Leaves two minutes of the five that GitHub's token lives, and 24 of an hour: time for many failures. */
const LATEST = 0.6;
const SPREAD = 0.05;
/** Of a lifetime: one minute and five of an hour, five and 25 seconds of five minutes. */
const FIRST_PAUSE = 1 / 60;
const LONGEST_PAUSE = 1 / 12;
/** Nothing lives less: what seems to, by a clock that is wrong, must not keep a machine busy. */
const LEAST_LIFE_MS = 1000;
/** The last renewal comes this much before the identity ends, so that the session outlives that by nearly a lifetime. */
const BEFORE_LAST_CHANCE = 1 / 20;

/** What is to be done now about one thing that has to be kept fresh. */
export function planRefresh(session: Renewable, now: number): Plan {
  const { issuedAt, expiresAt, failures, lastChanceAt } = session;
  const life = Math.max(expiresAt - issuedAt, LEAST_LIFE_MS);
  if (now >= lastChanceAt) return { action: 'give-up', why: 'no-identity' };
  if (failures > 0 && now >= expiresAt + life) return { action: 'give-up', why: 'failed' };
  const due = Math.round(Math.min(dueAt(session, life), lastRenewal(session, life)));
  if (now >= due) return { action: 'renew' };
  return { action: 'wait', until: Math.min(due, lastChanceAt) };
}

function dueAt({ issuedAt, failures, failedAt = issuedAt, spread }: Renewable, life: number): number {
  if (failures === 0) return issuedAt + life * (LATEST - SPREAD * spread);
  const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return failedAt + life * pause * (1 - spread / 2);
}

/** Whatever is still young just before the identity ends was renewed for that very reason. */
function lastRenewal({ issuedAt, failures, lastChanceAt }: Renewable, life: number): number {
  if (failures > 0) return Number.POSITIVE_INFINITY;
  const at = lastChanceAt - life * BEFORE_LAST_CHANCE;
  return issuedAt < at ? at : Number.POSITIVE_INFINITY;
}
