// Oracle's SDK for Java, which has a refresh of its own.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Journey } from '../__tests__/journeys/journey.ts';
import { installed } from './install.ts';
import { keptFresh } from './kept-fresh.ts';
import { good, loggedIn, statuses } from './login.ts';
import { rowsOf } from './matrix.ts';
import { type Ended, stepsOf } from './step.ts';

const row = rowsOf('OCI SDK for Java');
const OBJECTS = 'namespace, bucket, 5 MB put and got back, list, delete';
const PRINCIPAL = { 'export-for': 'resource-principal' };

/** One provider, one task; no name but the emulator's leads anywhere, above all not that of Oracle's own refresh. */
function java({ emulator, job }: Journey, ...args: string[]): Promise<Ended> {
  const [store, hosts] = [path.join(job.workspace, 'trusted.p12'), path.join(job.workspace, 'hosts')];
  writeFileSync(hosts, '127.0.0.1 localhost\n');
  const trust = ['-importcert', '-noprompt', '-file', emulator.caFile, '-keystore', store];
  execFileSync('keytool', [...trust, '-storetype', 'PKCS12', '-storepass', 'changeit'], { stdio: 'pipe' });
  const step = stepsOf(job, {
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    // As `${{ steps.login.outputs.tenancy }}` would.
    TENANCY: emulator.inputs.tenancy,
    JAVA_TOOL_OPTIONS: [
      `-Djavax.net.ssl.trustStore=${store}`,
      '-Djavax.net.ssl.trustStorePassword=changeit',
      `-Djdk.net.hosts.file=${hosts}`,
    ].join(' '),
  });
  const classPath = ['classes', 'lib/*'].map((name) => installed('java', name)).join(path.delimiter);
  return step('java', ['-cp', classPath, 'Interop', ...args]);
}

const WORKING: readonly [door: string, provider: string, inputs: Record<string, string>, by: string][] = [
  [
    'session profile',
    'session-not-scheduled',
    { profile: 'CI' },
    '`SessionTokenAuthenticationDetailsProvider` built with `disableScheduledRefresh`',
  ],
  [
    '`resource-principal`',
    'resource-principal',
    PRINCIPAL,
    '`ResourcePrincipalAuthenticationDetailsProvider`',
  ],
];

for (const [door, provider, inputs, by] of WORKING) {
  row({ door, remark: `${by}: ${OBJECTS}` }, async () => {
    const journey = await loggedIn(inputs);
    const ended = await java(journey, provider, 'objects');
    good(ended);
    expect(ended.stderr).not.toContain('refresh');
    expect([...new Set(statuses(journey))]).toEqual([200, 204]);
  });
}

row(
  {
    door: 'session profile',
    remark: `as it comes, it asks Oracle for a refresh at once; when that fails it logs an error, once, and goes on: ${OBJECTS}`,
  },
  async () => {
    const journey = await loggedIn({ profile: 'CI' });
    const session = path.join(journey.job.home, '.oci/sessions/CI/token');
    const before = readFileSync(session, 'utf8');
    const ended = await java(journey, 'session', 'objects');
    good(ended);
    expect(ended.stderr.match(/ERROR .*Unable to refresh session token/g)).toHaveLength(1);
    expect(ended.stderr).toContain(`auth.${journey.emulator.inputs.region}.oraclecloud.com`);
    expect(readFileSync(session, 'utf8')).toBe(before);
    expect([...new Set(statuses(journey))]).toEqual([200, 204]);
  },
);

/** Three of five seconds each. */
const LASTS_MS = 15_000;
const SECONDS = { upstLifetimeSeconds: 5, githubJwtLifetimeSeconds: 60 };
const LONG_LIVED: readonly [
  door: string,
  provider: string,
  inputs: Record<string, string>,
  answered: number[],
  why: string,
][] = [
  [
    '`refresh: true`',
    'session',
    { profile: 'CI' },
    [200, 401],
    'reads the token again after a 401, which the program does not see',
  ],
  ['`refresh: true`', 'session-not-scheduled', { profile: 'CI' }, [200, 401], 'likewise'],
  [
    '`resource-principal`, `refresh: true`',
    'resource-principal',
    PRINCIPAL,
    [200],
    'token and key are read again',
  ],
];

for (const [door, provider, inputs, answered, why] of LONG_LIVED) {
  row({ door, remark: `one client goes on over three sessions: ${why}` }, async () => {
    const ended = await keptFresh(SECONDS, inputs, LASTS_MS, (journey, _outputs, file) =>
      java(journey, provider, 'long-lived', file),
    );
    expect(ended).toEqual({ seen: [200], answered });
  });
}
