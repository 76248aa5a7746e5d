// The ID token of a job: the subject token of the exchange. Each system that issues them has an `IdTokenSource`.
import { decodeJwt } from 'jose';
import type { StepDeps } from '../ports.ts';
import { isTime } from '../response.ts';
import type { Secret } from '../secret.ts';

export interface IdToken {
  jwt: Secret;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** By its own claims: the clock of this machine may differ from the issuer's. */
  lifetimeMs: number;
  /** The claims that are strings, as received; `aud` as a list, separated by commas. They are no secrets, but not safe for a log. */
  claims: Readonly<Record<string, string>>;
}

/** Where a login gets ID tokens. */
export interface IdTokenSource {
  /** The system that issues the tokens, for messages: "GitHub". */
  readonly issuer: string;
  /** A request gives a new token; or what is in a file, which another program rewrites; or the only token of the job. */
  readonly supply: 'on-demand' | 'file' | 'once';
  /** When it gives no more tokens, in milliseconds since the epoch; undefined: as long as the job runs. */
  readonly endsAt: number | undefined;
  /** The address to which `request` sends; undefined if it sends nothing. */
  readonly url: URL | undefined;
  /** JSON values, secrets and URLs. Another process, the refresher, builds the same source from it. */
  readonly spec: unknown;
  /** Masks the token. @throws Failure */
  request(deps: StepDeps, audience: string): Promise<IdToken>;
  /** What a trust for a token of this source needs. */
  adviseOn(claims: IdToken['claims']): TrustAdvice;
}

/** What only the issuer's own documentation says about its tokens: for people who write a trust. */
export interface TrustAdvice {
  /** Name of a new trust. */
  trustName: string;
  /** What a rule compares with `sub`: with a star at the end, if a part varies from run to run. Undefined if no rule is safe. */
  subject: string | undefined;
  /** The documented address of the keys; undefined if only the discovery document has it. */
  keysUrl: string | undefined;
  /** Claims, besides those of every token, that a trust can compare. */
  claimNames: readonly string[];
  /** What gives a job another subject than its author expects, as a sentence. */
  subjectHint?: string;
  /** Sentences about the subject, safe for a log. */
  notes: readonly string[];
}

/** @see OpenID Connect reference (GitHub documentation), the times in its example of a token */
const USUAL_LIFETIME_MS = 5 * 60_000;

/**
 * Reads times and claims. The signature is for the identity domain to verify.
 * @returns undefined when the text is no JWT, or has no readable `exp`
 */
export function parseIdToken(jwt: Secret): IdToken | undefined {
  try {
    const payload = decodeJwt(jwt.reveal());
    const { exp, iat, aud } = payload;
    if (!isTime(exp)) return undefined;
    const texts = Object.entries(payload).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const claims = { ...Object.fromEntries(texts), ...(aud !== undefined && { aud: String(aud) }) };
    const lifetimeMs = isTime(iat) && iat < exp ? (exp - iat) * 1000 : USUAL_LIFETIME_MS;
    return { jwt, expiresAt: exp * 1000, lifetimeMs, claims };
  } catch {
    return undefined;
  }
}

/** @see OpenID Connect Discovery 1.0 section 4.1, for an issuer that ends in a slash */
export const discoveryAddress = (issuer: string) =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
