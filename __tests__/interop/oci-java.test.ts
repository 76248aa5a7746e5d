// Oracle's SDK for Java, which has a refresh of its own.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Journey } from '../e2e/journey.ts';
import { installed } from './install.ts';
import { good, loggedIn, statuses } from './login.ts';
import { rowsOf } from './matrix.ts';
import { keptFresh, SHORT } from './refreshed.ts';
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
    expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
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
    expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
  },
);

for (const [provider, how] of [
  ['session', 'as it comes'],
  ['session-not-scheduled', 'without its scheduled refresh'],
] as const) {
  const remark = `${how}, one client goes on over three sessions: after a 401, which the program does not see, it reads the token again`;
  row({ door: '`refresh: true`', remark }, async () => {
    const { seen, answered } = await keptFresh(SHORT, { profile: 'CI' }, (journey, file) =>
      java(journey, provider, 'long-lived', file),
    );
    expect(new Set(seen)).toEqual(new Set([200]));
    expect(new Set(answered)).toEqual(new Set([200, 401]));
  });
}

row(
  {
    door: '`resource-principal`, `refresh: true`',
    remark: 'one client goes on over three sessions: when one ends, token and key are read again',
  },
  async () => {
    // Up to the last moment of a token: a call that arrives a moment later is refused, and the client repeats it.
    const { seen } = await keptFresh(SHORT, PRINCIPAL, (journey, file) =>
      java(journey, 'resource-principal', 'long-lived', file),
    );
    expect(new Set(seen)).toEqual(new Set([200]));
  },
);
