import type { Journey } from '../e2e/journey.ts';
import { installed } from './install.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepIn } from './step.ts';

export const row = rowsOf('OCI CLI');

/** The output of `os ns get`. */
export const NAMESPACE = '{\n  "data": "acmenamespace"\n}\n';

/** The OCI CLI in a later step. `args` are separated by spaces. */
export function cliIn({
  emulator,
  job,
}: Pick<Journey, 'emulator' | 'job'>): (args: string) => Promise<Ended> {
  const step = stepIn(job, { OCI_CLI_ENDPOINT: emulator.urls.oci, OCI_CLI_CERT_BUNDLE: emulator.caFile });
  return (args) => step(installed('oci', 'bin/oci'), args.split(' '));
}
