"""A later step with Oracle's Python SDK and the signer that the README names. Prints the version of the SDK."""
import os

import oci

config = oci.config.from_file(
    os.environ["OCI_CLI_CONFIG_FILE"], os.environ["OCI_CLI_PROFILE"]
)
with open(config["security_token_file"]) as file:
    token = file.read()
key = oci.signer.load_private_key_from_file(config["key_file"])
client = oci.object_storage.ObjectStorageClient(
    config,
    signer=oci.auth.signers.SecurityTokenSigner(token, key),
    service_endpoint=os.environ["OCI_EMULATOR_ENDPOINT"],
)

namespace = client.get_namespace().data
details = oci.object_storage.models.CreateBucketDetails(
    name="made-here", compartment_id=config["tenancy"]
)
client.create_bucket(namespace, details)
content = os.urandom(5_000_000)
client.put_object(namespace, "made-here", "a/five", content)
assert client.get_object(namespace, "made-here", "a/five").data.content == content
names = [one.name for one in client.list_objects(namespace, "made-here").data.objects]
assert names == ["a/five"], names
client.delete_object(namespace, "made-here", "a/five")
client.delete_bucket(namespace, "made-here")
print(oci.__version__)
