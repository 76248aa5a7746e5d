import { describe, expect, it } from '@jest/globals';
import { readWebIdentity } from '../../../src/aws/web-identity.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
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
  readWebIdentity(token, { domainUrl: new URL(ISSUER), audience: 'sts.amazon.com', scope: '/' }, NOW);

describe('readWebIdentity', () => {
  it('throws with a short message without commands to the runner, whatever the claims are', () => {
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

  it('throws AWS_ISSUER_UNUSABLE for an issuer of 100,000 levels', () => {
    const payload = `{"sub":"app","exp":${honest.exp},"iss":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const token = new Secret(`${part({})}.${Buffer.from(payload).toString('base64url')}.x`);
    expect(codeOf(() => read(token))).toBe('AWS_ISSUER_UNUSABLE');
  });

  it('throws AWS_AUDIENCE_MISMATCH for a second audience of 100,000 levels', () => {
    const aud = `["sts.amazon.com",${'['.repeat(100_000)}${']'.repeat(100_000)}]`;
    const payload = `{"sub":"app","iss":"${ISSUER}","exp":${honest.exp},"aud":${aud}}`;
    const token = new Secret(`${part({})}.${Buffer.from(payload).toString('base64url')}.x`);
    expect(codeOf(() => read(token))).toBe('AWS_AUDIENCE_MISMATCH');
  });

  it('returns issuer, audience, subject, expiry and key', () => {
    const token = tokenOf(honest);
    const identity = { token, issuer: ISSUER, audience: 'sts.amazon.com', subject: 'app', keyId: 'K' };
    expect(read(token)).toEqual({ ...identity, expiresAt: honest.exp * 1000, roles: undefined });
  });

  it.each([
    ['with a slash behind the issuer', { iss: `${ISSUER}/` }],
    ['with an issuer of another host, for which AWS may have a provider', { iss: 'https://b.example/x' }],
    ['with its audience in a list', { aud: ['sts.amazon.com'] }],
    ['with an authorized party, which the provider may list', { azp: 'app' }],
    ['with a list of other roles', { 'https://aws.amazon.com/roles': ['x'] }],
    ['with a last second left', { exp: NOW / 1000 + 1 }],
  ])('accepts a token %s', (_what, changes) => {
    expect(codeOf(() => read(tokenOf({ ...honest, ...changes })))).toBe('none');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no issuer', { iss: undefined }, 'AWS_ISSUER_UNUSABLE'],
    ['the shared issuer', { iss: 'https://identity.oraclecloud.com/' }, 'AWS_ISSUER_UNUSABLE'],
    ['a port in the issuer', { iss: `${ISSUER}:443` }, 'AWS_ISSUER_UNUSABLE'],
    ['a port and a slash in the issuer', { iss: `${ISSUER}:443/` }, 'AWS_ISSUER_UNUSABLE'],
    ['an issuer without TLS', { iss: ISSUER.replace('https', 'http') }, 'AWS_ISSUER_UNUSABLE'],
    ['an issuer that is no URL', { iss: 'https://[' }, 'AWS_ISSUER_UNUSABLE'],
    ['no audience', { aud: undefined }, 'AWS_AUDIENCE_MISMATCH'],
    ['an empty list of audiences', { aud: [] }, 'AWS_AUDIENCE_MISMATCH'],
    ['two audiences', { aud: ['sts.amazon.com', 'x'] }, 'AWS_AUDIENCE_MISMATCH'],
    ['another audience', { aud: 'sts.amazonaws.com' }, 'AWS_AUDIENCE_MISMATCH'],
    ['no subject', { sub: undefined }, 'OCI_RESPONSE_MALFORMED'],
    ['a subject of two lines', { sub: 'app\n[x]' }, 'OCI_RESPONSE_MALFORMED'],
    ['a subject that looks like a command', { sub: '##[error]' }, 'OCI_RESPONSE_MALFORMED'],
    ['no expiry', { exp: undefined }, 'OCI_RESPONSE_MALFORMED'],
    ['an expiry that is no number', { exp: 'soon' }, 'OCI_RESPONSE_MALFORMED'],
    ['an expiry that is now', { exp: NOW / 1000 }, 'AWS_TOKEN_EXPIRED'],
  ])('refuses %s', (_what, changes, code) => {
    expect(codeOf(() => read(tokenOf({ ...honest, ...changes })))).toBe(code);
  });

  it.each(['', 'x', 'a.b.c', `${part([])}.${part(honest)}.x`, `${part({})}.${part('text')}.x`])(
    'throws OCI_RESPONSE_MALFORMED for %j',
    (text) => {
      expect(codeOf(() => read(new Secret(text)))).toBe('OCI_RESPONSE_MALFORMED');
    },
  );

  it.each([
    ['its own scope', { scope: 'https://x/read /' }, '"https://x/" (scope https://x/read)'],
    ['no scope of its own', {}, '"https://x/"; AWS accepts only one. `aws-scope` is "/"'],
  ])('names a second audience, and the scope that added it: %s', (_what, claims, text) => {
    const token = tokenOf({ ...honest, aud: ['sts.amazon.com', 'https://x/'], ...claims });
    expect(() => read(token)).toThrow(text);
  });

  it('does not repeat the token in a message', () => {
    const token = tokenOf({ ...honest, aud: 'x\n::error::y' });
    expect(() => read(token)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/\n|c2ln/) }),
    );
  });
});
