"""A program that runs longer than its session. It calls, waits until the file of its argument exists, and calls again.
Prints the status of each call: with the first signer, with the same signer again, and with a new one from the profile."""
import os
import sys
import time

import oci


def client_from_profile():
    config = oci.config.from_file(
        os.environ["OCI_CLI_CONFIG_FILE"], os.environ["OCI_CLI_PROFILE"]
    )
    with open(config["security_token_file"]) as file:
        token = file.read()
    key = oci.signer.load_private_key_from_file(config["key_file"])
    return oci.object_storage.ObjectStorageClient(
        config,
        signer=oci.auth.signers.SecurityTokenSigner(token, key),
        service_endpoint=os.environ["OCI_EMULATOR_ENDPOINT"],
    )


def call(client):
    try:
        print(client.get_namespace().status, flush=True)
    except oci.exceptions.ServiceError as error:
        print(error.status, flush=True)


first = client_from_profile()
call(first)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
call(first)
call(client_from_profile())
