import { toActionError } from '../errors/action-error.ts';
import type { Clock } from '../ports.ts';
import type { EntryKind } from './log.ts';
import type { Renewal } from './renew.ts';
import { nextAction, type RefreshState } from './schedule.ts';
import type { RefreshSpec, RefreshTarget } from './spec.ts';

export interface RunDeps {
  clock: Clock;
  /** One renewal, with the retries of its requests. */
  renew: (target: RefreshTarget) => Promise<Renewal>;
  log: (kind: EntryKind, text: string) => void;
  /** 0 to 1, see `RefreshState`. */
  spread: number;
}

interface Renewable extends RefreshState {
  target: RefreshTarget;
}

export const TOKEN_NAMES: Readonly<Record<RefreshTarget['kind'], string>> = {
  session: 'the OCI session token',
  'id-token': "GitHub's ID token",
  'access-token': 'the access token for AWS',
};

/** A timer stands still while the machine is suspended. After that, it must not stay late by more than this. */
const LONGEST_SLEEP_MS = 60_000;

/** Renews every target on its schedule, until none is left that can be renewed. */
export async function runSchedule(
  deps: RunDeps,
  { targets, renewableUntil }: Pick<RefreshSpec, 'targets' | 'renewableUntil'>,
): Promise<void> {
  const { clock, log, spread } = deps;
  let active = targets.map((target): Renewable => {
    return { target, ...target.validity, failures: 0, failedAt: undefined, renewableUntil, spread };
  });
  for (;;) {
    const now = clock.now();
    const next = active.map((one) => ({ one, ...nextAction(one, now) }));
    for (const item of next) if (item.action === 'give-up') log('warning', givenUp(item.one, item.why));
    const due = next.find(({ action }) => action === 'renew')?.one;
    active = next.flatMap(({ one, action }) => (action === 'give-up' ? [] : [one]));
    if (active.length === 0) return log('completed', 'Nothing is left to renew.');
    if (due === undefined) {
      const wakeAt = Math.min(...next.flatMap((item) => (item.action === 'wait' ? [item.until] : [])));
      await clock.sleep(Math.min(wakeAt - now, LONGEST_SLEEP_MS));
    } else {
      const result = await attempt(deps, due);
      active = active.map((one) => (one === due ? result : one));
    }
  }
}

async function attempt({ renew, log, clock }: RunDeps, due: Renewable): Promise<Renewable> {
  try {
    const { validity, text } = await renew(due.target);
    log('info', text);
    return { ...due, ...validity, failures: 0, failedAt: undefined };
  } catch (error) {
    const failedAt = clock.now();
    const hasExpired = failedAt >= due.expiresAt;
    // A warning as soon as later steps can notice, and only one: the attempts go on.
    const isNew = hasExpired && (due.failedAt === undefined || due.failedAt < due.expiresAt);
    const state = `${hasExpired ? 'it expired at' : 'it is valid until'} ${iso(due.expiresAt)}`;
    log(isNew ? 'warning' : 'info', `Could not renew ${nameOf(due)} (${state}): ${describe(error)}`);
    return { ...due, failures: due.failures + 1, failedAt };
  }
}

function describe(error: unknown): string {
  const { code, message, requestId } = toActionError(error);
  return `${code}: ${message}${requestId === undefined ? '' : ` Request ID: ${requestId}.`}`;
}

function givenUp(one: Renewable, why: 'failed' | 'request-token-expired'): string {
  const expiry = iso(one.expiresAt);
  return why === 'failed'
    ? `Gave up renewing ${nameOf(one)}: it expired at ${expiry}, and every attempt since then failed.`
    : `Stopped renewing ${nameOf(one)}: the job's token for requesting GitHub ID tokens has expired. It is valid until ${expiry}.`;
}

const nameOf = ({ target }: Renewable) => TOKEN_NAMES[target.kind];

function iso(time: number): string {
  return new Date(time).toISOString();
}
