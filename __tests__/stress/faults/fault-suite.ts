// Turns rows of the fault matrix into tests, and counts attempts and secrets.
import { afterAll, describe, it } from '@jest/globals';
import { figure } from '../figures.ts';
import { type Cell, type CellFigures, runCell } from './fault-cells.ts';
import { type Endpoint, type Outcome, ROWS } from './fault-matrix.ts';

/** Returns a cell for every permanent fault at these endpoints. */
export function lasting(endpoints: readonly Endpoint[]): Cell[] {
  return ROWS.flatMap((row) =>
    endpoints.flatMap((endpoint) => {
      const outcome = row.expected[endpoint];
      return typeof outcome === 'string' ? [] : [{ ...row, endpoint, outcome, once: false }];
    }),
  );
}

/** Returns a cell for every fault that is retried, in the first request only. */
export function passing(endpoints: readonly Endpoint[]): Cell[] {
  const outcome: Outcome = { code: 'succeeds', attempts: 2 };
  return lasting(endpoints)
    .filter(({ mayPass }) => mayPass)
    .map((cell) => ({ ...cell, outcome, once: true }));
}

/** Defines one test per cell, and adds their figures to the table. */
export function runSuite(name: string, cells: readonly Cell[]): void {
  const done: CellFigures[] = [];
  describe.each([...new Set(cells.map(({ endpoint }) => endpoint))])(`${name}: %s`, (endpoint) => {
    const own = cells.filter((cell) => cell.endpoint === endpoint);
    it.each(own.map((cell) => [cell.what, describeOutcome(cell.outcome), cell] as const))(
      '%s: %s',
      async (_what, _outcome, cell) => {
        done.push(await runCell(cell));
      },
    );
  });
  afterAll(() => {
    const sum = (count: (one: CellFigures) => number) => done.reduce((total, one) => total + count(one), 0);
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
    figure('fault matrix', `${name}: cells as expected`, `${done.length} of ${cells.length}`);
    figure(
      'fault matrix',
      `${name}: attempts made`,
      sum(({ attempts }) => attempts),
    );
    figure(
      'fault matrix',
      `${name}: secrets searched for, none found`,
      sum(({ secrets }) => secrets),
    );
  });
}

function describeOutcome({ code, attempts, warning }: Outcome): string {
  return `${code}${warning === undefined ? '' : ' with a warning'}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}
