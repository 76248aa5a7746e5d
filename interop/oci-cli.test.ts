// Oracle's command line, as the README tells users to install and call it.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import { type Journey, startJourney } from '../__tests__/journeys/journey.ts';
import { pinned } from './clients.ts';
import { installed } from './install.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepsOf } from './step.ts';

const row = rowsOf('OCI CLI', pinned('oci', 'oci-cli'));

function cliIn({ emulator, job }: Journey) {
  const step = stepsOf(job, { OCI_CLI_ENDPOINT: emulator.urls.oci, OCI_CLI_CERT_BUNDLE: emulator.caFile });
  return (args: string, env?: Record<string, string>) => step(installed('oci', 'bin/oci'), args.split(' '), env);
}

describe('the OCI CLI', () => {
  row({ door: 'session profile', remark: 'x' }, async () => {
    const journey = await startJourney();
    expect((await journey.main()).exitCode).toBe(0);
    const oci = cliIn(journey);
    for (const args of ['--version', 'os ns get', `os bucket create --name made-here --compartment-id ${journey.emulator.inputs.tenancy}`, 'iam region list', 'session validate --local', 'session validate'])
      console.log(args, await oci(args));
    const bytes = randomBytes(5_000_000);
    writeFileSync(path.join(journey.job.workspace, 'five'), bytes);
    for (const args of ['os object put -bn made-here --file five', 'os object get -bn made-here --name five --file back', 'os object list -bn made-here', 'os object delete -bn made-here --name five --force', 'os bucket delete -bn made-here --force'])
      console.log(args, await oci(args));
    console.log(journey.emulator.journal);
  });
});
