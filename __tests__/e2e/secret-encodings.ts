// The encodings in which a secret can appear in a log, a form, JSON text or a dump.

/** Shorter texts occur by chance. */
const MIN_LENGTH = 8;

/** Returns each text whose presence shows that the secret was written. */
export function encodingsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const encodings = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => insideBase64(secret, offset)),
  ];
  return [...new Set(encodings)].filter((text) => text.length >= MIN_LENGTH);
}

/**
 * Returns the part of the base64 of a longer text that depends on the secret alone, when `offset` bytes (modulo three)
 * precede the secret. Characters at both ends also hold bits of other bytes.
 */
function insideBase64(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor((bytes.length * 8) / 6);
  return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
}
