// What every source does with a token: checks its form and its end, masks and reads it.
import { type IdToken, parseIdToken } from '../../src/oci/id-token.ts';
import { CLOCK_TOLERANCE_MS } from '../../src/oci/request-signature.ts';
import type { StepDeps } from '../../src/ports.ts';
import { isJwt } from '../../src/response.ts';
import { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';

/** Longer than any JWT that a service accepts in a request. */
export const LONGEST_TOKEN = 64 * 1024;

export interface TokenOrigin {
  /** What holds the token, as the beginning of a sentence: `The variable OCI_ID_TOKEN`. */
  place: string;
  /** How to get a token, or a new one. */
  remedy: string;
}

/**
 * @param text what the source gave
 * @throws CommandError ID_TOKEN_MISSING, ID_TOKEN_UNREADABLE, ID_TOKEN_EXPIRED
 */
export function acceptToken(
  { runner, clock }: Pick<StepDeps, 'runner' | 'clock'>,
  text: string,
  { place, remedy }: TokenOrigin,
): IdToken {
  const trimmed = text.trim();
  if (trimmed === '') throw new CommandError('ID_TOKEN_MISSING', `${place} is empty.`, { remedy });
  const token = isJwt(trimmed) && trimmed.length <= LONGEST_TOKEN ? parse(runner, trimmed) : undefined;
  if (token === undefined)
    throw new CommandError('ID_TOKEN_UNREADABLE', `${place} does not contain a JWT with the claim \`exp\`.`, {
      remedy,
    });
  const now = clock.now();
  // With a clock that is wrong by more than this, OCI would refuse every request of the session.
  if (token.expiresAt + CLOCK_TOLERANCE_MS < now) {
    const [end, here] = [token.expiresAt, now].map((time) => new Date(time).toISOString());
    const what = `${place} holds a token that expired at ${end}; this machine's clock says ${here}.`;
    throw new CommandError('ID_TOKEN_EXPIRED', what, { remedy });
  }
  return token;
}

function parse(runner: StepDeps['runner'], text: string): IdToken | undefined {
  const jwt = new Secret(text);
  runner.mask(jwt);
  return parseIdToken(jwt);
}

/** Replaces what may be a token in the words of a program. */
export function withoutTokens(text: string): string {
  return text.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[redacted]');
}
