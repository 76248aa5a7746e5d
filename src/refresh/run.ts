import { toFailure } from '../errors/action-error.ts';
import type { Clock } from '../ports.ts';
import type { EntryKind } from './log.ts';
import type { Renewal } from './renew.ts';
import { attemptLimit, type NextAction, nextAction, type RefreshState } from './schedule.ts';
import type { RefreshSpec, RefreshTarget } from './spec.ts';

export interface RunDeps {
  clock: Clock;
  /** One renewal, with the retries of its requests, which must end within the limit in milliseconds. */
  renew: (target: RefreshTarget, limitMs: number) => Promise<Renewal>;
  log: (kind: EntryKind, text: string) => void;
  /** 0 to 1, see `RefreshState`. */
  spread: number;
}

export const TOKEN_NAMES: Readonly<Record<RefreshTarget['kind'], string>> = {
  session: 'the OCI session token',
  'id-token': "the job's ID token",
  'access-token': 'the access token for AWS',
};

/** A timer stops while the machine is suspended. After that, a renewal is late by up to this time. */
const LONGEST_SLEEP_MS = 60_000;

/** Renews each target on its own schedule; no target waits for another. Ends when no target can be renewed any more. */
export async function runSchedule(deps: RunDeps, { targets }: Pick<RefreshSpec, 'targets'>): Promise<void> {
  const { spread } = deps;
  await Promise.all(
    targets.map((target) =>
      runTarget(deps, target, {
        ...target.validity,
        failures: 0,
        renewableUntil: target.renewableUntil,
        spread,
      }),
    ),
  );
  deps.log('completed', 'Nothing is left to renew.');
}

async function runTarget(deps: RunDeps, target: RefreshTarget, first: RefreshState): Promise<void> {
  const { clock, log } = deps;
  let state = first;
  for (;;) {
    const now = clock.now();
    const next = nextAction(state, now);
    if (next.action === 'give-up')
      return log('warning', describeGiveUp(TOKEN_NAMES[target.kind], state.expiresAt, next));
    if (next.action === 'wait') await clock.sleep(Math.min(next.until - now, LONGEST_SLEEP_MS));
    else state = await attempt(deps, target, state);
  }
}

async function attempt(
  { renew, log, clock }: RunDeps,
  target: RefreshTarget,
  state: RefreshState,
): Promise<RefreshState> {
  try {
    const { validity, text } = await renew(target, attemptLimit(state));
    log('info', text);
    return { ...state, ...validity, failures: 0, failedAt: undefined };
  } catch (error) {
    const { code, message, requestId } = toFailure(error);
    const failedAt = clock.now();
    const hasExpired = failedAt >= state.expiresAt;
    // Warns once, when the token has expired and later steps can fail. The attempts continue.
    const isNew = hasExpired && (state.failedAt === undefined || state.failedAt < state.expiresAt);
    const validity = `${hasExpired ? 'it expired at' : 'it is valid until'} ${iso(state.expiresAt)}`;
    const reason = `${code}: ${message}${requestId === undefined ? '' : ` Request ID: ${requestId}.`}`;
    log(isNew ? 'warning' : 'info', `Could not renew ${TOKEN_NAMES[target.kind]} (${validity}): ${reason}`);
    return { ...state, failures: state.failures + 1, failedAt };
  }
}

function describeGiveUp(
  name: string,
  expiresAt: number,
  { why }: NextAction & { action: 'give-up' },
): string {
  const expiry = iso(expiresAt);
  return why === 'failed'
    ? `Gave up renewing ${name}: it expired at ${expiry}, and every attempt since then failed.`
    : `Stopped renewing ${name}: the job can get no more ID tokens. The last token is valid until ${expiry}.`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
