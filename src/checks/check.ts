// A row of checks, each of which may build on what earlier ones have brought. Knows verdicts, not what is checked.
import { type ActionError, toActionError } from '../errors/action-error.ts';

export type Verdict = 'ok' | 'warning' | 'failure' | 'skipped';

export interface Finding {
  group: string;
  check: string;
  verdict: Verdict;
  text: string;
  /** What to do about a failure. */
  remedy?: string | undefined;
  /** Names and values worth a line each. */
  facts?: Readonly<Record<string, string>> | undefined;
  /** For the debug log. */
  error?: ActionError;
}

/** What a check has brought, or which one stands in the way. */
export type Outcome<T> = { done: true; value: T } | { done: false; missing: string };

export interface Told<T> {
  value: T;
  text: string;
  /** What is amiss without being wrong; said in the place of the text. */
  advice?: readonly (string | undefined)[];
  facts?: Readonly<Record<string, string>>;
}

/** Thrown by a check that has no say. */
export class Skip extends Error {}

type Needs = readonly Outcome<unknown>[];
type Values<N extends Needs> = { [K in keyof N]: N[K] extends Outcome<infer T> ? T : never };

export interface Checkup {
  findings: readonly Finding[];
  /** Begins a group of checks. */
  begin(group: string): void;
  /** Runs a check unless one that it needs has brought nothing; never throws. */
  check<T, const N extends Needs>(
    name: string,
    needs: N,
    ask: (...values: Values<N>) => Told<T> | Promise<Told<T>>,
  ): Promise<Outcome<T>>;
}

export function createCheckup(tell: (finding: Finding) => void): Checkup {
  const findings: Finding[] = [];
  let group = '';
  const note = (finding: Omit<Finding, 'group'>) => {
    findings.push({ group, ...finding });
    tell({ group, ...finding });
  };
  return {
    findings,
    begin: (name) => {
      group = name;
    },
    async check(check, needs, ask) {
      try {
        const { value, text, advice = [], facts } = await withNeeds(needs, ask);
        const amiss = advice.filter((one) => one !== undefined);
        const verdict = amiss.length > 0 ? 'warning' : 'ok';
        note({ check, verdict, text: amiss.length > 0 ? amiss.join(' ') : text, facts });
        return { done: true, value };
      } catch (error) {
        note({ check, ...(error instanceof Skip ? skipped(error) : failed(toActionError(error))) });
        return { done: false, missing: check };
      }
    },
  };
}

/** @throws Skip */
export function withNeeds<T, const N extends Needs>(needs: N, ask: (...values: Values<N>) => T): T {
  const missing = needs.flatMap((need) => (need.done ? [] : [need.missing]));
  if (missing.length > 0) throw new Skip(`needs ${[...new Set(missing)].join(', ')}`);
  const values = needs.map((need) => (need.done ? need.value : undefined));
  return ask(...(values as Values<N>));
}

function skipped({ message: text }: Skip): Pick<Finding, 'verdict' | 'text'> {
  return { verdict: 'skipped', text };
}

function failed(error: ActionError): Omit<Finding, 'group' | 'check'> {
  const { code, message, requestId, remedy, facts } = error;
  const id = requestId === undefined ? '' : ` Request id: ${requestId}.`;
  return { verdict: 'failure', text: `${code}: ${message}${id}`, remedy, facts, error };
}

/** As bad as the worst of them. */
export function verdictOf(findings: readonly Finding[]): Exclude<Verdict, 'skipped'> {
  const worst = (['failure', 'warning'] as const).find((verdict) =>
    findings.some((finding) => finding.verdict === verdict),
  );
  return worst ?? 'ok';
}
