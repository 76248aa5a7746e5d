// Figures that the stress tests count and measure, for the table at the end of `npm run stress`.
import { appendFileSync } from 'node:fs';

/** Adds a line to the table. `suite` is its group, such as "crashes". */
export function figure(suite: string, what: string, value: string | number): void {
  // One short line per call: appends of several workers do not mix.
  const file = process.env['STRESS_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ suite, what, value })}\n`);
}
