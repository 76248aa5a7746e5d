import { describe, expect, it } from '@jest/globals';
import {
  processWorkloadTokenResponse,
  workloadPlace,
  workloadTokenRequest,
} from '../../../src/oci/oke-workload-identity.ts';
import { Secret } from '../../../src/secret.ts';
import { codeOf } from '../../repo/code-of.ts';
import { responseOf } from '../stub-http.ts';

const placeOf = (env: Record<string, string>) => workloadPlace((name) => env[name]);
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const HOST = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };

describe('the token service of a pod', () => {
  it.each<[Record<string, string>, string]>([
    [HOST, 'https://10.96.0.1:12250'],
    [{ KUBERNETES_SERVICE_HOST: 'fd00::1' }, 'https://[fd00::1]:12250'],
    [{ ...HOST, KUBERNETES_SERVICE_PORT_PROXYMUX: '8443' }, 'https://10.96.0.1:8443'],
  ])('with %j is %s', (env, origin) => {
    expect(placeOf(env)).toEqual({
      url: new URL(`${origin}/resourcePrincipalSessionTokens`),
      tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    });
  });

  it('has the files that variables name', () => {
    const env = {
      ...HOST,
      OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH: '/a/token',
      OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH: '/b/ca',
    };
    expect(placeOf(env)).toMatchObject({ tokenFile: '/a/token', caFile: '/b/ca' });
  });

  it.each<Record<string, string>>([
    {},
    { KUBERNETES_SERVICE_HOST: 'a b' },
    { ...HOST, KUBERNETES_SERVICE_PORT_PROXYMUX: 'tcp://10.96.0.1:12250' },
  ])('is unknown with %j', (env) => {
    expect(codeOf(() => placeOf(env))).toBe('OKE_WORKLOAD_IDENTITY_UNAVAILABLE');
  });
});

describe('a request for the token of a pod', () => {
  it('has the token of the service account and the public key', () => {
    const url = new URL('https://10.96.0.1:12250/resourcePrincipalSessionTokens');
    const request = workloadTokenRequest(url, new Secret('a.b.c'), { publicKeyBase64: 'AB+/==' });
    expect(request).toEqual({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/json' },
      body: '{"podKey":"AB+/=="}',
    });
  });
});

describe('the token of a pod', () => {
  it.each([
    [`"${base64({ token: 'ST$a.b.c' })}"`],
    [`"${base64({ token: 'ST$a.b.c' })}"\n`],
    [base64({ token: 'ST$a.b.c' })],
    [base64({ token: 'a.b.c' })],
  ])('is read from %s', (text) => {
    expect(processWorkloadTokenResponse(responseOf(200, text)).reveal()).toBe('a.b.c');
  });

  it.each([
    [200, '{"token":"ST$a.b.c"}', 'something that is no token'],
    [200, `"${base64({ token: 'ST$' })}"`, 'something that is no token'],
    [200, `"${base64(['ST$a.b.c'])}"`, 'something that is no token'],
    [200, '', 'something that is no token'],
    [302, '', 'a redirect'],
    [403, '{}', 'only enhanced clusters'],
    [500, '', 'status 500'],
  ])('cannot be read from %i %s', (status, text, reason) => {
    const process = () => processWorkloadTokenResponse(responseOf(status, text));
    expect(codeOf(process)).toBe('OKE_WORKLOAD_IDENTITY_UNAVAILABLE');
    expect(process).toThrow(reason);
  });
});
