// Requests to the services that give an instance its token, and what their responses may be.
import { createHash, verify, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type InstanceCertificates, instanceCertificates } from '../../../emulator/compute/certificates.ts';
import { mapServices } from '../../../emulator/server/message.ts';
import { createWorld, type World } from '../../../emulator/server/world.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import {
  IDENTITY_PATHS,
  instanceTokenRequest,
  METADATA_URL,
  metadataRequest,
  processIdentityResponses,
  processInstanceTokenResponse,
  processRegionResponse,
} from '../../../src/oci/instance-principal.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const SERVICE = new URL('https://auth.us-ashburn-1.oraclecloud.com');

let world: World;
let made: InstanceCertificates;

beforeAll(async () => {
  world = await createWorld(
    mapServices(() => 'https://x.example'),
    () => NOW,
  );
  made = instanceCertificates(world);
});

const identityOf = (changes: Partial<InstanceCertificates> = {}) => {
  const { leaf, leafKey, intermediate } = { ...made, ...changes };
  return processIdentityResponses([leaf, leafKey, intermediate].map((text) => responseOf(200, text)));
};
const withoutArmor = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');

describe('a request for metadata', () => {
  it.each([METADATA_URL, `${METADATA_URL}/`])('has the header that the service demands, below %s', (base) => {
    const { method, url, headers } = metadataRequest(base, IDENTITY_PATHS[0] ?? '');
    expect([method, url.href]).toEqual(['GET', 'http://169.254.169.254/opc/v2/identity/cert.pem']);
    expect(headers).toEqual({ authorization: 'Bearer Oracle' });
  });
});

describe('the region of an instance', () => {
  it.each([
    ['us-ashburn-1', 'oraclecloud.com'],
    ['uk-gov-london-1', 'oraclegovcloud.uk'],
    ['eu-frankfurt-2', 'oraclecloud.eu'],
  ])('%s in %s is that of the service', (regionIdentifier, realmDomainComponent) => {
    const response = responseOf(200, JSON.stringify({ regionIdentifier, realmDomainComponent }));
    const expected = `https://auth.${regionIdentifier}.${realmDomainComponent}/`;
    expect(processRegionResponse(response).href).toBe(expected);
  });

  it.each([
    [404, '{}'],
    [200, '{}'],
    [200, '<html>'],
    [200, '{"regionIdentifier":"x"}'],
    [200, '{"regionIdentifier":"a@b","realmDomainComponent":"x.example"}'],
    [200, '{"regionIdentifier":"a/b","realmDomainComponent":"x.example"}'],
    [200, '{"regionIdentifier":{"a":1},"realmDomainComponent":"x.example"}'],
  ])('cannot be read from %i %s', (status, text) => {
    expect(codeOf(() => processRegionResponse(responseOf(status, text)))).toBe(
      'INSTANCE_METADATA_UNREACHABLE',
    );
  });
});

describe('the identity of an instance', () => {
  it('has the tenancy of the certificate', () => {
    const { tenancy, privateKeyPem, intermediates } = identityOf();
    expect(tenancy).toBe(world.settings.tenancy);
    expect(privateKeyPem.reveal()).toBe(made.leafKey);
    expect(intermediates).toEqual([withoutArmor(made.intermediate)]);
  });

  it('has each certificate of a chain', () => {
    const { intermediates } = identityOf({ intermediate: `${made.intermediate}\n${made.root}` });
    expect(intermediates).toEqual([made.intermediate, made.root].map(withoutArmor));
  });

  it.each<[string, () => Partial<InstanceCertificates>]>([
    ['no certificate', () => ({ leaf: '' })],
    ['a broken certificate', () => ({ leaf: made.leaf.replace('MII', 'AAA') })],
    ['a certificate of no instance', () => ({ leaf: made.root })],
    ['no key', () => ({ leafKey: '{}' })],
    // Between two requests, OCI has replaced certificate and key.
    ['the key of another certificate', () => ({ leaf: made.intermediate })],
    ['a broken intermediate certificate', () => ({ intermediate: made.intermediate.replace('MII', 'AAA') })],
  ])('is refused with %s', (_what, changes) => {
    expect(codeOf(() => identityOf(changes()))).toBe('INSTANCE_METADATA_UNREACHABLE');
  });

  it('is refused when a part has another status', () => {
    const parts = [made.leaf, made.leafKey].map((text) => responseOf(200, text));
    expect(codeOf(() => processIdentityResponses([...parts, responseOf(500)]))).toBe(
      'INSTANCE_METADATA_UNREACHABLE',
    );
  });
});

describe('a request for the token of an instance', () => {
  it('is signed with the key of the certificate, whose SHA-256 is in keyId', () => {
    const request = instanceTokenRequest(SERVICE, identityOf(), { publicKeyBase64: 'AB+/==' }, NOW);
    const { method, url, headers, body = '' } = request;
    expect([method, url.href]).toEqual(['POST', `${SERVICE.href}v1/x509`]);
    expect(JSON.parse(body)).toEqual({
      certificate: withoutArmor(made.leaf),
      publicKey: 'AB+/==',
      intermediateCertificates: [withoutArmor(made.intermediate)],
      fingerprintAlgorithm: 'SHA256',
      purpose: 'DEFAULT',
    });
    const parameter = (name: string) =>
      new RegExp(`${name}="([^"]*)"`).exec(headers['authorization'] ?? '')?.[1];
    const certificate = new X509Certificate(made.leaf);
    const fingerprint = createHash('sha256')
      .update(certificate.raw)
      .digest('hex')
      .replace(/(..)(?=.)/g, '$1:');
    expect(parameter('keyId')).toBe(`${world.settings.tenancy}/fed-x509-sha256/${fingerprint}`);
    const names = 'date (request-target) host content-length content-type x-content-sha256';
    expect(parameter('headers')).toBe(names);
    const signed = names.split(' ').map((name) => `${name}: ${headers[name] ?? 'post /v1/x509'}`);
    const signature = Buffer.from(parameter('signature') ?? '', 'base64');
    expect(verify('sha256', Buffer.from(signed.join('\n')), certificate.publicKey, signature)).toBe(true);
  });

  it('has no secret besides the signature', () => {
    const request = instanceTokenRequest(SERVICE, identityOf(), { publicKeyBase64: 'A' }, NOW);
    const lines = made.leafKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
    expect(lines.filter((line) => JSON.stringify(request).includes(line))).toEqual([]);
  });
});

describe('the token of an instance', () => {
  it('is that of the response', () => {
    expect(processInstanceTokenResponse(responseOf(200, '{"token":"a.b.c"}')).reveal()).toBe('a.b.c');
  });

  it.each([
    [200, '{"token":"no token"}'],
    [200, '{"token":["a.b.c"]}'],
    [200, 'a.b.c'],
    [201, '{"token":"a.b.c"}'],
    [302, ''],
    [401, '<html>'],
  ])('cannot be read from %i %s', (status, text) => {
    expect(codeOf(() => processInstanceTokenResponse(responseOf(status, text)))).toBe(
      'INSTANCE_PRINCIPAL_UNAVAILABLE',
    );
  });

  it.each([
    [401, '{"code":"NotAuthenticated","message":"##[error] no"}', 'NotAuthenticated: ## [error] no'],
    [400, '{}', ''],
    [503, '<html>', ''],
  ])('is refused by %i %s', (status, text, reason) => {
    const headers = { 'opc-request-id': 'one', date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
    const refusal = (() => {
      try {
        return processInstanceTokenResponse(responseOf(status, text, headers));
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(ServiceRefusal);
    expect(refusal).toMatchObject({
      status,
      text: reason,
      requestId: 'one',
      serverTime: Date.UTC(2030, 0, 1),
    });
  });
});
