// The guises in which a secret may come out: every one that a log, a form, a JSON text or a dump would give it.

/** Shorter pieces than this would be found by chance in any text. */
const SHORTEST = 8;

/** Every text whose presence shows that the secret has come out. */
export function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64Within(secret, offset)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/**
 * What of a secret shows for certain inside the base64 of a longer text, when `offset` bytes (modulo three) stand before
 * it: the characters at both ends also hold bits of its neighbours.
 */
function base64Within(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor((bytes.length * 8) / 6);
  return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
}
