// Any response of a server to the steps of a login: a value, or one known failure that repeats no secret.
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { githubIdTokensFrom } from '../../../src/github/id-token-source.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import type { AwsConfig, OciConfig } from '../../../src/inputs/config.ts';
import { requestAccessToken } from '../../../src/login/access-token.ts';
import { openRoleSession } from '../../../src/login/aws-session.ts';
import { exchangeToken } from '../../../src/login/oci-session.ts';
import { requestCluster } from '../../../src/login/request-clusters.ts';
import { parseRetryAfter } from '../../../src/node/retry.ts';
import {
  processIdentityResponses,
  processInstanceTokenResponse,
  processRegionResponse,
} from '../../../src/oci/instance-principal.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import { processWorkloadTokenResponse } from '../../../src/oci/oke-workload-identity.ts';
import type { SessionToken } from '../../../src/oci/session-token.ts';
import type { Runner } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../../unit/stub-http.ts';
import { holds } from './fuzz.ts';
import { hostileText, mutated } from './hostile.ts';
import { jsonBody, kubeconfigBody, type Outcome, outcomeOf, SECRETS, xmlBody } from './responses.ts';
import { expectPrintable, failureOf } from './verdict.ts';

const [CLIENT_SECRET, JWT, BEARER] = SECRETS;
const credentials = toClientCredentials('app', new Secret(CLIENT_SECRET));
const domainUrl = new URL('https://idcs-1.example');
const NOW = Date.UTC(2030, 0, 1);
const source = githubIdTokensFrom({
  url: new URL('https://github.example/?a=b'),
  requestToken: new Secret(BEARER),
});
const keyPair = generateSessionKeyPair();
const OF_CLIENT = [CLIENT_SECRET, credentials.basic.reveal()];

/** Dependencies of a login in which every request has this outcome. */
function depsFor(outcome: Outcome) {
  const runner = { mask: () => {}, env: () => undefined } as Pick<Runner, 'mask' | 'env'> as Runner;
  return { runner, http: stubHttp(outcome).http, clock: { now: () => NOW, sleep: async () => {} } };
}

async function judge(
  codes: readonly ErrorCode[],
  secrets: readonly string[],
  request: () => Promise<unknown>,
): Promise<void> {
  const failure = await failureOf(request);
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

const role = { arn: 'arn:aws:iam::123456789012:role/deploy', partition: 'aws', accountId: '123456789012' };
const aws = {
  role,
  region: 'eu-central-1',
  audience: 'sts.amazon.com',
  stsEndpoint: new URL('https://sts.eu-central-1.amazonaws.com'),
  roleSessionName: 'a@1',
  durationSeconds: 900,
  managedSessionPolicies: [],
} as Partial<AwsConfig> as AwsConfig;
const identity = {
  token: new Secret(JWT),
  issuer: domainUrl.origin,
  audience: 'sts.amazon.com',
  subject: 'app',
  expiresAt: NOW,
  keyId: 'K',
  roles: undefined,
};
const AWS: readonly ErrorCode[] = [
  'AWS_ACCESS_DENIED',
  'AWS_IDENTITY_TOKEN_INVALID',
  'AWS_ISSUER_UNUSABLE',
  'AWS_SIGNING_KEYS_HIDDEN',
  'AWS_TOKEN_EXPIRED',
  'AWS_IDP_UNREACHABLE',
  'AWS_POLICY_MALFORMED',
  'AWS_POLICY_TOO_LARGE',
  'AWS_REQUEST_INVALID',
  'AWS_UNREACHABLE',
  'TLS_UNTRUSTED',
  'AWS_RESPONSE_MALFORMED',
  'DEADLINE_EXCEEDED',
];

describe('responses', () => {
  holds('of the domain to an exchange', 7000, outcomeOf(jsonBody), (outcome) =>
    judge(
      [...DOMAIN, 'OCI_EXCHANGE_REJECTED', 'OCI_NO_RULE_MATCHED', 'OCI_NOT_A_SERVICE_USER'],
      [...OF_CLIENT, JWT],
      async () => {
        const oci = { trustRules: [], resource: undefined, audience: 'x' } as Partial<OciConfig> as OciConfig;
        const first = {
          jwt: new Secret(JWT),
          claims: { sub: 'repo:a' },
          expiresAt: NOW + 300_000,
          lifetimeMs: 300_000,
        };
        const publicKey = { publicKeyBase64: 'AA', publicJwk: { n: '', e: '' } };
        const config = { domainUrl, client: credentials, oci };
        const { token, requestId, serverTime } = await exchangeToken(depsFor(outcome), config, {
          source,
          first,
          publicKey,
          requester: credentials,
        });
        expect(token.reveal()).not.toBe('');
        expect(requestId ?? 'x').toMatch(/^[\x21-\x7e]{1,200}$/);
        expect(Number.isFinite(serverTime ?? 0)).toBe(true);
      },
    ),
  );

  holds('of the domain to a request for an access token', 7000, outcomeOf(jsonBody), (outcome) =>
    judge([...DOMAIN, 'OCI_SCOPE_REFUSED', 'OCI_ACCESS_TOKEN_REFUSED'], OF_CLIENT, async () => {
      const token = await requestAccessToken(depsFor(outcome), { domainUrl, requester: credentials }, '/');
      expect(token.reveal().split('.')).toHaveLength(3);
    }),
  );

  const ofMachine: readonly ErrorCode[] = [
    'INSTANCE_METADATA_UNREACHABLE',
    'INSTANCE_PRINCIPAL_UNAVAILABLE',
    'OKE_WORKLOAD_IDENTITY_UNAVAILABLE',
  ];
  holds('of the services that give a machine its token', 7000, outcomeOf(jsonBody), async (outcome) => {
    const request = { method: 'GET', url: domainUrl, headers: {} } as const;
    const response = await stubHttp(outcome)
      .http.send(request)
      .catch(() => undefined);
    if (response === undefined) return;
    const readers = [
      () => processRegionResponse(response).hostname,
      () => processIdentityResponses([response, response, response]).tenancy,
      () => processInstanceTokenResponse(response).reveal(),
      () => processWorkloadTokenResponse(response).reveal(),
    ];
    for (const read of readers)
      await judge(ofMachine, SECRETS, async () => {
        try {
          expect(read()).toMatch(/^[\x21-\x7e]+$/);
        } catch (error) {
          if (!(error instanceof ServiceRefusal)) throw error;
          expect(error.text).not.toMatch(/\p{Cc}|##\[/u);
        }
      });
  });

  const github: readonly ErrorCode[] = [
    'GITHUB_OIDC_REFUSED',
    'GITHUB_UNREACHABLE',
    'TLS_UNTRUSTED',
    'GITHUB_RESPONSE_MALFORMED',
    'DEADLINE_EXCEEDED',
  ];
  holds("of GitHub's OIDC service", 7000, outcomeOf(jsonBody), (outcome) =>
    judge(github, [BEARER], async () => {
      const { jwt } = await source.request(depsFor(outcome), 'aud');
      expect(jwt.reveal().split('.')).toHaveLength(3);
    }),
  );

  const oke: readonly ErrorCode[] = [
    'OKE_NOT_AUTHORIZED',
    'OKE_REFUSED',
    'OKE_UNREACHABLE',
    'OKE_RESPONSE_MALFORMED',
    'OCI_SESSION_REFUSED',
    'OCI_CLOCK_SKEWED',
    'TLS_UNTRUSTED',
    'DEADLINE_EXCEEDED',
  ];
  const toOke = outcomeOf(fc.oneof({ weight: 4, arbitrary: kubeconfigBody }, jsonBody));
  holds('of OKE to a request for a kubeconfig', 5000, toOke, (outcome) =>
    judge(oke, [JWT], async () => {
      const cluster = { id: 'ocid1.cluster.oc1.iad.aaaa', region: 'us-ashburn-1', api: 'x.example' };
      const sessionToken = { token: new Secret(JWT), tenancy: 'ocid1.tenancy.oc1..aaaa' } as SessionToken;
      const { server, certificateAuthorityData } = await requestCluster(
        depsFor(outcome),
        { ...cluster, tokenHost: 'y.example' },
        'public',
        { sessionToken, keyPair: await keyPair },
      );
      expect(server.href).toBe(`${server.origin}/`);
      expect([server.protocol, server.username, server.password]).toEqual(['https:', '', '']);
      expect(certificateAuthorityData).toMatch(/^LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t[\w+/]*=*$/);
    }),
  );

  const toSts = outcomeOf(fc.oneof({ weight: 4, arbitrary: xmlBody }, jsonBody));
  holds('of AWS STS', 2000, toSts, (outcome) =>
    judge(AWS, [JWT], async () => {
      const { credentials: granted } = await openRoleSession(depsFor(outcome), { domainUrl, aws }, identity);
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt, accountId, assumedRoleArn } = granted;
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
  holds('Retry-After in any form gives a wait or none', 8000, waits, ([value, now]) => {
    const wait = parseRetryAfter(value, now) ?? 0;
    expect(Number.isFinite(wait) && wait >= 0).toBe(true);
    expect(/^\d{1,9}$/.test(value) ? wait : Number(value) * 1000).not.toBe(wait + 1);
  });
});
