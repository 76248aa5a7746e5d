// Calls OCI with the released SDK as a resource principal, configured by environment variables only.
import { ResourcePrincipalAuthenticationDetailsProvider } from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

const authenticationDetailsProvider = ResourcePrincipalAuthenticationDetailsProvider.builder();
const client = new ObjectStorageClient({ authenticationDetailsProvider });
client.endpoint = process.env['OCI_EMULATOR_ENDPOINT'] ?? '';
const { value } = await client.getNamespace({});
const tenant = await authenticationDetailsProvider.getStringClaim('tenant');
process.stdout.write(JSON.stringify({ namespace: value, tenant }));
client.close();
