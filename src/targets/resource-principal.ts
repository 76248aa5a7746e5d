// The door of clients that take a session as that of a resource, from files that variables name. Pure.

export interface SessionFiles {
  tokenFile: string;
  keyFile: string;
}

/** Paths, not values: clients read a file again when the token in it has come to its end. */
export function variablesForResourcePrincipal({ tokenFile, keyFile }: SessionFiles, region: string) {
  return {
    OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
    OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
    OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
    OCI_RESOURCE_PRINCIPAL_REGION: region,
  };
}

const PASSPHRASE = 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE';

/** It cannot be taken out of the environment, and clients in Go would refuse an empty one beside the path of a key. */
export function adviseOnPassphrase(env: (name: string) => string | undefined): string | undefined {
  return env(PASSPHRASE)
    ? `${PASSPHRASE} is set in this job, but the key of this session has no passphrase: remove it.`
    : undefined;
}
