// Tokens that exist when the world begins.
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './world.ts';

const PERSONAL_TOKEN_SECONDS = 86_400;

/** A personal access token of a user of the domain. */
export async function personalToken(
  sub: string,
  domain: string,
  key: SigningKey,
  now: number,
): Promise<string> {
  const issued = Math.floor(now / 1000);
  return new SignJWT({ sub, sub_type: 'user', tok_type: 'AT', aud: domain, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuedAt(issued)
    .setExpirationTime(issued + PERSONAL_TOKEN_SECONDS)
    .sign(key.privateKey);
}

/** The real one is a JWT too, and expires before a job of several days ends. */
export async function issueRequestToken(now: number, lifetimeSeconds: number): Promise<string> {
  const issued = Math.floor(now / 1000);
  return new SignJWT({ jti: randomBytes(16).toString('hex') })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
    .setNotBefore(issued - 600)
    .setIssuedAt(issued)
    .setExpirationTime(issued + lifetimeSeconds)
    .sign(randomBytes(32));
}
