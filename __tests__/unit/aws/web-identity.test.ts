import { describe, expect, it } from '@jest/globals';
import { checkPublishedKeys, readWebIdentity } from '../../../src/aws/web-identity.ts';
import { ActionError, TransportError } from '../../../src/errors/action-error.ts';
import type { Http, HttpResponse } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';

const ISSUER = 'https://idcs-1.identity.oraclecloud.com';
const NOW = Date.UTC(2030, 0, 1);
const exp = NOW / 1000 + 3600;
const honest = { iss: ISSUER, aud: 'sts.amazon.com', sub: 'app', exp };

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: unknown, header: unknown = { alg: 'RS256', kid: 'K' }) =>
  new Secret(`${part(header)}.${part(claims)}.c2ln`);
const read = (token: Secret) =>
  readWebIdentity(token, { domainUrl: new URL(ISSUER), audience: 'sts.amazon.com', now: NOW });

describe('a token for AWS', () => {
  it('is refused in a short line without commands to the runner, whatever it says', () => {
    for (const changes of [
      { iss: `##[error]::x${'x'.repeat(5000)}` },
      { aud: Array(5000).fill('##[a]::') },
    ]) {
      const refusal = () => read(tokenOf({ ...honest, ...changes }));
      expect(refusal).toThrow(ActionError);
      expect(refusal).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^(?!.*(##\[|::)).{1,500}$/) }),
      );
    }
  });

  it('is read', () => {
    const token = tokenOf(honest);
    const identity = { token, issuer: ISSUER, audience: 'sts.amazon.com', subject: 'app', keyId: 'K' };
    expect(read(token)).toEqual({ ...identity, expiresAt: honest.exp * 1000 });
  });

  it.each([
    ['with its audience in a list', { aud: ['sts.amazon.com'] }],
    ['with a last second left', { exp: NOW / 1000 + 1 }],
  ])('may be one %s', (_what, changes) => {
    expect(codeOf(() => read(tokenOf({ ...honest, ...changes })))).toBe('none');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no issuer', { iss: undefined }, 'AWS_ISSUER_UNUSABLE'],
    ['the shared issuer', { iss: 'https://identity.oraclecloud.com/' }, 'AWS_ISSUER_UNUSABLE'],
    ['a slash behind the issuer', { iss: `${ISSUER}/` }, 'AWS_ISSUER_UNUSABLE'],
    ['a port in the issuer', { iss: `${ISSUER}:443` }, 'AWS_ISSUER_UNUSABLE'],
    ['capitals in the issuer', { iss: ISSUER.toUpperCase() }, 'AWS_ISSUER_UNUSABLE'],
    ['no audience', { aud: undefined }, 'AWS_AUDIENCE_MISMATCH'],
    ['an empty list of audiences', { aud: [] }, 'AWS_AUDIENCE_MISMATCH'],
    ['two audiences', { aud: ['sts.amazon.com', 'x'] }, 'AWS_AUDIENCE_MISMATCH'],
    ['another audience', { aud: 'sts.amazonaws.com' }, 'AWS_AUDIENCE_MISMATCH'],
    ['an authorized party, which AWS takes for the audience', { azp: 'app' }, 'AWS_AUDIENCE_MISMATCH'],
    ['no subject', { sub: undefined }, 'OCI_RESPONSE_MALFORMED'],
    ['a subject of two lines', { sub: 'app\n[x]' }, 'OCI_RESPONSE_MALFORMED'],
    ['a subject that looks like a command', { sub: '##[error]' }, 'OCI_RESPONSE_MALFORMED'],
    ['no expiry', { exp: undefined }, 'OCI_RESPONSE_MALFORMED'],
    ['an expiry that is no number', { exp: 'soon' }, 'OCI_RESPONSE_MALFORMED'],
    ['an expiry that is now', { exp: NOW / 1000 }, 'AWS_TOKEN_EXPIRED'],
  ])('is refused for %s', (_what, changes, code) => {
    expect(codeOf(() => read(tokenOf({ ...honest, ...changes })))).toBe(code);
  });

  it.each(['', 'x', 'a.b.c', `${part([])}.${part(honest)}.x`, `${part({})}.${part('text')}.x`])(
    'is refused for not being one: %j',
    (text) => {
      expect(codeOf(() => read(new Secret(text)))).toBe('OCI_RESPONSE_MALFORMED');
    },
  );

  it('is named in no message', () => {
    const token = tokenOf({ ...honest, aud: 'x\n::error::y' });
    expect(() => read(token)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/\n|c2ln/) }),
    );
  });
});

type Answers = Record<string, Partial<HttpResponse> | TransportError>;

function answering(answers: Answers): Http {
  return {
    preconnect: () => {},
    send: async (describeRequest) => {
      const { url, headers } = await describeRequest();
      expect(Object.keys(headers)).not.toContain('authorization');
      const answer = answers[url.pathname] ?? { status: 404 };
      if (answer instanceof TransportError) throw answer;
      return { status: 200, headers: {}, text: '', ...answer };
    },
  };
}

const json = (value: unknown) => ({ text: JSON.stringify(value) });
const DISCOVERY = '/.well-known/openid-configuration';
const found = json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
const keys = (...ids: unknown[]) => json({ keys: ids.map((kid) => ({ kid })) });
const check = (answers: Answers, header?: unknown) =>
  checkPublishedKeys(answering(answers), read(tokenOf(honest, header)));

describe('the keys of the domain', () => {
  it('are well if that of the token is among them', async () => {
    expect(await check({ [DISCOVERY]: found, '/keys': keys('a', 'K') })).toBeUndefined();
    expect(await check({ [DISCOVERY]: found, '/keys': keys('a') }, { alg: 'RS256' })).toBeUndefined();
  });

  it.each<[string, Answers]>([
    ['a perimeter', { [DISCOVERY]: found, '/keys': { status: 403 } }],
    ['a limit', { [DISCOVERY]: found, '/keys': { status: 429 } }],
    ['an outage', { [DISCOVERY]: { status: 503 } }],
    ['a network', { [DISCOVERY]: new TransportError('unreachable', 'so') }],
  ])('may be hidden from here by %s, which is a warning', async (_what, answers) => {
    expect(await check(answers)).toMatch(/^Whether AWS can read .*\.$/);
  });

  it.each<[string, Answers, string]>([
    ['no discovery document', {}, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one in HTML', { [DISCOVERY]: { text: '<html>' } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['one of another issuer', { [DISCOVERY]: json({ issuer: `${ISSUER}:443` }) }, 'AWS_ISSUER_UNUSABLE'],
    ['one without an address', { [DISCOVERY]: json({ issuer: ISSUER }) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    [
      'an address that is none',
      { [DISCOVERY]: json({ issuer: ISSUER, jwks_uri: 'file:///etc/x' }) },
      'AWS_SIGNING_KEYS_HIDDEN',
    ],
    ['a login', { [DISCOVERY]: found, '/keys': { status: 401 } }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['no keys', { [DISCOVERY]: found, '/keys': keys() }, 'AWS_SIGNING_KEYS_HIDDEN'],
    ['keys that are no list', { [DISCOVERY]: found, '/keys': json({ keys: 1 }) }, 'AWS_SIGNING_KEYS_HIDDEN'],
    [
      'keys that are none',
      { [DISCOVERY]: found, '/keys': json({ keys: [null, 1] }) },
      'AWS_SIGNING_KEYS_HIDDEN',
    ],
    ['another key', { [DISCOVERY]: found, '/keys': keys('L') }, 'AWS_SIGNING_KEYS_HIDDEN'],
  ])('are refused for %s', async (_what, answers, code) => {
    await expect(check(answers)).rejects.toMatchObject({ code });
  });
});
