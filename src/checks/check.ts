// Runs checks. A check that needs the result of a failed one is skipped; all others run and are reported.
import { toFailure } from '../errors/action-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { CheckReport } from '../report/doctor-report.ts';

/** The value that later checks need, or the name of the check or input that failed. */
export type CheckResult<T> = { done: true; value: T } | { done: false; missing: string };

interface Passed<T> {
  /** For later checks. */
  value?: T;
  text: string;
  /** Warnings, reported instead of the text. */
  advice?: readonly (string | undefined)[];
  facts?: Readonly<Record<string, string>>;
}

/** Thrown by a check that cannot decide. */
export class Skip extends Error {}

type Needs = readonly CheckResult<unknown>[];
type Values<N extends Needs> = { [K in keyof N]: N[K] extends CheckResult<infer T> ? T : never };

export type Check = ReturnType<typeof createCheck>;

/**
 * @param explain adds to a failure what this system knows about it
 * @returns a function that runs a check and reports it, as skipped if it needs a missing result; it never throws
 */
export function createCheck(
  group: string,
  report: (result: CheckReport) => void,
  explain: (failure: Failure) => Promise<Failure> = async (failure) => failure,
) {
  return async <T, const N extends Needs>(
    check: string,
    needs: N,
    run: (...values: Values<N>) => Passed<T> | Promise<Passed<T>>,
  ): Promise<CheckResult<T>> => {
    const settle = (outcome: Omit<CheckReport, 'group' | 'check'>) => report({ group, check, ...outcome });
    try {
      const { value, text, advice = [], facts } = await withNeeds(needs, run);
      const warnings = advice.filter((one) => one !== undefined);
      if (warnings.length === 0) settle({ verdict: 'ok', text, facts });
      else settle({ verdict: 'warning', text: warnings.join(' '), facts });
      return { done: true, value: value as T }; // without a value, T is unknown
    } catch (error) {
      if (error instanceof Skip) settle({ verdict: 'skipped', text: error.message });
      else settle(failed(await explain(toFailure(error))));
      return { done: false, missing: check };
    }
  };
}

/** @throws Skip */
export async function withNeeds<T, const N extends Needs>(
  needs: N,
  run: (...values: Values<N>) => T | Promise<T>,
): Promise<T> {
  const missing = needs.flatMap((need) => (need.done ? [] : [need.missing]));
  if (missing.length > 0) throw new Skip(`needs ${[...new Set(missing)].join(', ')}`);
  const values = needs.map((need) => (need.done ? need.value : undefined));
  return run(...(values as Values<N>));
}

function failed(error: Failure): Omit<CheckReport, 'group' | 'check'> {
  const { code, message, requestId } = error;
  const id = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
  return { verdict: 'failure', text: `${code}: ${message}${id}`, error };
}

/** The worst verdict. */
export function verdictOf(reports: readonly CheckReport[]): 'failure' | 'warning' | 'ok' {
  const has = (verdict: CheckReport['verdict']) => reports.some((report) => report.verdict === verdict);
  return has('failure') ? 'failure' : has('warning') ? 'warning' : 'ok';
}
