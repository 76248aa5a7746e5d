// Turns rows of the fault matrix into tests and counts what they have tried. Must not know any fault.
import { afterAll, describe, it } from '@jest/globals';
import { figure } from '../figures.ts';
import { type Cell, type Tried, tryCell } from './fault-cells.ts';
import { type Endpoint, type Outcome, ROWS } from './fault-matrix.ts';

/** Every fault that lasts, at these endpoints. */
export function lasting(endpoints: readonly Endpoint[]): Cell[] {
  return ROWS.flatMap((row) =>
    endpoints.flatMap((endpoint) => {
      const outcome = row.expected[endpoint];
      return typeof outcome === 'string' ? [] : [{ ...row, endpoint, outcome, once: false }];
    }),
  );
}

/** Every fault that another try may not meet, at every endpoint that is asked again. */
export function passing(endpoints: readonly Endpoint[]): Cell[] {
  const outcome: Outcome = { code: 'succeeds', tries: 2 };
  return lasting(endpoints)
    .filter(({ mayPass }) => mayPass)
    .map((cell) => ({ ...cell, outcome, once: true }));
}

/** One test per cell, and at the end the figures of all. */
export function trySuite(name: string, cells: readonly Cell[]): void {
  const tried: Tried[] = [];
  describe.each([...new Set(cells.map(({ endpoint }) => endpoint))])(`${name}: %s`, (endpoint) => {
    const own = cells.filter((cell) => cell.endpoint === endpoint);
    it.each(own.map((cell) => [cell.what, describeOutcome(cell.outcome), cell] as const))(
      '%s: %s',
      async (_what, _outcome, cell) => {
        tried.push(await tryCell(cell));
      },
    );
  });
  afterAll(() => {
    const sum = (count: (one: Tried) => number) => tried.reduce((total, one) => total + count(one), 0);
    const distinct = (of: (cell: Cell) => string) => new Set(cells.map(of)).size;
    figure(
      'fault matrix',
      `${name}: endpoints`,
      distinct(({ endpoint }) => endpoint),
    );
    figure(
      'fault matrix',
      `${name}: faults`,
      distinct(({ what }) => what),
    );
    figure('fault matrix', `${name}: cells as expected`, `${tried.length} of ${cells.length}`);
    figure(
      'fault matrix',
      `${name}: tries made`,
      sum(({ tries }) => tries),
    );
    figure(
      'fault matrix',
      `${name}: secrets searched for, none shown`,
      sum(({ secrets }) => secrets),
    );
  });
}

function describeOutcome({ code, tries, warning }: Outcome): string {
  return `${code}${warning === undefined ? '' : ' with a warning'}, ${tries} ${tries === 1 ? 'try' : 'tries'}`;
}
