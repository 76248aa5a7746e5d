// The signature against two verifiers that share no code with it: the text rebuilt by hand with another library's RSA,
// and the emulator's, which Oracle's own SDK passes.

import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import { issueUpst } from '../../../emulator/domain/session-token.ts';
import { verifyRequest } from '../../../emulator/oci/request-signature.ts';
import { mapServices } from '../../../emulator/server/message.ts';
import { createWorld, type World } from '../../../emulator/server/world.ts';
import { generateSessionKeyPair, type KeyPair } from '../../../src/oci/key-pair.ts';
import { type SigningKey, sessionKey, signRequest } from '../../../src/oci/request-signature.ts';
import type { HttpRequest } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const url = new URL('https://objectstorage.us-ashburn-1.oraclecloud.com/n/');

let keyPair: KeyPair;
let world: World;
let signingKey: SigningKey;

beforeAll(async () => {
  keyPair = await generateSessionKeyPair();
  const urls = mapServices(() => 'https://x.example');
  world = await createWorld(urls, () => NOW);
  const spki = Buffer.from(keyPair.publicKeyBase64, 'base64');
  const publicKey = createPublicKey({ key: spki, type: 'spki', format: 'der' });
  const token = await issueUpst(world, world.settings.serviceUser, publicKey, { sub: 'repo:a/b:ref' });
  signingKey = sessionKey({ token: new Secret(token), privateKeyPem: keyPair.privateKeyPem });
});

const parametersOf = (authorization = '') =>
  Object.fromEntries(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

const signGet = (address: URL, now: number) =>
  signRequest({ method: 'GET', url: address, headers: {} }, signingKey, now);

/** As the emulator would receive it. */
function received(headers: Record<string, string>, target = '/n/', method = 'GET', body = '') {
  const distinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { method, target, headers: distinct, body: Buffer.from(body), requestId: 'x' };
}

describe('a signed request', () => {
  it('covers date, target and host, in this order and form', () => {
    const signed = signGet(url, NOW);
    const { signature = '', ...parameters } = parametersOf(signed['authorization']);
    expect(signed).toEqual({
      date: 'Tue, 01 Jan 2030 12:00:00 GMT',
      host: 'objectstorage.us-ashburn-1.oraclecloud.com',
      authorization: expect.stringMatching(/^Signature version="1",/),
    });
    expect(parameters).toEqual({
      version: '1',
      keyId: signingKey.keyId.reveal(),
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
    const signed = signGet(new URL(address), NOW);
    expect(signed['host']).toBe(host);
    expect(await verifyRequest(received(signed, target), world)).toEqual({
      ok: true,
      principal: {
        user: world.settings.serviceUser.ocid,
        tenancy: world.settings.tenancy,
        isResource: false,
        claims: expect.objectContaining({ ptype: 'user' }),
      },
    });
  });

  it.each([
    ['another target', {}, '/n/x', /^signature/],
    ['another host', { host: 'y.example' }, '/n/', /^signature/],
    ['another date', { date: 'Tue, 01 Jan 2030 12:00:01 GMT' }, '/n/', /^signature/],
  ])('is refused for %s', async (_what, changes, target, reason) => {
    const signed = { ...signGet(url, NOW), ...changes };
    expect(await verifyRequest(received(signed, target), world)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('has the given time as its date', async () => {
    const late = signGet(url, NOW + 6 * 60_000);
    expect(await verifyRequest(received(late), world)).toMatchObject({
      reason: 'date: more than five minutes off',
    });
  });
});

describe.each(['POST', 'PUT', 'PATCH'] as const)('a signed %s', (method) => {
  const body = '{"name":"ä"}';
  const request: HttpRequest = { method, url, headers: { 'if-match': '1' }, body };

  it('covers length, type and digest of the body as well', async () => {
    const signed = signRequest(request, signingKey, NOW);
    expect(signed).toMatchObject({
      'if-match': '1',
      'content-length': '13',
      'content-type': 'application/json',
      'x-content-sha256': forge.util.encode64(forge.md.sha256.create().update(body, 'utf8').digest().bytes()),
    });
    expect(parametersOf(signed['authorization'])['headers']).toBe(
      'date (request-target) host content-length content-type x-content-sha256',
    );
    expect(await verifyRequest(received(signed, '/n/', method, body), world)).toMatchObject({ ok: true });
  });

  it.each([
    ['another body', {}, '{"name":"a"}', /^body/],
    ['another type', { 'content-type': 'text/plain' }, body, /^signature/],
    ['another method', {}, body, /^signature/],
  ])('is refused for %s', async (what, changes, sent, reason) => {
    const signed = { ...signRequest(request, signingKey, NOW), ...changes };
    const other = method === 'POST' ? 'PUT' : 'POST';
    const used = what === 'another method' ? other : method;
    expect(await verifyRequest(received(signed, '/n/', used, sent), world)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});

it('signs an empty body, and keeps the content type of the request', async () => {
  const request: HttpRequest = { method: 'POST', url, headers: { 'content-type': 'text/plain' } };
  const signed = signRequest(request, signingKey, NOW);
  expect(signed).toMatchObject({
    'content-length': '0',
    'content-type': 'text/plain',
    'x-content-sha256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  });
  expect(await verifyRequest(received(signed, '/n/', 'POST'), world)).toMatchObject({ ok: true });
});
