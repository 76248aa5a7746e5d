// Whatever a server may answer, through the real calls: a value, or one foreseen failure that repeats no secret.
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { assumeRole, type RoleRequest } from '../../../src/aws/assume-role.ts';
import { type ErrorCode, TransportError } from '../../../src/errors/action-error.ts';
import { requestIdToken } from '../../../src/github/id-token.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { parseRetryAfter } from '../../../src/node/retry.ts';
import { requestAccessToken } from '../../../src/oci/access-token.ts';
import { exchangeToken } from '../../../src/oci/token-exchange.ts';
import type { Http } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { type Answer, answerOf, jsonAnswer, SECRETS, xmlAnswer } from './answers.ts';
import { holds } from './fuzz.ts';
import { hostileText, mutated } from './hostile.ts';
import { expectPrintable, failureOf } from './verdict.ts';

const [CLIENT_SECRET, JWT, BEARER] = SECRETS;
const credentials = toClientCredentials('app', new Secret(CLIENT_SECRET));
const domainUrl = new URL('https://idcs-1.example');
const NOW = Date.UTC(2030, 0, 1);
const OF_CLIENT = [CLIENT_SECRET, credentials.basic.reveal()];

/** An Http that asks for the request, as the real one does, and answers with what it was given. */
function answering(answer: Answer): Http {
  return {
    preconnect: () => {},
    send: async (describeRequest) => {
      await describeRequest();
      if (answer instanceof TransportError) throw answer;
      return answer;
    },
  };
}

async function judge(
  codes: readonly ErrorCode[],
  secrets: readonly string[],
  ask: () => Promise<unknown>,
): Promise<void> {
  const failure = await failureOf(ask);
  if (failure !== undefined) expectPrintable(failure, { codes, secrets, longest: 2500 });
}

const DOMAIN: readonly ErrorCode[] = [
  'OCI_CLIENT_REJECTED',
  'OCI_DOMAIN_UNREACHABLE',
  'TLS_UNTRUSTED',
  'OCI_RATE_LIMITED',
  'OCI_RESPONSE_MALFORMED',
  'DEADLINE_EXCEEDED',
];

const request: RoleRequest = {
  role: { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' },
  region: 'eu-central-1',
  endpoint: undefined,
  sessionName: 'a@1',
  durationSeconds: 900,
  sessionPolicy: undefined,
  managedSessionPolicies: [],
  allowedAccountIds: [],
};
const identity = {
  token: new Secret(JWT),
  issuer: domainUrl.origin,
  audience: 'sts.amazon.com',
  subject: 'app',
  keyId: 'K',
};
const AWS: readonly ErrorCode[] = [
  'AWS_ACCESS_DENIED',
  'AWS_IDENTITY_TOKEN_INVALID',
  'AWS_TOKEN_EXPIRED',
  'AWS_IDP_UNREACHABLE',
  'AWS_POLICY_MALFORMED',
  'AWS_POLICY_TOO_LARGE',
  'AWS_REQUEST_INVALID',
  'AWS_UNREACHABLE',
  'TLS_UNTRUSTED',
  'AWS_RESPONSE_MALFORMED',
  'AWS_ACCOUNT_NOT_ALLOWED',
  'DEADLINE_EXCEEDED',
];

describe('answers', () => {
  holds('of the domain to an exchange', 7000, answerOf(jsonAnswer), (answer) =>
    judge(
      [...DOMAIN, 'OCI_EXCHANGE_REJECTED', 'OCI_NO_RULE_MATCHED', 'OCI_NOT_A_SERVICE_USER'],
      [...OF_CLIENT, JWT],
      async () => {
        const subjectToken = new Secret(JWT);
        const exchange = {
          domainUrl,
          credentials,
          subjectToken,
          claims: { sub: 'repo:a' },
          expiresAt: NOW,
          trustRules: [],
          resource: undefined,
          publicKeyBase64: 'AA',
        };
        const { token, requestId, serverTime } = await exchangeToken(answering(answer), async () => exchange);
        expect(token.reveal()).not.toBe('');
        expect(requestId ?? 'x').toMatch(/^[\x21-\x7e]{1,200}$/);
        expect(Number.isFinite(serverTime ?? 0)).toBe(true);
      },
    ),
  );

  holds('of the domain to a request for an access token', 7000, answerOf(jsonAnswer), (answer) =>
    judge([...DOMAIN, 'OCI_SCOPE_REFUSED', 'OCI_ACCESS_TOKEN_REFUSED'], OF_CLIENT, async () => {
      const token = await requestAccessToken(answering(answer), { domainUrl, credentials, scope: '/' });
      expect(token.reveal().split('.')).toHaveLength(3);
    }),
  );

  const github: readonly ErrorCode[] = [
    'GITHUB_OIDC_REFUSED',
    'GITHUB_UNREACHABLE',
    'TLS_UNTRUSTED',
    'GITHUB_RESPONSE_MALFORMED',
    'DEADLINE_EXCEEDED',
  ];
  holds("of GitHub's OIDC service", 7000, answerOf(jsonAnswer), (answer) =>
    judge(github, [BEARER], async () => {
      const source = { url: new URL('https://github.example/?a=b'), requestToken: new Secret(BEARER) };
      const token = await requestIdToken(answering(answer), source, 'aud', { now: () => NOW });
      expect(token.reveal().split('.')).toHaveLength(3);
    }),
  );

  const toSts = answerOf(fc.oneof({ weight: 4, arbitrary: xmlAnswer }, jsonAnswer));
  holds('of AWS STS', 2000, toSts, (answer) =>
    judge(AWS, [JWT], async () => {
      const role = await assumeRole(answering(answer), request, identity, NOW);
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt, accountId, assumedRoleArn } = role;
      for (const secret of [accessKeyId, secretAccessKey, sessionToken])
        expect(secret.reveal()).toMatch(/^[\x21-\x7e]+$/);
      expect(Number.isFinite(expiresAt) && expiresAt > NOW).toBe(true);
      expect(accountId).toMatch(/^\d{12}$/);
      expect(assumedRoleArn).toMatch(/^arn:[a-z-]+:sts::\d{12}:assumed-role\/[^\s]+$/);
    }),
  );

  const dates = fc.constantFrom(
    '120',
    'Fri, 31 Dec 1999 23:59:59 GMT',
    'Friday, 31-Dec-99 23:59:59 GMT',
    'Sun Nov  6 08:49:37 2094',
    '2030-01-01T00:00:00Z',
  );
  const waits = fc.tuple(fc.oneof(dates, mutated(dates), hostileText, fc.nat().map(String)), fc.nat());
  holds('Retry-After in any form: a wait, or none', 8000, waits, ([value, now]) => {
    const wait = parseRetryAfter(value, now) ?? 0;
    expect(Number.isFinite(wait) && wait >= 0).toBe(true);
    expect(/^\d{1,9}$/.test(value) ? wait : Number(value) * 1000).not.toBe(wait + 1);
  });
});
