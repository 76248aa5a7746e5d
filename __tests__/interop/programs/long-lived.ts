// A program that runs longer than its session. It calls, waits until the file of its argument exists, and calls again.
// Prints the status of each call: with the first provider, with the same provider again, and with a new one.
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { OciError, SessionAuthDetailProvider } from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

function clientFromProfile(): ObjectStorageClient {
  const { OCI_CLI_CONFIG_FILE: file, OCI_CLI_PROFILE: profile, OCI_EMULATOR_ENDPOINT = '' } = process.env;
  const authenticationDetailsProvider = new SessionAuthDetailProvider(file, profile);
  const client = new ObjectStorageClient({ authenticationDetailsProvider });
  client.endpoint = OCI_EMULATOR_ENDPOINT;
  return client;
}

async function call(client: ObjectStorageClient): Promise<void> {
  try {
    await client.getNamespace({});
    console.log(200);
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    console.log(error.statusCode);
  }
}

const first = clientFromProfile();
await call(first);
while (!existsSync(process.argv[2] ?? '')) await setTimeout(50);
await call(first);
await call(clientFromProfile());
// The SDK's circuit breakers keep the process alive.
process.exit();
