import { describe, expect, it } from '@jest/globals';
import { explainClusterRefusal } from '../../../src/diagnosis/oke-refusal.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { generateSessionKeyPair } from '../../../src/oci/key-pair.ts';
import {
  clusterHosts,
  kubeconfigRequest,
  processKubeconfigResponse,
  TRANSIENT_REFUSAL,
} from '../../../src/oci/oke.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const ID = 'ocid1.cluster.oc1.iad.aaaa1';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl';
const token = new Secret(TOKEN);
const CA = Buffer.from('-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n').toString('base64');
const refusal = (code: string, message = 'Why not.') => JSON.stringify({ code, message });
const process = (status: number, text: string) =>
  processKubeconfigResponse(responseOf(status, text, { 'opc-request-id': 'R1' }), { token });

function yamlOf(server: string, ca: string, more = ''): string {
  return [
    '---',
    'apiVersion: v1',
    'clusters:',
    '- name: cluster-c1',
    '  cluster:',
    `    server: ${server}`,
    `    certificate-authority-data: ${ca}`,
    'users:',
    '- name: user-c1',
    more,
  ].join('\n');
}

describe('clusterHosts', () => {
  it('are in the region of the OCID, or in the given one', () => {
    const cluster = { id: ID, realmDomain: 'oraclecloud.eu' };
    expect(clusterHosts({ ...cluster, region: 'eu-madrid-2' }, 'us-ashburn-1')).toEqual({
      region: 'eu-madrid-2',
      api: 'containerengine.eu-madrid-2.oci.oraclecloud.eu',
      tokenHost: 'containerengine.eu-madrid-2.oraclecloud.eu',
    });
    expect(clusterHosts({ ...cluster, region: undefined }, 'us-ashburn-1').region).toBe('us-ashburn-1');
  });
});

describe('kubeconfigRequest', () => {
  it.each([
    ['public', 'PUBLIC_ENDPOINT'],
    ['private', 'PRIVATE_ENDPOINT'],
    ['vcn-hostname', 'VCN_HOSTNAME'],
  ] as const)('posts a signed body that names the endpoint: %s', async (endpoint, expected) => {
    const { privateKeyPem } = await generateSessionKeyPair();
    const proof = { token, privateKeyPem };
    const { method, url, headers, body = '' } = kubeconfigRequest('oke.example', ID, endpoint, proof, 0);
    expect([method, url.href]).toEqual([
      'POST',
      `https://oke.example/20180222/clusters/${ID}/kubeconfig/content`,
    ]);
    expect(JSON.parse(body)).toEqual({ tokenVersion: '2.0.0', endpoint: expected });
    expect(headers).toMatchObject({ accept: 'application/x-yaml', 'content-type': 'application/json' });
    expect(headers['authorization']).toContain(
      'headers="date (request-target) host content-length content-type x-content-sha256"',
    );
  });
});

describe('processKubeconfigResponse', () => {
  it.each([
    ['https://147.154.0.1:6443', CA],
    ['"https://147.154.0.1:6443"', `'${CA}'`],
    ['https://147.154.0.1:6443/', `${CA}\r`],
  ])('returns server and certificate of %s', (server, ca) => {
    const access = process(200, yamlOf(server, ca));
    expect(access).toEqual({ server: new URL('https://147.154.0.1:6443'), certificateAuthorityData: CA });
  });

  it('reads an address of IPv6', () => {
    expect(process(200, yamlOf('https://[fd00::1]:6443', CA)).server.host).toBe('[fd00::1]:6443');
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>'],
    ['JSON', JSON.stringify({ server: 'https://x', 'certificate-authority-data': CA })],
    ['no certificate', 'clusters:\n- cluster:\n    server: https://x\n'],
    ['no server', `clusters:\n- cluster:\n    certificate-authority-data: ${CA}\n`],
    ['two servers', yamlOf('https://x', CA, '    server: https://y')],
    ['two certificates', yamlOf('https://x', CA, `    certificate-authority-data: ${CA}`)],
    ['plain HTTP', yamlOf('http://x', CA)],
    ['a path', yamlOf('https://x/path', CA)],
    ['a query', yamlOf('https://x?y', CA)],
    ['a password', yamlOf('https://a:b@x', CA)],
    ['a text that is no address', yamlOf('x', CA)],
    ['an unfinished quote', yamlOf('"https://x', CA)],
    ['a value on another line', yamlOf('>-\n      https://x', CA)],
    ['a flow mapping', `clusters: [{cluster: {server: https://x, certificate-authority-data: ${CA}}}]`],
    ['a certificate that is no base64', yamlOf('https://x', '::set-env::')],
    ['base64 of something else', yamlOf('https://x', 'c29tZXRoaW5n')],
  ])('throws OKE_RESPONSE_MALFORMED for %s', (_what, text) => {
    expect(codeOf(() => process(200, text))).toBe('OKE_RESPONSE_MALFORMED');
  });

  it.each([
    [302, ''],
    [401, '<html>'],
    [404, '<html>'],
    [404, '{}'],
  ])('throws OKE_RESPONSE_MALFORMED for %i with %j', (status, text) => {
    expect(codeOf(() => process(status, text))).toBe('OKE_RESPONSE_MALFORMED');
  });

  it.each<[status: number, text: string, refused: object]>([
    [401, refusal('NotAuthenticated'), { code: 'NotAuthenticated', text: 'NotAuthenticated: Why not' }],
    [
      404,
      refusal('NotAuthorizedOrNotFound', `not ${TOKEN}`),
      { text: 'NotAuthorizedOrNotFound: not [redacted]' },
    ],
    [400, refusal('InvalidParameter'), { code: 'InvalidParameter' }],
    [429, '', { text: '' }],
    [503, '<html>', { text: '' }],
  ])('throws ServiceRefusal for %i with %s', (status, text, refused) => {
    expect(() => process(status, text)).toThrow(
      expect.objectContaining({ service: 'oke', status, requestId: 'R1', ...refused }),
    );
  });
});

describe('a transient refusal', () => {
  it.each([
    [404, 'NotAuthorizedOrNotFound', '404 NotAuthorizedOrNotFound'],
    [403, 'NotAuthorized', '403 NotAuthorized'],
    [409, 'IncorrectState', '409 IncorrectState'],
    [409, 'InvalidatedRetryToken', undefined],
    [404, 'NotFound', undefined],
    [401, 'NotAuthenticated', undefined],
    [400, 'InvalidParameter', undefined],
  ])('is recognized by status and code: %i %s', (status, code, reason) => {
    expect(TRANSIENT_REFUSAL(responseOf(status, refusal(code)))).toBe(reason);
  });
});

describe('explainClusterRefusal', () => {
  const call = { cluster: ID, region: 'us-ashburn-1', endpoint: 'public', now: 0 };
  const explained = (status: number, code: string, tenancy = 'ocid1.tenancy.oc1..aaaa') => {
    const details = { status, code, text: code, requestId: 'R1', attempts: '1 attempt' };
    return explainClusterRefusal(new ServiceRefusal('oke', details), { ...call, tenancy });
  };

  it.each([
    [401, 'NotAuthenticated', 'OCI_SESSION_REFUSED'],
    [404, 'NotAuthorizedOrNotFound', 'OKE_NOT_AUTHORIZED'],
    [403, 'NotAuthorized', 'OKE_NOT_AUTHORIZED'],
    [400, 'InvalidParameter', 'OKE_REFUSED'],
    [404, 'NotFound', 'OKE_REFUSED'],
    [409, 'IncorrectState', 'OKE_REFUSED'],
  ])('turns %i %s into %s', (status, code, expected) => {
    expect(explained(status, code)).toMatchObject({ code: expected, requestId: 'R1', status });
  });

  it.each([
    [401, 'NotAuthenticated'],
    [404, 'NotAuthorizedOrNotFound'],
  ])('names both realms after %i %s when they differ', (status, code) => {
    const { message, remedy } = explained(status, code, 'ocid1.tenancy.oc19..aaaa');
    expect(message).toBe(`The cluster ${ID} is in realm oc1, the session in realm oc19 (${status}).`);
    expect(remedy).toContain('`oke-cluster`');
  });
});
