import { describe, expect, it } from '@jest/globals';
import { Region } from 'oci-common';
import { similarRegions } from '../../../src/inputs/regions.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import {
  NAMESPACE_CALL,
  namespaceRequest,
  objectStorageOf,
  processNamespaceResponse,
} from '../../../src/oci/namespace.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl';
const token = new Secret(TOKEN);
const refusal = (code: string, message = 'Why not.') => JSON.stringify({ code, message });
const process = (status: number, text: string) =>
  processNamespaceResponse(responseOf(status, text, { 'opc-request-id': 'R1' }), token);

describe('namespaceRequest', () => {
  it('gets /n/ of the endpoint', async () => {
    const { privateKeyPem } = await generateSessionKeyPair();
    const { method, url } = namespaceRequest(new URL('https://x.example:8443/'), { token, privateKeyPem }, 0);
    expect([method, url.href]).toEqual(['GET', 'https://x.example:8443/n/']);
  });
});

describe('processNamespaceResponse', () => {
  it('returns the namespace', () => {
    expect(process(200, '"acme"')).toEqual({ namespace: 'acme', requestId: 'R1' });
  });

  it.each<[status: number, text: string, refused: object]>([
    [401, refusal('NotAuthenticated'), { code: 'NotAuthenticated', text: 'NotAuthenticated: Why not' }],
    [401, refusal('x', `not ${TOKEN}`), { text: 'x: not [redacted]' }],
    [404, refusal('NotAuthorizedOrNotFound'), { code: 'NotAuthorizedOrNotFound' }],
    [403, refusal('NotAuthorized'), { code: 'NotAuthorized' }],
    [429, '', { text: '' }],
    [503, '<html>', { text: '' }],
  ])('throws ServiceRefusal for %i with %s', (status, text, refused) => {
    expect(() => process(status, text)).toThrow(
      expect.objectContaining({ service: 'object-storage', status, requestId: 'R1', ...refused }),
    );
  });

  it.each([
    [307, ''],
    [401, '<html>'],
    [404, '<html>'],
    [404, refusal('NotFound')],
    [200, '<html>'],
    [200, '{"a":1}'],
    [200, '"::set-env::x"'],
  ])('throws OCI_SERVICE_RESPONSE_MALFORMED for %i with %s', (status, text) => {
    expect(codeOf(() => process(status, text))).toBe('OCI_SERVICE_RESPONSE_MALFORMED');
  });
});

describe('the transient reason', () => {
  it.each([
    [404, refusal('NotAuthorizedOrNotFound'), '404 NotAuthorizedOrNotFound'],
    [403, refusal('NotAuthorized'), '403 NotAuthorized'],
    [404, refusal('NotFound'), undefined],
    [403, '<html>', undefined],
    [401, refusal('NotAuthorized'), undefined],
    [401, refusal('NotAuthenticated'), undefined],
  ])('of %s %s is %p: only a policy may apply later', (status, text, reason) => {
    expect(NAMESPACE_CALL.transientReason?.(responseOf(status, text))).toBe(reason);
  });
});

describe('objectStorageOf', () => {
  it.each(Region.values())('returns the host that Oracle has for $regionId', ({ regionId, realm }) => {
    const found = objectStorageOf(regionId, `ocid1.tenancy.${realm.realmId}..aaaa`);
    expect(found.origin).toBe(`https://objectstorage.${regionId}.${realm.secondLevelDomain}`);
    expect(similarRegions(regionId)).toBeUndefined();
  });

  it('reads the realm of an old tenancy', () => {
    const found = objectStorageOf('us-phoenix-1', 'ocidv1:tenancy:oc1:phx:1460406592660:aaaa');
    expect(found.origin).toBe('https://objectstorage.us-phoenix-1.oraclecloud.com');
  });

  it.each(['oc16', 'oc0', 'toString', ''])('throws OCI_REALM_UNKNOWN for the realm %j', (realm) => {
    expect(codeOf(() => objectStorageOf('us-x-1', `ocid1.tenancy.${realm}..aaaa`))).toBe('OCI_REALM_UNKNOWN');
  });
});
