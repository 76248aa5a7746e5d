// Tokens of every sort to the three readers: a sound value or one foreseen failure, and never the token in a message.
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { readWebIdentity } from '../../../src/aws/web-identity.ts';
import { explainExchangeRefusal } from '../../../src/diagnosis/exchange-refusal.ts';
import { adviseOnJob } from '../../../src/diagnosis/job-claims.ts';
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { readIdToken } from '../../../src/github/id-token.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { trustRules } from '../../../src/inputs/trust-rule.ts';
import {
  assertBindsKey,
  assertCurrent,
  assertTenancy,
  parseSessionToken,
} from '../../../src/oci/session-token.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../../unit/stub-http.ts';
import { holds } from './fuzz.ts';
import { hostileText, hostileValue, mutated } from './hostile.ts';
import { MARKER, tokenWith } from './tokens.ts';
import { COMMANDS, expectPrintable, failureOf, LINE_BREAKERS } from './verdict.ts';

const NOW = Date.UTC(2030, 0, 1);
const ISSUER = 'https://idcs-1.identity.oraclecloud.com';
const AUDIENCE = 'sts.amazon.com';
const OURS = { n: Buffer.alloc(256, 0xb7).toString('base64url'), e: 'AQAB' };
const JWK = JSON.stringify({ kty: 'RSA', ...OURS });
const TENANCY = 'ocid1.tenancy.oc1..aaaatenancy';

const { http } = stubHttp({ status: 404 });
const domainUrl = new URL(ISSUER);
const credentials = toClientCredentials('app', new Secret('hunter2'));
const REFUSAL = new ServiceRefusal('domain', {
  status: 401,
  code: 'unauthorized_client',
  text: 'No rules matched',
  requestId: undefined,
});

const often = <T>(value: T) =>
  fc.oneof<fc.Arbitrary<unknown>[]>(fc.constant(value), fc.constant(value), hostileValue);
const nearly = (text: string) =>
  fc.oneof<fc.Arbitrary<unknown>[]>(fc.constant(text), mutated(fc.constant(text)));
const seconds = fc.oneof<fc.Arbitrary<unknown>[]>(
  fc.constant(NOW / 1000 + 3600),
  fc.constantFrom<unknown[]>(1e308, -1e308, NOW / 1000, 8.64e12, 8.64e12 + 1, '1', null, 1e-9),
  fc.double(),
);

/** Every eight characters in a row of the part that only a token holds. */
const PARTS = Array.from({ length: MARKER.length - 7 }, (_, at) => MARKER.slice(at, at + 8));

function expectSilent(text: string): void {
  if (PARTS.some((part) => text.includes(part))) throw new Error(`part of the token: ${text}`);
}

async function judge(codes: readonly ErrorCode[], read: () => void | Promise<void>): Promise<void> {
  const failure = await failureOf(read);
  if (failure === undefined) return;
  expectPrintable(failure, { codes, secrets: [], longest: 1000 });
  expectSilent(JSON.stringify([failure.message, failure.facts, failure.requestId, failure.stack]));
}

const jobToken = tokenWith({
  exp: seconds,
  iss: often('https://token.actions.githubusercontent.com'),
  aud: often('https://cloud.oracle.com'),
  sub: fc.oneof(nearly('repo:acme/infra:ref:refs/heads/main'), hostileValue),
  ref: hostileText,
  environment: hostileValue,
});

describe('tokens', () => {
  holds("a job's token: finite times, claims fit for a log once it is refused", 10_000, jobToken, (jwt) =>
    judge(['GITHUB_RESPONSE_MALFORMED'], async () => {
      const { expiresAt, claims } = readIdToken(new Secret(jwt));
      expect(Number.isFinite(expiresAt)).toBe(true);
      expect(JSON.stringify(claims)).not.toContain(MARKER);
      const oci = { audience: 'x', trustRules: trustRules('sub co repo:acme/*'), resource: undefined };
      const { message, facts, details, snippets } = await explainExchangeRefusal(http, REFUSAL, {
        domainUrl,
        requester: credentials,
        oci,
        idToken: { claims, expiresAt },
        advice: adviseOnJob(claims),
      });
      for (const text of [message, ...Object.values(facts), ...details]) {
        expect(text.length).toBeLessThan(1700);
        expect(LINE_BREAKERS.test(text) || COMMANDS.test(text)).toBe(false);
      }
      expectSilent(JSON.stringify([message, facts, details, snippets]));
    }),
  );

  const sessionToken = tokenWith({
    exp: seconds,
    sub: nearly('ocid1.user.oc1..aaaauser'),
    tenant: nearly(TENANCY),
    jwk: fc.oneof(nearly(JWK), fc.constant(JSON.parse(JWK)), hostileValue),
  });
  const resources = fc.constantFrom(undefined, { type: 'github-acme' });
  const ofTenancy = fc.tuple(sessionToken, fc.constantFrom(undefined, TENANCY), resources);
  holds(
    'a session token: ours, unexpired, and nothing for a file but an OCID',
    10_000,
    ofTenancy,
    ([jwt, tenancy, resource]) =>
      judge(['OCI_RESPONSE_MALFORMED', 'UPST_EXPIRED', 'UPST_TENANCY_MISMATCH', 'UPST_KEY_MISMATCH'], () => {
        const read = parseSessionToken(new Secret(jwt), resource, undefined);
        assertCurrent(read, NOW);
        assertTenancy(read, tenancy);
        assertBindsKey(read, { publicJwk: OURS });
        expect(Number.isFinite(read.expiresAt) && read.expiresAt > NOW).toBe(true);
        expect(new Date(read.expiresAt).toISOString()).toMatch(/Z$/);
        expect(read.tenancy).toMatch(/^ocid(1\.|v1:)tenancy[.:][a-z0-9.:-]+$/);
        expect(read.tenancy).toBe(tenancy ?? read.tenancy);
        if (resource === undefined) expect(read.principal).toMatch(/^ocid(1\.|v1:)[\w.:-]+$/i);
        else expect(read.principal).not.toMatch(/^$|[\p{Cc}\u2028\u2029]|##\[|::|.{302}/u);
        const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
        expect(JSON.stringify(claims.jwk)).toContain(OURS.n.slice(0, 40));
      }),
  );

  const webIdentity = tokenWith({
    exp: seconds,
    iss: fc.oneof({ weight: 3, arbitrary: fc.constant(ISSUER) }, nearly(ISSUER)),
    aud: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(AUDIENCE) }, often([AUDIENCE])),
    sub: nearly('app'),
  });
  const codes = [
    'AWS_ISSUER_UNUSABLE',
    'AWS_AUDIENCE_MISMATCH',
    'AWS_TOKEN_EXPIRED',
    'OCI_RESPONSE_MALFORMED',
  ] as const;
  holds(
    'a token for AWS: of an issuer that IAM can have, for this audience, unexpired',
    10_000,
    webIdentity,
    (jwt) =>
      judge(codes, () => {
        const expected = { domainUrl: new URL(ISSUER), audience: AUDIENCE, scope: '/' };
        const read = readWebIdentity(new Secret(jwt), expected, NOW);
        expect(read.issuer).toMatch(/^https:\/\/[\x21-\x7e]+$/);
        const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
        expect(claims.exp * 1000 > NOW).toBe(true);
        expect([...new Set([claims.aud].flat())]).toEqual([AUDIENCE]);
        expect(typeof read.subject).toBe('string');
        expect(JSON.stringify({ ...read })).not.toContain(MARKER);
      }),
  );
});
