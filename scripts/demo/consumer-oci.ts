// A later step with Oracle's SDK. It reads the profile that the action installed, and signs each request with its key.
import { SessionAuthDetailProvider } from 'oci-common';
import { ObjectStorageClient } from 'oci-objectstorage';

const bucketName = 'made-by-a-job';
const provider = new SessionAuthDetailProvider(
  process.env['OCI_CLI_CONFIG_FILE'],
  process.env['OCI_CLI_PROFILE'],
);
const client = new ObjectStorageClient({ authenticationDetailsProvider: provider });
client.endpoint = process.env['OCI_EMULATOR_ENDPOINT'] ?? '';

const { value: namespaceName } = await client.getNamespace({});
console.log(`namespace      ${namespaceName}`);

const compartmentId = provider.getTenantId();
await client.createBucket({ namespaceName, createBucketDetails: { name: bucketName, compartmentId } });
console.log(`bucket created ${bucketName}`);

const { items } = await client.listBuckets({ namespaceName, compartmentId });
console.log(`buckets        ${items.map(({ name }) => name).join(', ')}`);
if (!items.some(({ name }) => name === bucketName)) throw new Error('the bucket is not in the list');

await client.deleteBucket({ namespaceName, bucketName });
const { items: left } = await client.listBuckets({ namespaceName, compartmentId });
if (left.length > 0) throw new Error('the deleted bucket is still in the list');
console.log('bucket deleted');
client.close();
