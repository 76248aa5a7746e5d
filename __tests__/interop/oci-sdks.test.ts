// Oracle's SDKs for Python and TypeScript. Programs pass the session to them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { type Journey, startJourney } from '../e2e/journey.ts';
import { until } from '../e2e/refresher.ts';
import { VERSIONS } from './clients.ts';
import { installed } from './install.ts';
import { loggedIn, statuses, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepIn } from './step.ts';

const root = path.join(import.meta.dirname, '../..');

interface Sdk {
  row: ReturnType<typeof rowsOf>;
  file(): string;
  /** A program that uses Object Storage. */
  objects: string;
  remark: string;
  /** Part of its output. */
  prints: string;
  longLived: string;
}

const PYTHON: Sdk = {
  row: rowsOf('OCI SDK for Python'),
  file: () => installed('oci', 'bin/python'),
  objects: '__tests__/interop/programs/object_storage.py',
  prints: `${VERSIONS['OCI SDK for Python']}\n`,
  remark: '`SecurityTokenSigner`: namespace, bucket, 5 MB uploaded and downloaded, list, delete',
  longLived: '__tests__/interop/programs/long_lived.py',
};
const TYPESCRIPT: Sdk = {
  row: rowsOf('OCI SDK for TypeScript'),
  file: () => process.execPath,
  objects: 'scripts/demo/consumer-oci.ts',
  prints: 'bucket deleted\n',
  remark: '`SessionAuthDetailProvider`: namespace, bucket created, listed and deleted',
  longLived: '__tests__/interop/programs/long-lived.ts',
};

function run(sdk: Sdk, program: string, args: string[], { emulator, job }: Journey): Promise<Ended> {
  const step = stepIn(job, {
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    REQUESTS_CA_BUNDLE: emulator.caFile,
  });
  return step(sdk.file(), [path.join(root, program), ...args]);
}

/** A program that runs while its session of one minute expires and a repeated login renews it. */
async function outlive(sdk: Sdk): Promise<string[]> {
  let passed = 0;
  const journey = await startJourney({
    clock: () => Date.now() + passed,
    world: { upstLifetimeSeconds: 60 },
  });
  expect((await journey.main({ refresh: 'false' })).exitCode).toBe(0);
  const again = path.join(journey.job.workspace, 'again');
  const running = run(sdk, sdk.longLived, [again], journey);
  await until(() => statuses(journey).length > 0);
  passed = 120_000;
  journey.emulator.world.settings.upstLifetimeSeconds = 3600;
  expect((await journey.main({ refresh: 'false' })).exitCode).toBe(0);
  writeFileSync(again, '');
  return stdoutOf(await running)
    .trimEnd()
    .split('\n');
}

for (const sdk of [PYTHON, TYPESCRIPT]) {
  sdk.row({ access: 'session profile', remark: sdk.remark }, async () => {
    const journey = await loggedIn({ profile: 'CI' });
    expect(stdoutOf(await run(sdk, sdk.objects, [], journey))).toContain(sdk.prints);
    expect(statuses(journey).every((status) => status < 300)).toBe(true);
  });

  sdk.row(
    {
      access: 'token replaced while it runs',
      result: 'does not',
      remark: 'a client keeps its first token and gets 401 when that expires; a new client works',
    },
    async () => {
      expect(await outlive(sdk)).toEqual(['200', '401', '200']);
    },
  );
}
