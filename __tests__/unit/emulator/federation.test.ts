import { createHash, type X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { rotateInstanceCertificates } from '../../../emulator/compute/certificates.ts';
import { keyPair, send, signed, spki } from './client.ts';
import {
  type FederationChanges,
  federate,
  fingerprint,
  type Identity,
  identityOf,
  instanceToken,
  sessionPair,
} from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock, defaults } = await startTestEmulator();
/** Of another emulator, and so of other authorities. */
const { emulator: elsewhere } = await startTestEmulator();

const BODY_NAMES = ['content-length', 'content-type', 'x-content-sha256'];
const keyIdWith = (part: string, value: string, tenancy = defaults.tenancy) => `${tenancy}/${part}/${value}`;

describe('the federation service', () => {
  it('returns a token of the instance for its certificate, bound to the new key', async () => {
    const { status, json } = await federate(emulator);
    expect([status, Object.keys(json)]).toEqual([200, ['token']]);
    const { payload } = await jwtVerify(String(json['token']), emulator.world.upstKey.publicKey);
    const { id, compartmentId } = defaults.instance;
    const issued = Math.floor(clock.now / 1000);
    expect(payload).toMatchObject({
      iss: 'authService.oracle.com',
      aud: 'oci',
      sub: id,
      ptype: 'instance',
      ttype: 'x509',
      'opc-instance': id,
      'opc-compartment': compartmentId,
      'opc-tenant': defaults.tenancy,
      tenant: defaults.tenancy,
      exp: issued + 1200,
    });
    const { n } = sessionPair.publicKey.export({ format: 'jwk' });
    expect(JSON.parse(String(payload['jwk']))).toMatchObject({ n });
    expect(emulator.secrets()).toContain(json['token']);
  });

  const forms: [string, (identity: Identity) => FederationChanges][] = [
    ['Python', ({ leaf }) => ({ keyId: keyIdWith('fed-x509', fingerprint(leaf, 'sha1').toUpperCase()) })],
    [
      'TypeScript',
      ({ leaf }) => ({
        keyId: keyIdWith('fed-x509', fingerprint(leaf, 'sha1')),
        names: ['date', '(request-target)', 'host', ...BODY_NAMES],
        headers: { host: new URL(emulator.urls.auth).host },
        body: { fingerprintAlgorithm: undefined, purpose: 'DEFAULT' },
      }),
    ],
    [
      'Java',
      () => ({
        names: ['date', '(request-target)', 'host', ...BODY_NAMES],
        headers: { host: new URL(emulator.urls.auth).host },
        body: { purpose: 'DEFAULT' },
      }),
    ],
  ];
  it.each(forms)('accepts the form of the SDK for %s', async (_, changes) => {
    expect((await federate(emulator, changes(await identityOf(emulator)))).status).toBe(200);
  });

  it('accepts a certificate that was rotated, until it expires', async () => {
    const identity = await identityOf(emulator);
    rotateInstanceCertificates(emulator.world);
    expect((await federate(emulator, { identity })).status).toBe(200);
  });

  const late = () => new Date(clock.now - 301_000).toUTCString();
  const refusals: [string, (identity: Identity) => FederationChanges | Promise<FederationChanges>, RegExp][] =
    [
      ['no signature', () => ({ headers: {}, keyId: '"' }), /^authorization/],
      ['a keyId of an API key', () => ({ keyId: 'a/b/c' }), /^keyId: not/],
      ['a session token as keyId', () => ({ keyId: 'ST$x' }), /^keyId: not/],
      [
        'the fingerprint of another certificate',
        ({ intermediate }) => ({ keyId: keyIdWith('fed-x509-sha256', fingerprint(intermediate)) }),
        /^keyId: fingerprint/,
      ],
      [
        'a SHA-256 fingerprint in capital letters',
        ({ leaf }) => ({ keyId: keyIdWith('fed-x509-sha256', fingerprint(leaf).toUpperCase()) }),
        /^keyId: fingerprint/,
      ],
      [
        'a fingerprint of the PEM',
        ({ leaf }) => ({
          keyId: keyIdWith('fed-x509-sha256', createHash('sha256').update(leaf.toString()).digest('hex')),
        }),
        /^keyId: fingerprint/,
      ],
      [
        'SHA-256 without fingerprintAlgorithm',
        () => ({ body: { fingerprintAlgorithm: undefined } }),
        /^keyId: fingerprintAlgorithm/,
      ],
      [
        'another tenancy than that of the certificate',
        ({ leaf }) => ({
          keyId: keyIdWith('fed-x509-sha256', fingerprint(leaf), 'ocid1.tenancy.oc1..other'),
        }),
        /^keyId: tenancy/,
      ],
      [
        'no intermediate certificate',
        () => ({ body: { intermediateCertificates: [] } }),
        /^chain: .* missing/,
      ],
      [
        'the certificate as its own issuer',
        ({ leaf }) => ({ body: { intermediateCertificates: [leaf.raw.toString('base64')] } }),
        /^chain: leaf/,
      ],
      [
        'certificates of other authorities',
        async () => {
          elsewhere.world.settings.tenancy = defaults.tenancy;
          return { identity: await identityOf(elsewhere) };
        },
        /^chain: intermediate certificate is not issued by the root/,
      ],
      ['the key of the session instead of the leaf', () => ({ key: sessionPair.privateKey }), /^signature/],
      [
        'a body that is not signed',
        () => ({ names: ['date', '(request-target)', 'content-length', 'content-type'] }),
        /^coverage: x-content-sha256/,
      ],
      [
        'x-date instead of date',
        () => ({ names: ['x-date', '(request-target)', ...BODY_NAMES] }),
        /^coverage: date/,
      ],
      ['an old date', () => ({ headers: { date: late() } }), /^date/],
      ['another digest', () => ({ headers: { 'x-content-sha256': 'AAAA' } }), /^body: x-content/],
    ];
  it.each(refusals)('refuses %s', async (_, changes, reason) => {
    const response = await federate(emulator, await changes(await identityOf(emulator)));
    expect([response.status, response.json['code']]).toEqual([401, 'NotAuthenticated']);
    expect(emulator.journal.at(-1)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  it.each([
    ['an expired certificate', 31 * 86_400_000, /^validity: expired/],
    ['a certificate from the future', -2 * 86_400_000, /^validity: not yet/],
  ])('refuses %s', async (_, later, reason) => {
    const identity = await identityOf(emulator);
    clock.now += later;
    expect((await federate(emulator, { identity })).status).toBe(401);
    expect(emulator.journal.at(-1)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  const pem = (certificate: X509Certificate) => certificate.toString();
  const bodies: [string, (identity: Identity) => Record<string, unknown>, string, RegExp][] = [
    ['a certificate in PEM', ({ leaf }) => ({ certificate: pem(leaf) }), 'InvalidParameter', /armor/],
    [
      'a certificate with line breaks',
      ({ leaf }) => ({ certificate: pem(leaf).split('\n').slice(1, -2).join('\n') }),
      'InvalidParameter',
      /line breaks/,
    ],
    [
      'an intermediate certificate in PEM',
      ({ intermediate }) => ({ intermediateCertificates: [pem(intermediate)] }),
      'InvalidParameter',
      /^intermediateCertificates: has PEM armor/,
    ],
    ['a key in base64url', () => ({ publicKey: '-_-_' }), 'InvalidParameter', /^publicKey: is not standard/],
    ['a key that is none', () => ({ publicKey: 'AAAA' }), 'InvalidParameter', /^publicKey: is no Subject/],
    ['no key', () => ({ publicKey: undefined }), 'MissingParameter', /^publicKey is missing/],
    ['no certificate', () => ({ certificate: '' }), 'MissingParameter', /^certificate is missing/],
    [
      'a certificate that is none',
      () => ({ certificate: spki() }),
      'InvalidParameter',
      /^certificate: is no/,
    ],
    [
      'one intermediate without a list',
      () => ({ intermediateCertificates: 'AAAA' }),
      'InvalidParameter',
      /no list/,
    ],
  ];
  it.each(bodies)('refuses %s', async (_, body, code, reason) => {
    const response = await federate(emulator, { body: body(await identityOf(emulator)) });
    expect([response.status, response.json['code']]).toEqual([400, code]);
    expect(emulator.journal.at(-1)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  it.each([
    [{ path: '/v1/x510' }, 404],
    [{ method: 'PUT' }, 405],
    [{ headers: { 'content-type': 'text/plain' } }, 415],
  ])('refuses %j with %d', async (changes, status) => {
    expect((await federate(emulator, changes)).status).toBe(status);
  });
});

describe('the token of an instance', () => {
  const list = { method: 'GET', path: '/n/', key: sessionPair.privateKey };

  it('has no rights in Object Storage, unless policies give some', async () => {
    const request = signed(emulator, { ...list, token: await instanceToken(emulator) });
    expect((await send(emulator, request)).json['code']).toBe('NotAuthorizedOrNotFound');
    expect(emulator.journal.at(-1)).toMatchObject({ reason: 'principal: the machine itself' });
    emulator.world.settings.instanceAccess = 'manage';
    expect((await send(emulator, request)).status).toBe(200);
  });

  it('is refused when another key signs', async () => {
    const token = await instanceToken(emulator);
    const request = signed(emulator, { ...list, token, key: keyPair.privateKey });
    expect((await send(emulator, request)).status).toBe(401);
  });
});
