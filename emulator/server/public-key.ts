// Reads the `public_key` of an exchange: one line of standard base64 around a DER SubjectPublicKeyInfo.
// Must not know where it came from or what it will be bound to.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { strictBase64 } from './message.ts';

export type PublicKeyResult = { ok: true; key: KeyObject } | { ok: false; reason: string };

/** Oracle's SDKs make keys of 2048 and 3072 bits; nothing smaller is known to be taken. */
const SMALLEST_MODULUS_BITS = 2048;

/** Strict on purpose: every Oracle SDK strips the PEM armour and the line breaks, and real domains refuse them. */
export function readPublicKey(text: string): PublicKeyResult {
  if (text.includes('-----')) {
    return no('public_key has PEM armour');
  }
  if (/\s/.test(text)) {
    // A plus sign that was not percent-encoded arrives as a blank.
    return no('public_key has blanks or line breaks');
  }
  const der = strictBase64(text);
  return der ? readSpki(der) : no('public_key is not standard base64');
}

function readSpki(der: Buffer): PublicKeyResult {
  const key = parse(der);
  if (!key) {
    return no('public_key is not a SubjectPublicKeyInfo');
  }
  if (key.asymmetricKeyType !== 'rsa') {
    return no('public_key is not RSA');
  }
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < SMALLEST_MODULUS_BITS) {
    return no('public_key is too small');
  }
  return { ok: true, key };
}

/** Trailing bytes are refused too: the parser would ignore them. */
function parse(der: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.export({ format: 'der', type: 'spki' }).equals(der) ? key : undefined;
  } catch {
    return undefined;
  }
}

function no(reason: string): PublicKeyResult {
  return { ok: false, reason };
}
