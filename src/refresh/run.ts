// The process in the background for as long as a job runs: waits, has renewed what is due, waits again.
// Knows when and how often; not what is renewed, from whom, or where to. Holds no token.
import type { Clock } from '../ports.ts';
import type { Entry } from './log.ts';
import { type Plan, planRefresh, type Renewable } from './schedule.ts';
import type { ChargeName, Term } from './spec.ts';

/** What came of one attempt. */
export interface Renewed {
  /** Undefined where it failed. */
  term: Term | undefined;
  text: string;
}

export interface SupervisorParts {
  clock: Pick<Clock, 'now'>;
  /** One attempt, in a process of its own, so that this one stays as small as it is; never throws. */
  renew: (charge: ChargeName, tell: (text: string) => void, ending: AbortSignal) => Promise<Renewed>;
  /** Waits so long, or until the end. */
  doze: (milliseconds: number, ending: AbortSignal) => Promise<void>;
  tell: (kind: Entry['kind'], text: string) => void;
  /** Its reason says why. */
  ending: AbortSignal;
  /** 0 to 1, by lot. */
  spread: number;
}

type Kept = Renewable & { name: ChargeName };

export const NAMES: Readonly<Record<ChargeName, string>> = {
  session: 'the session token',
  'id-token': "the job's token",
  'access-token': 'the access token for AWS',
};

/** Ends when told to, or when nothing is left that could be renewed. */
export async function supervise(
  parts: SupervisorParts,
  terms: Readonly<Partial<Record<ChargeName, Term>>>,
  lastChanceAt: number,
): Promise<void> {
  const { ending, tell, clock, spread, doze } = parts;
  const common = { failures: 0, failedAt: undefined, lastChanceAt, spread };
  let kept = (Object.entries(terms) as [ChargeName, Term][]).map(
    ([name, term]): Kept => ({ name, ...term, ...common }),
  );
  while (!ending.aborted) {
    const plans = kept.map((one) => ({ one, plan: planRefresh(one, clock.now()) }));
    for (const { one, plan } of plans) if (plan.action === 'give-up') tell('note', farewell(one, plan));
    const due = plans.find(({ plan }) => plan.action === 'renew')?.one;
    kept = plans.flatMap(({ one, plan }) => (plan.action === 'give-up' ? [] : [one]));
    if (kept.length === 0) return tell('ended', 'Nothing is left that could be renewed.');
    if (due === undefined) await doze(nextWake(plans.map(({ plan }) => plan)) - clock.now(), ending);
    else {
      const result = await attempt(parts, due);
      kept = kept.map((one) => (one === due ? result : one));
    }
  }
  tell('ended', `Ended: ${String(ending.reason)}.`);
}

function nextWake(plans: readonly Plan[]): number {
  return Math.min(...plans.map((plan) => (plan.action === 'wait' ? plan.until : Number.POSITIVE_INFINITY)));
}

async function attempt({ renew, tell, clock, ending }: SupervisorParts, due: Kept): Promise<Kept> {
  const { term, text } = await renew(due.name, (line) => tell('line', line), ending);
  if (ending.aborted) return due;
  if (term !== undefined) {
    tell('line', text);
    return { ...due, ...term, failures: 0, failedAt: undefined };
  }
  const failedAt = clock.now();
  const failed = { ...due, failures: due.failures + 1, failedAt };
  const isOver = failedAt >= due.expiresAt;
  // Said as soon as later steps may feel it, and once: the tries go on.
  const isNews = isOver && !((due.failedAt ?? 0) >= due.expiresAt);
  const state = isOver ? `it ended at ${iso(due.expiresAt)}` : `it is good until ${iso(due.expiresAt)}`;
  tell(isNews ? 'note' : 'line', `${capitalised(NAMES[due.name])} could not be renewed (${state}): ${text}`);
  return failed;
}

function farewell({ name, expiresAt }: Kept, { why }: Extract<Plan, { action: 'give-up' }>): string {
  const what = capitalised(NAMES[name]);
  return why === 'failed'
    ? `${what} is given up: it ended at ${iso(expiresAt)}, and every attempt since has failed.`
    : `${what} is renewed no more: what GitHub gave this job to ask for its identity with has expired. It is good until ${iso(expiresAt)}.`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
