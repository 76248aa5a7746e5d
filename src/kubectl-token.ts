// kubectl's credential plugin for OKE. Reads key and token at each call, because a refresher may have renewed them.
import { fail, now, print, readSessionFile } from './node/plug-in.ts';
import { clusterToken, execCredentialOf } from './oci/cluster-token.ts';
import { Secret } from './secret.ts';

const [keyFile = '', tokenFile = '', cluster = '', host = ''] = process.argv.slice(2);

try {
  const privateKeyPem = new Secret(readSessionFile(keyFile));
  const token = new Secret(readSessionFile(tokenFile));
  print(execCredentialOf(clusterToken({ token, privateKeyPem }, cluster, host, now())));
} catch (error) {
  fail(error);
}
