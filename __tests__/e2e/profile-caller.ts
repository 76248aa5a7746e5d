// What a later step's own program does with a profile of the config that it is given: the stock SDK.
import { SessionAuthDetailProvider } from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

const [, , config, profile] = process.argv;
const authenticationDetailsProvider = new SessionAuthDetailProvider(config, profile);
const client = new ObjectStorageClient({ authenticationDetailsProvider });
client.endpoint = process.env['OCI_EMULATOR_ENDPOINT'] ?? '';
const { value } = await client.getNamespace({});
process.stdout.write(JSON.stringify({ namespace: value }));
client.close();
