// The `public_key` of an exchange: one line of standard base64 around a DER SubjectPublicKeyInfo. Every Oracle SDK strips the PEM
// armor and the line breaks, and real domains refuse them.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { strictBase64 } from '../server/message.ts';
import { refuse } from './responses.ts';

/** Oracle's SDKs make keys of 2048 and 3072 bits. Whether a domain accepts smaller ones is unknown. */
export const MIN_MODULUS_BITS = 2048;

/** @throws {RefusedRequest} */
export function readPublicKey(text: string): KeyObject {
  const fault = (reason: string) => refuse('invalidPublicKey', `public_key ${reason}`);
  if (text.includes('-----')) throw fault('has PEM armor');
  // A plus sign that was not percent-encoded arrives as a space.
  if (/\s/.test(text)) throw fault('has spaces or line breaks');
  if (!strictBase64(text)) throw fault('is not standard base64');
  const key = parsePublicKey(text);
  if (!key) throw fault('is not a SubjectPublicKeyInfo');
  if (key.asymmetricKeyType !== 'rsa') throw fault('is not RSA');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_MODULUS_BITS) throw fault('is too small');
  return key;
}

/** Node's parser ignores trailing bytes, which are refused here. */
export function parsePublicKey(text: string): KeyObject | undefined {
  const der = strictBase64(text) ?? Buffer.alloc(0);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.export({ format: 'der', type: 'spki' }).equals(der) ? key : undefined;
  } catch {
    return undefined;
  }
}
