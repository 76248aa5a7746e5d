// Tokens without a signature, and what a source needs for a request.
import type { StepDeps } from '../../../src/ports.ts';
import type { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../../unit/stub-http.ts';

export const NOW = Date.UTC(2026, 10, 26);

const inBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Valid for ten minutes from NOW. */
export function jwtWith(claims: Record<string, unknown> = {}): string {
  const times = { iat: NOW / 1000, exp: NOW / 1000 + 600 };
  return `${inBase64({ alg: 'RS256' })}.${inBase64({ ...times, ...claims })}.c2lnbmF0dXJl`;
}

/** At NOW, with a network that has one response. `masked` gets what the source masks. */
export function stepDeps(respond: Parameters<typeof stubHttp>[0] = new Error('no request')) {
  const masked: string[] = [];
  const { http, sent } = stubHttp(respond);
  const deps: StepDeps = {
    http,
    clock: { now: () => NOW, sleep: async () => {} },
    runner: { mask: (secret: Secret) => void masked.push(secret.reveal()) },
  };
  return { deps, masked, sent };
}
