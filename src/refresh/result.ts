// What a renewal says to the process that waits for it: lines of JSON. No secret is among it.
import { parseObject, quote } from '../response.ts';
import type { Renewed } from './run.ts';
import type { Term } from './spec.ts';

/** A line for the log, or the one result: with a term it worked, without one it did not. */
export type Said = { log: string } | { text: string; term?: Term };

export function resultLine(said: Said): string {
  return `${JSON.stringify(said)}\n`;
}

/**
 * Runs a renewal and reads what it says.
 * @param run gives each line of it, and how it ended
 */
export async function readResult(
  run: (take: (line: string) => void) => Promise<string>,
  onLog: (text: string) => void,
): Promise<Renewed> {
  let result: Renewed | undefined;
  const ended = await run((line) => {
    const { log, text, term } = parseObject(line) ?? {};
    if (typeof log === 'string') onLog(log);
    if (typeof text === 'string') result = { text: quote(text, []), term: isTerm(term) ? term : undefined };
  });
  return result ?? { term: undefined, text: `the process that renews ended without a word (${ended}).` };
}

function isTerm(value: unknown): value is Term {
  const { issuedAt, expiresAt } = Object(value) as Partial<Term>;
  return Number.isFinite(issuedAt) && Number.isFinite(expiresAt);
}
