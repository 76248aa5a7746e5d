// Figures that the stress tests count and measure, for the table at the end of `npm run stress`.
import { appendFileSync } from 'node:fs';

/** Adds a line to the table in the group `suite`. */
export function figure(suite: string, what: string, value: string | number): void {
  // Several workers append: one short line per call stays whole.
  const file = process.env['STRESS_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ suite, what, value })}\n`);
}
