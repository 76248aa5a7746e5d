import { describe, expect, it } from '@jest/globals';
import { clusterToken, execCredentialOf } from '../../../src/oci/cluster-token.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import { signRequest } from '../../../src/oci/request-signature.ts';
import { Secret } from '../../../src/secret.ts';

const ID = 'ocid1.cluster.oc1.iad.aaaa1';
const HOST = 'containerengine.us-ashburn-1.oraclecloud.com';
const NOW = Date.parse('2026-06-01T12:00:00Z');
const MINUTE_MS = 60_000;
const { privateKeyPem } = await generateSessionKeyPair();

/** A session token with these claims, in milliseconds since the epoch. */
function sessionOf(exp: number, iat = NOW): Secret {
  const claims = { sub: 'ocid1.user.oc1..aaaa', exp: exp / 1000, iat: iat / 1000 };
  return new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`);
}
const tokenOf = (token: Secret, now = NOW) => clusterToken({ token, privateKeyPem }, ID, HOST, now);

describe('clusterToken', () => {
  it('is the URL of a signed request in base64url with padding', () => {
    const session = sessionOf(NOW + 60 * MINUTE_MS);
    const encoded = tokenOf(session).token.reveal();
    expect(encoded).toMatch(/^[\w-]+={0,2}$/);
    expect(encoded.length % 4).toBe(0);
    const text = Buffer.from(encoded, 'base64url').toString();
    const [address, query = ''] = text.split('?');
    expect(address).toBe(`https://${HOST}/cluster_request/${ID}`);
    const url = new URL(address ?? '');
    const key = { keyId: new Secret(`ST$${session.reveal()}`), privateKeyPem };
    const { authorization, date } = signRequest({ method: 'GET', url, headers: {} }, key, NOW);
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ authorization, date });
    expect(authorization).toContain('headers="date (request-target) host"');
    expect(query).toContain('&date=Mon%2C+01+Jun+2026+12%3A00%3A00+GMT');
  });

  it.each([
    [60 * MINUTE_MS, 4 * MINUTE_MS],
    [4 * MINUTE_MS, 4 * MINUTE_MS],
    [1000, 1000],
  ])('of a session with %i ms left is valid for %i ms', (left, expected) => {
    expect(tokenOf(sessionOf(NOW + left)).expiresAt).toBe(NOW + expected);
  });

  it.each([
    [
      'has expired',
      sessionOf(NOW),
      /^The session expired at 2026-06-01T12:00:00.000Z\. This machine's clock says .*refresh: true/,
    ],
    [
      'begins later',
      sessionOf(NOW + 60 * MINUTE_MS, NOW + 6 * MINUTE_MS),
      /^The session was issued at .*: synchronize it\.$/,
    ],
    ['has no end', new Secret('e30.e30.c2ln'), /cannot be read/],
    ['is no JWT', new Secret('x'), /cannot be read/],
  ])('fails with what to do when the session %s', (_what, session, message) => {
    expect(() => tokenOf(session)).toThrow(message);
  });

  it('is made with a clock that is five minutes slow', () => {
    const session = sessionOf(NOW + 60 * MINUTE_MS, NOW + 5 * MINUTE_MS);
    expect(tokenOf(session).expiresAt).toBe(NOW + 4 * MINUTE_MS);
  });

  it('fails without the text of a key that cannot be used', () => {
    const proof = { token: sessionOf(NOW + 60 * MINUTE_MS), privateKeyPem: new Secret('-----no key-----') };
    expect(() => clusterToken(proof, ID, HOST, NOW)).toThrow(
      /^The private key of the session cannot be used/,
    );
  });
});

describe('execCredentialOf', () => {
  it('has the version of the kubeconfig, and the end in ISO 8601', () => {
    expect(JSON.parse(execCredentialOf({ token: new Secret('abc'), expiresAt: NOW }))).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'abc', expirationTimestamp: '2026-06-01T12:00:00.000Z' },
    });
  });
});
