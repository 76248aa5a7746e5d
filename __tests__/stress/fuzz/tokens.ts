// Generated JWTs: nearly valid ones and other text.
import fc from 'fast-check';
import { deepJson, hostileObject, hostileText, hostileValue, mutated } from './hostile.ts';

/** Part of every token. It must not be in any message. */
export const MARKER = 'c2lnbmF0dXJlLW9mLXRoZS1pc3N1ZXI';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const HEADER = '{"alg":"RS256","kid":"K"}';

const numbers = fc.constantFrom<unknown[]>(1e308, -1, 0, 1e15, 8.64e12, 1.5, '4070908800', true);
const badClaims = hostileObject({ exp: numbers, sub: hostileValue, iss: hostileValue, aud: hostileValue });

function token(header: string, payload: string, padding: string): string {
  return `${encode(header)}.${encode(payload)}.${MARKER}${padding}`;
}

/** JWTs with these claims, some of which are changed, missing or duplicate. */
export function tokenWith(claims: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<string> {
  const header = fc.oneof(
    { weight: 6, arbitrary: fc.constant(HEADER) },
    hostileObject({ alg: fc.constant('RS256'), kid: hostileValue }),
    fc.json({ maxDepth: 2 }),
  );
  const payload = fc.oneof(
    { weight: 8, arbitrary: hostileObject({ ...claims }) },
    { weight: 2, arbitrary: badClaims },
    fc.json({ maxDepth: 3 }),
    deepJson,
    hostileText,
  );
  const huge = fc.constantFrom('', '', '', 'A'.repeat(50_000));
  const whole = fc.tuple(header, payload, huge).map((parts) => token(...parts));
  const broken = mutated(whole).filter((text) => text.length > 0);
  const dropped = whole.chain((text) =>
    fc.subarray(text.split('.')).map((parts) => [...parts, MARKER].join('.')),
  );
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 2, arbitrary: broken }, dropped, hostileText);
}
