import path from 'node:path';
import { type TargetContext, type TargetExports, warningAbout } from './target.ts';

export const PASSPHRASE = 'OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE';

/** @see oci-go-sdk, `isPath`: a value is a path if it begins with a slash */
const ON_WINDOWS =
  '`export-for` resource-principal: on Windows, clients in Go use the paths in its variables as if they were the token and the key. Let these clients use the profile.';

/** Clients read the session from files. Paths, not values: a client reads the file again when its token expires. */
export function resourcePrincipalExports({ directory, env, oci, platform }: TargetContext): TargetExports {
  const session = path.join(directory, 'session');
  const [tokenFile, keyFile] = [path.join(session, 'token'), path.join(session, 'key.pem')];
  // This action cannot unset the variable, and clients in Go reject an empty passphrase for a key file.
  const passphrase = env(PASSPHRASE) ? [PASSPHRASE] : [];
  return {
    variables: {
      OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
      OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
      OCI_RESOURCE_PRINCIPAL_REGION: oci.region,
    },
    files: { sessionFiles: { directory: session, tokenFile, keyFile } },
    warnings: [
      ...warningAbout(passphrase, ', but the key of this session has no passphrase. Remove it.'),
      ...(platform === 'win32' ? [ON_WINDOWS] : []),
    ],
  };
}
