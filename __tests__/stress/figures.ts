// What the slow suites have counted and measured, on its way to the table that `npm run stress` ends with.
import { appendFileSync } from 'node:fs';

/** Adds one line to the table; `suite` is its group, such as "kills". */
export function figure(suite: string, what: string, value: string | number): void {
  // One short line per call: appends of several workers do not mix.
  const file = process.env['TORTURE_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ suite, what, value })}\n`);
}
