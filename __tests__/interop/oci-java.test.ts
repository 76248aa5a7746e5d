// Oracle's SDK for Java, which refreshes sessions itself.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Journey } from '../e2e/journey.ts';
import { installed } from './install.ts';
import { loggedIn, statuses, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { runOverThreeSessions, SHORT } from './refreshed.ts';
import { type Ended, stepIn } from './step.ts';

const row = rowsOf('OCI SDK for Java');
const OBJECTS = 'namespace, bucket, 5 MB uploaded and downloaded, list, delete';
const PRINCIPAL = { 'export-for': 'resource-principal' };

/** Runs a task with a provider. Resolves no host but the emulator's: the SDK calls Oracle to refresh. */
function java({ emulator, job }: Journey, ...args: string[]): Promise<Ended> {
  const [store, hosts] = [path.join(job.workspace, 'trusted.p12'), path.join(job.workspace, 'hosts')];
  writeFileSync(hosts, '127.0.0.1 localhost\n');
  const trust = ['-importcert', '-noprompt', '-file', emulator.caFile, '-keystore', store];
  execFileSync('keytool', [...trust, '-storetype', 'PKCS12', '-storepass', 'changeit'], { stdio: 'pipe' });
  const step = stepIn(job, {
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    // A workflow takes it from `${{ steps.login.outputs.tenancy }}`.
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

const WORKING: readonly [access: string, provider: string, inputs: Record<string, string>, by: string][] = [
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

for (const [access, provider, inputs, by] of WORKING) {
  row({ access, remark: `${by}: ${OBJECTS}` }, async () => {
    const journey = await loggedIn(inputs);
    const ended = await java(journey, provider, 'objects');
    stdoutOf(ended);
    expect(ended.stderr).not.toContain('refresh');
    expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
  });
}

row(
  {
    access: 'session profile',
    remark: `with default settings, it asks Oracle for a refresh at once, logs one error when that fails, and continues: ${OBJECTS}`,
  },
  async () => {
    const journey = await loggedIn({ profile: 'CI' });
    const session = path.join(journey.job.home, '.oci/sessions/CI/token');
    const before = readFileSync(session, 'utf8');
    const ended = await java(journey, 'session', 'objects');
    stdoutOf(ended);
    expect(ended.stderr.match(/ERROR .*Unable to refresh session token/g)).toHaveLength(1);
    expect(ended.stderr).toContain(`auth.${journey.emulator.inputs.region}.oraclecloud.com`);
    expect(readFileSync(session, 'utf8')).toBe(before);
    expect(new Set(statuses(journey))).toEqual(new Set([200, 204]));
  },
);

for (const [provider, how] of [
  ['session', 'with default settings'],
  ['session-not-scheduled', 'without its scheduled refresh'],
] as const) {
  const remark = `${how}, one client works over three sessions: after a 401, which the program does not see, it reads the token again`;
  row({ access: '`refresh: true`', remark }, async () => {
    const { seen, sent } = await runOverThreeSessions(SHORT, { profile: 'CI' }, (journey, file) =>
      java(journey, provider, 'long-lived', file),
    );
    expect(new Set(seen)).toEqual(new Set([200]));
    expect(new Set(sent)).toEqual(new Set([200, 401]));
  });
}

row(
  {
    access: '`resource-principal`, `refresh: true`',
    remark: 'one client works over three sessions: when one ends, token and key are read again',
  },
  async () => {
    // The SDK uses a token until it expires. A request that arrives too late is refused, and the SDK repeats it.
    const { seen } = await runOverThreeSessions(SHORT, PRINCIPAL, (journey, file) =>
      java(journey, 'resource-principal', 'long-lived', file),
    );
    expect(new Set(seen)).toEqual(new Set([200]));
  },
);
