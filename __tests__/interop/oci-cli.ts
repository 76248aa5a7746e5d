// Oracle's command line in a later step, with nothing but the endpoint and whom to trust. What its suites share.
import type { Journey } from '../e2e/journey.ts';
import { installed } from './install.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepsOf } from './step.ts';

export const row = rowsOf('OCI CLI');

/** What `os ns get` prints. */
export const NAMESPACE = '{\n  "data": "acmenamespace"\n}\n';

/** `args` hold no blanks but those between them. */
export function cliIn({
  emulator,
  job,
}: Pick<Journey, 'emulator' | 'job'>): (args: string) => Promise<Ended> {
  const step = stepsOf(job, { OCI_CLI_ENDPOINT: emulator.urls.oci, OCI_CLI_CERT_BUNDLE: emulator.caFile });
  return (args) => step(installed('oci', 'bin/oci'), args.split(' '));
}
