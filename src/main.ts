// Where the runner starts. The key pair comes first: making it takes longer than loading everything else.
import { generateSessionKeyPair } from './oci/key-pair.ts';

const keyPair = generateSessionKeyPair();
keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled
const { run } = await import('./run-login.ts');
await run(keyPair);
