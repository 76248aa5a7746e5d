import { describe, expect, it } from '@jest/globals';
import { checkPublishedKeys } from '../../../src/aws/published-keys.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpResponse } from '../../../src/ports.ts';
import { stubHttp } from '../stub-http.ts';

const ISSUER = 'https://idcs-1.identity.oraclecloud.com';
const DISCOVERY = '/.well-known/openid-configuration';

type Responses = Record<string, Partial<HttpResponse> | TransportError>;

const json = (value: unknown) => ({ text: JSON.stringify(value) });
const found = json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
const keys = (...ids: unknown[]) => json({ keys: ids.map((kid) => ({ kid })) });

function check(responses: Responses, keyId: string | undefined = 'K') {
  const { http, sent } = stubHttp(({ url }) => responses[url.pathname] ?? { status: 404 });
  const result = checkPublishedKeys(http, { issuer: ISSUER, keyId });
  return result.finally(() => {
    expect(sent.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
  });
}

describe('checkPublishedKeys', () => {
  it('returns nothing when the key of the token is published', async () => {
    expect(await check({ [DISCOVERY]: found, '/keys': keys('a', 'K') })).toBeUndefined();
  });

  it.each<[string, Responses]>([
    ['a perimeter', { [DISCOVERY]: found, '/keys': { status: 403 } }],
    ['a limit', { [DISCOVERY]: found, '/keys': { status: 429 } }],
    ['an outage', { [DISCOVERY]: { status: 503 } }],
    ['a network', { [DISCOVERY]: new TransportError('unreachable', 'so') }],
  ])('returns a warning when %s hides the keys from this machine', async (_what, responses) => {
    expect(await check(responses)).toMatch(/^Whether AWS can read .*\.$/);
  });

  it.each<[string, Responses, string]>([
    ['no discovery document', {}, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one in HTML', { [DISCOVERY]: { text: '<html>' } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one of another issuer', { [DISCOVERY]: json({ issuer: `${ISSUER}:443` }) }, 'AWS_ISSUER_UNUSABLE'],
    ['one without jwks_uri', { [DISCOVERY]: json({ issuer: ISSUER }) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    [
      'a jwks_uri that is no HTTP address',
      { [DISCOVERY]: json({ issuer: ISSUER, jwks_uri: 'file:///etc/x' }) },
      'AWS_SIGNING_KEYS_HIDDEN',
    ],
    ['a demand for a login', { [DISCOVERY]: found, '/keys': { status: 401 } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['no keys', { [DISCOVERY]: found, '/keys': keys() }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['keys that are no list', { [DISCOVERY]: found, '/keys': json({ keys: 1 }) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    [
      'keys that are no objects',
      { [DISCOVERY]: found, '/keys': json({ keys: [null, 1] }) },
      'AWS_SIGNING_KEYS_HIDDEN',
    ],
    ['another key', { [DISCOVERY]: found, '/keys': keys('L') }, 'AWS_SIGNING_KEYS_HIDDEN'],
  ])('throws for %s', async (_what, responses, code) => {
    await expect(check(responses)).rejects.toMatchObject({ code });
  });
});
