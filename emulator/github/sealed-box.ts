// Sealed boxes as in libsodium, in which GitHub receives secrets: X25519 and XSalsa20-Poly1305, for the public key of the
// recipient, from a key pair that is made for one message.
// Source: libsodium documentation, "Sealed boxes"; GitHub docs, "Encrypting secrets for the REST API".
import { blake2b } from 'blakejs';
import nacl from 'tweetnacl';

const { publicKeyLength, nonceLength } = nacl.box;

export type BoxKeyPair = nacl.BoxKeyPair;

export function newBoxKeyPair(): BoxKeyPair {
  return nacl.box.keyPair();
}

/** @param publicKey base64 @returns base64 */
export function seal(text: string, publicKey: string): string {
  const recipient = Buffer.from(publicKey, 'base64');
  const sender = nacl.box.keyPair();
  const nonce = nonceFor(sender.publicKey, recipient);
  const box = nacl.box(Buffer.from(text), nonce, recipient, sender.secretKey);
  return Buffer.concat([sender.publicKey, box]).toString('base64');
}

/** @returns undefined when the box is not for this key */
export function openSealed(sealed: Buffer, { publicKey, secretKey }: BoxKeyPair): string | undefined {
  const sender = sealed.subarray(0, publicKeyLength);
  if (sender.length < publicKeyLength) return undefined;
  const box = sealed.subarray(publicKeyLength);
  const text = nacl.box.open(box, nonceFor(sender, publicKey), sender, secretKey);
  return text === null ? undefined : Buffer.from(text).toString('utf8');
}

function nonceFor(sender: Uint8Array, recipient: Uint8Array): Uint8Array {
  return blake2b(Buffer.concat([sender, recipient]), undefined, nonceLength);
}
