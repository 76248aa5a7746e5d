// The program that Docker runs for each request that needs a password.
import { runDockerCredential } from './run-docker-credential.ts';

const [keyFile = '', tokenFile = '', registries = '', action] = process.argv.slice(2);

await runDockerCredential(() => ({ keyFile, tokenFile, hosts: registries.split(',') }), action);
