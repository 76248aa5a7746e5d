// The signature against two verifiers that share no code with it: the text rebuilt by hand with another library's RSA,
// and the emulator's, which Oracle's own SDK passes.

import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import { issueUpst } from '../../../emulator/domain/session-token.ts';
import { verifyRequest } from '../../../emulator/oci/request-signature.ts';
import { createWorld, type World } from '../../../emulator/server/world.ts';
import { generateSessionKeyPair, type KeyPair } from '../../../src/oci/key-pair.ts';
import { type SessionProof, signGet } from '../../../src/oci/namespace.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const url = new URL('https://objectstorage.us-ashburn-1.oraclecloud.com/n/');

let keyPair: KeyPair;
let world: World;
let proof: SessionProof;

beforeAll(async () => {
  keyPair = await generateSessionKeyPair();
  const nowhere = 'https://x.example';
  const urls = { github: nowhere, domain: nowhere, oci: nowhere, sts: nowhere, s3: nowhere };
  world = await createWorld(urls, () => NOW);
  const spki = Buffer.from(keyPair.publicKeyBase64, 'base64');
  const publicKey = createPublicKey({ key: spki, type: 'spki', format: 'der' });
  const token = await issueUpst(world, world.settings.serviceUser, publicKey, { sub: 'repo:a/b:ref' });
  proof = { token: new Secret(token), privateKeyPem: keyPair.privateKeyPem };
});

const parametersOf = (authorization = '') =>
  Object.fromEntries(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

/** As the emulator would receive it. */
function received(headers: Record<string, string>, target = '/n/') {
  const distinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { method: 'GET', target, headers: distinct, body: Buffer.alloc(0), requestId: 'x' };
}

describe('a signed request', () => {
  it('covers date, target and host, in this order and form', () => {
    const signed = signGet(url, proof, NOW);
    const { signature = '', ...parameters } = parametersOf(signed['authorization']);
    expect(signed).toEqual({
      date: 'Tue, 01 Jan 2030 12:00:00 GMT',
      host: 'objectstorage.us-ashburn-1.oraclecloud.com',
      authorization: expect.stringMatching(/^Signature version="1",/),
    });
    expect(parameters).toEqual({
      version: '1',
      keyId: `ST$${proof.token.reveal()}`,
      algorithm: 'rsa-sha256',
      headers: 'date (request-target) host',
    });
    const text =
      'date: Tue, 01 Jan 2030 12:00:00 GMT\n(request-target): get /n/\nhost: objectstorage.us-ashburn-1.oraclecloud.com';
    const digest = forge.md.sha256.create().update(text);
    const pem = `-----BEGIN PUBLIC KEY-----\n${keyPair.publicKeyBase64}\n-----END PUBLIC KEY-----`;
    const key = forge.pki.publicKeyFromPem(pem);
    expect(key.verify(digest.digest().bytes(), forge.util.decode64(signature))).toBe(true);
  });

  it.each([
    ['https://localhost:8443/n/', '/n/', 'localhost:8443'],
    ['https://x.example:443/n/?a=b%20c', '/n/?a=b%20c', 'x.example'],
    ['http://[::1]:8080/%7Eä', '/%7E%C3%A4', '[::1]:8080'],
  ])('is accepted as it is sent: %s', async (address, target, host) => {
    const signed = signGet(new URL(address), proof, NOW);
    expect(signed['host']).toBe(host);
    expect(await verifyRequest(received(signed, target), world)).toEqual({
      ok: true,
      principal: { user: world.settings.serviceUser.ocid, tenancy: world.settings.tenancy },
    });
  });

  it.each([
    ['another target', {}, '/n/x', /^signature/],
    ['another host', { host: 'y.example' }, '/n/', /^signature/],
    ['another date', { date: 'Tue, 01 Jan 2030 12:00:01 GMT' }, '/n/', /^signature/],
  ])('is refused for %s', async (_what, changes, target, reason) => {
    const signed = { ...signGet(url, proof, NOW), ...changes };
    expect(await verifyRequest(received(signed, target), world)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('has the given time as its date', async () => {
    const late = signGet(url, proof, NOW + 6 * 60_000);
    expect(await verifyRequest(received(late), world)).toMatchObject({
      reason: 'date: more than five minutes off',
    });
  });
});
