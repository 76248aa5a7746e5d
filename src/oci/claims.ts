// Claims of a token, without `jose`: for programs that a tool starts at each call.
import { parseObject } from '../response.ts';
import type { Secret } from '../secret.ts';

/** The claims of a JWT, not verified. Empty if the token is no JWT. */
export function claimsOf(token: Secret): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.reveal().split('.');
  return parseObject(Buffer.from(payload, 'base64url').toString('utf8')) ?? {};
}
