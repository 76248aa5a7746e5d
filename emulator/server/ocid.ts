import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** OCIDs end in 60 characters of lower-case base32 that begin with `aaaa`. */
export function newOcid(type: string): string {
  const suffix = Array.from(randomBytes(56), (byte) => ALPHABET.charAt(byte % 32)).join('');
  return `ocid1.${type}.oc1..aaaa${suffix}`;
}
