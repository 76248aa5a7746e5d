// Calls OCI with the released SDK and a profile. Arguments: the config file, the name of the profile.
import { SessionAuthDetailProvider } from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

const [, , config, profile] = process.argv;
const authenticationDetailsProvider = new SessionAuthDetailProvider(config, profile);
const client = new ObjectStorageClient({ authenticationDetailsProvider });
client.endpoint = process.env['OCI_EMULATOR_ENDPOINT'] ?? '';
const { value } = await client.getNamespace({});
process.stdout.write(JSON.stringify({ namespace: value }));
client.close();
