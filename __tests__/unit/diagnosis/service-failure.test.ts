import { describe, expect, it } from '@jest/globals';
import {
  explainAccessTokenRefusal,
  explainFailure,
  explainIdTokenRefusal,
  explainNamespaceRefusal,
} from '../../../src/diagnosis/service-failure.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const refused = (service: ServiceRefusal['service'], details: Partial<ServiceRefusal>) =>
  new ServiceRefusal(service, { status: 401, requestId: 'one', ...details });
const unexpected = () => {
  throw new Error('not a refusal to explain');
};

describe('explainFailure', () => {
  it.each([
    ['github', 'unreachable', 'GITHUB_UNREACHABLE'],
    ['github', 'timed-out', 'GITHUB_UNREACHABLE'],
    ['github', 'host-not-found', 'GITHUB_UNREACHABLE'],
    ['domain', 'lookup-failed', 'OCI_DOMAIN_UNREACHABLE'],
    ['github', 'unusable', 'GITHUB_RESPONSE_MALFORMED'],
    ['domain', 'unreachable', 'OCI_DOMAIN_UNREACHABLE'],
    ['domain', 'unusable', 'OCI_RESPONSE_MALFORMED'],
    ['object-storage', 'timed-out', 'OCI_SERVICE_UNREACHABLE'],
    ['object-storage', 'unusable', 'OCI_SERVICE_RESPONSE_MALFORMED'],
    ['sts', 'unreachable', 'AWS_UNREACHABLE'],
    ['sts', 'unusable', 'AWS_RESPONSE_MALFORMED'],
    ['sts', 'untrusted', 'TLS_UNTRUSTED'],
    ['domain', 'proxy-unreachable', 'PROXY_UNREACHABLE'],
    ['domain', 'proxy-refused', 'PROXY_REFUSED'],
  ] as const)('returns for a call to %s that is %s the code %s', async (service, failure, code) => {
    const error = await explainFailure(new TransportError(failure, 'so'), service, 'Asking', unexpected);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/so\.$/) });
    const late = new TransportError(failure, 'so', true);
    expect(await explainFailure(late, service, 'Asking', unexpected)).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });

  it.each([
    ['domain', undefined, '`domain-url`'],
    ['object-storage', undefined, '`region`'],
    ['object-storage', 'verify-endpoint', '`verify-endpoint`'],
    ['oke', undefined, '`oke-cluster` or `region`'],
    ['ocir', undefined, '`ocir-registries` or `region`'],
    ['sts', undefined, '`aws-region`'],
    ['sts', 'aws-sts-endpoint', '`aws-sts-endpoint`'],
  ] as const)('names the input when the host of %s from %p is not found', async (service, input, named) => {
    const error = new TransportError('host-not-found', 'so');
    const explained = await explainFailure(error, service, 'Asking', unexpected, input);
    expect(explained).toMatchObject({
      whatHappened: 'Asking: so.',
      remedy: `Check ${named}, and DNS or HTTPS_PROXY.`,
    });
  });

  it('begins with the proxy, the host and the status when a proxy refuses', async () => {
    const error = new TransportError('proxy-refused', 'the proxy p:1 refused CONNECT to h:443 (403)');
    expect(await explainFailure(error, 'domain', 'Asking', unexpected)).toMatchObject({
      whatHappened: 'The proxy p:1 refused CONNECT to h:443 (403).',
    });
  });

  it('names the password when the proxy requires one', async () => {
    const error = new TransportError('proxy-refused', 'the proxy p requires credentials (407)');
    const { remedy } = (await explainFailure(error, 'domain', 'Asking', unexpected)) as ActionError;
    expect(remedy).toContain('user name and password of the proxy');
  });

  it.each([
    ['github', 503, 'GITHUB_UNREACHABLE', "GitHub's OIDC service responded with 503 (3 attempts)."],
    ['github', 429, 'GITHUB_UNREACHABLE', "GitHub's OIDC service responded with 429 (3 attempts)."],
    ['domain', 408, 'OCI_DOMAIN_UNREACHABLE', 'The domain responded with 408 (3 attempts).'],
    ['domain', 429, 'OCI_RATE_LIMITED', 'The domain responded with 429 (3 attempts).'],
    ['object-storage', 500, 'OCI_SERVICE_UNREACHABLE', 'Object Storage responded with 500 (3 attempts).'],
    ['sts', 429, 'AWS_UNREACHABLE', 'STS responded with 429 (3 attempts).'],
  ] as const)('returns for %s and the status %i the code %s', async (service, status, code, message) => {
    const refusal = refused(service, { status, attempts: '3 attempts' });
    const error = await explainFailure(refusal, service, 'Asking', unexpected);
    expect(error).toMatchObject({ code, evidence: message, status, requestId: 'one' });
  });

  it('returns any other error unchanged', async () => {
    const error = new ActionError('UNEXPECTED', 'so');
    expect(await explainFailure(error, 'sts', 'Asking', unexpected)).toBe(error);
  });
});

describe('explainIdTokenRefusal', () => {
  const bearing = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const explain = (status: number, requestToken: string) =>
    explainIdTokenRefusal(refused('github', { status }), new Secret(requestToken), 1_000_000);

  it.each([
    [401, 1000, 'GITHUB_OIDC_EXPIRED', 'expired at 1970-01-01T00:16:40.000Z'],
    [403, 999, 'GITHUB_OIDC_EXPIRED', 'clock says 1970-01-01T00:16:40.000Z'],
    [401, 1001, 'GITHUB_OIDC_REFUSED', 'valid until 1970-01-01T00:16:41.000Z'],
    [404, 999, 'GITHUB_OIDC_REFUSED', 'status 404.'],
    [401, '999', 'GITHUB_OIDC_REFUSED', 'cannot be read'],
    [401, 1e300, 'GITHUB_OIDC_REFUSED', 'cannot be read'],
    [401, undefined, 'GITHUB_OIDC_REFUSED', 'cannot be read'],
  ])('returns for status %i and the expiry %p the code %s', (status, exp, code, text) => {
    const error = explain(status, bearing({ exp }));
    expect(error).toMatchObject({ code, status, requestId: 'one' });
    expect(error.message).toContain(text);
    expect(error.message).not.toContain(bearing({ exp }));
  });

  it.each(['no-jwt', 'no.jwt.really'])(
    'returns GITHUB_OIDC_REFUSED for the request token %j',
    (requestToken) => {
      expect(explain(403, requestToken)).toMatchObject({ code: 'GITHUB_OIDC_REFUSED' });
    },
  );
});

describe('explainAccessTokenRefusal', () => {
  it.each([
    ['invalid_client', 'OCI_CLIENT_REJECTED'],
    ['invalid_scope', 'OCI_SCOPE_REFUSED'],
    ['unauthorized_client', 'OCI_ACCESS_TOKEN_REFUSED'],
    ['toString', 'OCI_ACCESS_TOKEN_REFUSED'],
    ['__proto__', 'OCI_ACCESS_TOKEN_REFUSED'],
  ])('returns for %s the code %s', (code, expected) => {
    expect(explainAccessTokenRefusal(refused('domain', { code }), '/').code).toBe(expected);
  });
});

describe('explainNamespaceRefusal', () => {
  it.each<[what: string, details: Partial<ServiceRefusal>, code: string, text: string]>([
    ['no clock', {}, 'OCI_SESSION_REFUSED', '(401)'],
    ['a skew of 5 min', { serverTime: NOW + 300_000 }, 'OCI_SESSION_REFUSED', '(401)'],
    ['a clock behind', { serverTime: NOW + 301_000 }, 'OCI_CLOCK_SKEWED', '301 s slow'],
    ['a clock ahead', { serverTime: NOW - 3_600_000 }, 'OCI_CLOCK_SKEWED', '3600 s fast'],
    [
      'an unknown user',
      { status: 404, attempts: '3 attempts' },
      'OCI_NOT_AUTHORIZED',
      '404 (3 attempts): no reason given. This call needs no policy',
    ],
  ])('returns for %s the code of %j: %s', (_what, details, code, text) => {
    const error = explainNamespaceRefusal(refused('object-storage', details), NOW);
    expect(error).toMatchObject({ code, requestId: 'one' });
    expect(error.message).toContain(text);
  });
});
