// Entry point of the main step. Generates the key pair first: that takes longer than loading all other modules.
import { generateSessionKeyPair } from './oci/key-pair.ts';

const keyPair = generateSessionKeyPair();
keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled
const { run } = await import('./run-login.ts');
await run(keyPair);
