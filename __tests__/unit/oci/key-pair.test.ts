// What OCI and its clients will see of a key pair, derived a second time from nothing but the PEM by other code.
import { describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';

const pair = await generateSessionKeyPair();
const pem = pair.privateKeyPem.reveal();
const privateKey = forge.pki.privateKeyFromPem(pem);
const publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
const der = forge.asn1.toDer(forge.pki.publicKeyToAsn1(publicKey)).getBytes();

function bigEndian(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('hex').replace(/^0+/, '');
}

describe('a session key pair', () => {
  it('is an unencrypted PKCS#8 PEM of an RSA key of 2048 bits', () => {
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PRIVATE KEY-----\n$/);
    expect(privateKey.n.bitLength()).toBe(2048);
    expect(privateKey.e.toString(16)).toBe('10001');
  });

  it('sends its public half as one line of base64 DER', () => {
    expect(pair.publicKeyBase64).toBe(forge.util.encode64(der));
    expect(pair.publicKeyBase64).toMatch(/^[A-Za-z0-9+/]+=*$/);
  });

  it('has the fingerprint that OCI computes', () => {
    const digest = forge.md.md5.create().update(der).digest().toHex();
    expect(pair.fingerprint).toBe(digest.match(/../g)?.join(':'));
  });

  it('names modulus and exponent of the same key', () => {
    expect(bigEndian(pair.publicJwk.n)).toBe(privateKey.n.toString(16));
    expect(bigEndian(pair.publicJwk.e)).toBe(privateKey.e.toString(16));
  });

  it('signs what its public half verifies', () => {
    const digest = forge.md.sha256.create().update('date: now');
    expect(publicKey.verify(digest.digest().getBytes(), privateKey.sign(digest))).toBe(true);
  });

  it('is a new one each time and does not show its private half', async () => {
    const other = await generateSessionKeyPair();
    expect(other.fingerprint).not.toBe(pair.fingerprint);
    expect(JSON.stringify(other)).not.toContain('PRIVATE');
  });
});
