// Each test is a row of the matrix in results.md.
import { appendFileSync } from 'node:fs';
import { it } from '@jest/globals';
import { VERSIONS } from './clients.ts';

export interface Row {
  client: string;
  version: string;
  /** What the client uses: a profile, an export target, an input. */
  access: string;
  /** `does not`: the client cannot do this. `FAILED`: the test disproves the remark. */
  result: 'works' | 'does not' | 'FAILED';
  remark: string;
}

export type Attempt = Omit<Row, 'client' | 'version' | 'result'> & { result?: 'works' | 'does not' };

/** Returns a function that defines a test of this client. `remark` is what the test proves. */
export function rowsOf(client: keyof typeof VERSIONS) {
  const version = VERSIONS[client];
  return ({ access, remark, result = 'works' }: Attempt, test: () => Promise<void>): void => {
    it(`${client}, ${access}: ${remark}`, async () => {
      try {
        await test();
      } catch (error) {
        record({ client, version, access, result: 'FAILED', remark });
        throw error;
      }
      record({ client, version, access, result, remark });
    });
  };
}

function record(row: Row): void {
  const file = process.env['INTEROP_MATRIX'];
  if (file === undefined) throw new Error('run this with npm run interop');
  // One short line per call: appends of several workers do not mix.
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}
