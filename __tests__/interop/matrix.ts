// What the suites have found out, on its way to the matrix: one test, one row.
// Must not know the page that the matrix is kept in.
import { appendFileSync } from 'node:fs';
import { it } from '@jest/globals';
import { VERSIONS } from './clients.ts';

export interface Row {
  client: string;
  version: string;
  /** By which of the things that the action leaves the client got in. */
  door: string;
  /** `works`, `does not` if it is the client that cannot, `FAILED` if the test says otherwise than `remark`. */
  result: 'works' | 'does not' | 'FAILED';
  remark: string;
}

export type Attempt = Omit<Row, 'client' | 'version' | 'result'> & { result?: 'works' | 'does not' };

/** Rows of one client: `row({ door, remark }, test)` is a test, and `remark` is what it proves. */
export function rowsOf(client: keyof typeof VERSIONS) {
  const version = VERSIONS[client];
  return ({ door, remark, result = 'works' }: Attempt, test: () => Promise<void>): void => {
    it(`${client}, ${door}: ${remark}`, async () => {
      try {
        await test();
      } catch (error) {
        record({ client, version, door, result: 'FAILED', remark });
        throw error;
      }
      record({ client, version, door, result, remark });
    });
  };
}

function record(row: Row): void {
  const file = process.env['INTEROP_MATRIX'];
  if (file === undefined) throw new Error('rows are collected by __tests__/interop/matrix-reporter.js');
  // One short line per call: appends of several workers do not mix.
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}
