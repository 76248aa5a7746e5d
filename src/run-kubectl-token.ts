// kubectl's credential plugin for OKE. Reads key and token at each call, because a refresher may have renewed them.
import { fail, now, print, readSessionFile } from './node/plug-in.ts';
import { clusterToken, execCredentialOf } from './oci/cluster-token.ts';
import { Secret } from './secret.ts';

/** Prints a credential, or why there is none, and sets the exit code. Never throws. @param args key file, token file, cluster, host */
export function runKubectlToken(args: readonly string[]): void {
  const [keyFile = '', tokenFile = '', cluster = '', host = ''] = args;
  try {
    const privateKeyPem = new Secret(readSessionFile(keyFile));
    const token = new Secret(readSessionFile(tokenFile));
    print(execCredentialOf(clusterToken({ token, privateKeyPem }, cluster, host, now())));
  } catch (error) {
    fail(error);
  }
}
