// A later step that calls OCI and AWS every second until its standard input ends, with released SDKs that are configured
// by environment variables only. Prints its report as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type AuthenticationDetailsProvider,
  ResourcePrincipalAuthenticationDetailsProvider,
  SessionAuthDetailProvider,
} from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

export interface StepReport {
  /** By kind of client. */
  calls: Record<string, number>;
  failures: string[];
}

type Call = () => Promise<unknown>;

const { OCI_EMULATOR_ENDPOINT = '' } = process.env;

/**
 * Within each second. Oracle's SDK for TypeScript takes a token for good until half a second before it ends, and tokens
 * end with whole seconds: a call in the second half of a second has at least one second to arrive before its token ends.
 */
const MOMENT_MS = 600;

function storage(authenticationDetailsProvider: AuthenticationDetailsProvider): ObjectStorageClient {
  const client = new ObjectStorageClient({ authenticationDetailsProvider });
  client.endpoint = OCI_EMULATOR_ENDPOINT;
  return client;
}

async function callWithNewClient(): Promise<void> {
  const { OCI_CLI_CONFIG_FILE, OCI_CLI_PROFILE } = process.env;
  const client = storage(new SessionAuthDetailProvider(OCI_CLI_CONFIG_FILE, OCI_CLI_PROFILE));
  await client.getNamespace({});
  client.close();
}

/** Keeps its session until that expires, then reads both files again. */
function longLived(): Call {
  const client = storage(ResourcePrincipalAuthenticationDetailsProvider.builder());
  return () => client.getNamespace({});
}

/** Renews credentials that expire within five minutes: with a lifetime of a minute, it reads its file at each call. */
function aws(): Call {
  const s3 = new S3Client({ forcePathStyle: true });
  return () => s3.send(new ListBucketsCommand());
}

const clients: [kind: string, call: Call][] = [
  ['fresh', callWithNewClient],
  ['long-lived', longLived()],
  ['aws', aws()],
];
const report: StepReport = { calls: {}, failures: [] };

async function attempt(kind: string, call: Call): Promise<void> {
  report.calls[kind] = (report.calls[kind] ?? 0) + 1;
  try {
    await call();
  } catch (error) {
    report.failures.push(`${new Date().toISOString()} ${kind}: ${String(error)} ${JSON.stringify(error)}`);
  }
}

let hasEnded = false;
process.stdin.on('end', () => {
  hasEnded = true;
});
process.stdin.resume();
do {
  await sleep((1000 + MOMENT_MS - (Date.now() % 1000)) % 1000);
  await Promise.all(clients.map(([kind, call]) => attempt(kind, call)));
  // Out of the moment just used, lest a quick round be followed by another within it.
  await sleep(100);
} while (!hasEnded);
process.stdout.write(JSON.stringify(report));
