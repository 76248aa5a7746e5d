import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startPod } from '../../../emulator/runner/oci-machines.ts';
import { type Call, call, exchangeForm, jobToken, send, spki } from './client.ts';
import { sessionPair, signedExchange } from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock, defaults } = await startTestEmulator();
const pod = await startPod(emulator);
afterAll(() => pod.end());

const caFile = pod.env['OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH'] ?? '';
const ca = readFileSync(caFile, 'utf8');
const serviceAccountToken = readFileSync(caFile.replace('ca.crt', 'token'), 'utf8');
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT_PROXYMUX: port } = pod.env;
const URL_OF_PROXY = `https://${host}:${port}/resourcePrincipalSessionTokens`;

function ask(changes: Call & { bearer?: string; podKey?: unknown; path?: string } = {}) {
  const {
    bearer = serviceAccountToken,
    podKey = spki(sessionPair.publicKey),
    path = '',
    ...options
  } = changes;
  return call(emulator, `${URL_OF_PROXY}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ podKey }),
    ca,
    ...options,
  });
}

/** As the SDKs do: without the quotes, and without `ST$`. */
async function workloadToken(podKey?: string): Promise<string> {
  const text = (await ask({ podKey })).body.toString();
  const { token } = JSON.parse(Buffer.from(text.slice(1, -1), 'base64').toString()) as { token: string };
  expect(token.slice(0, 3)).toBe('ST$');
  return token.slice(3);
}

describe('the proxy of a cluster', () => {
  it('gives a pod a token for its service account, bound to its key', async () => {
    const claims = decodeJwt(await workloadToken());
    expect(claims).toMatchObject({
      ptype: 'workload',
      namespace: 'ci',
      service_account: 'runner',
      tenant: defaults.tenancy,
      exp: Math.floor(clock.now / 1000) + 1800,
    });
    const { n } = sessionPair.publicKey.export({ format: 'jwk' });
    expect(JSON.parse(String(claims['jwk']))).toMatchObject({ n });
  });

  it('reads the key in PEM too, as the SDK for Go sends it', async () => {
    const pem = String(sessionPair.publicKey.export({ type: 'spki', format: 'pem' }));
    expect(decodeJwt(await workloadToken(pem))['ptype']).toBe('workload');
  });

  it('has a certificate that only the authority of the cluster signs', async () => {
    const usual = readFileSync(emulator.caFile, 'utf8');
    await expect(ask({ ca: usual })).rejects.toThrow(/certificate|self.signed/i);
  });

  const refusals: [string, number, Parameters<typeof ask>[0], RegExp][] = [
    ['no token', 401, { headers: {} }, /^no bearer token/],
    ['another token', 401, { bearer: 'a.b.c' }, /^service account token/],
    ['no key', 400, { podKey: '' }, /^podKey/],
    ['a body that is none', 400, { body: '[' }, /^podKey/],
    ['another path', 404, { path: 's' }, /^no such path/],
    ['another method', 405, { method: 'PUT' }, /^only POST/],
  ];
  it.each(refusals)('refuses %s with %d', async (_, status, changes, reason) => {
    expect((await ask(changes)).status).toBe(status);
    expect(emulator.journal.at(-1)).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  it('refuses an expired service account token, and every pod of a basic cluster', async () => {
    emulator.world.settings.enhancedClusters = false;
    expect((await ask()).status).toBe(403);
    clock.now += 3_608_000;
    expect((await ask()).status).toBe(401);
  });
});

describe('an exchange that a workload signs', () => {
  const exchange = async () => {
    const requested = { requested_token_type: 'urn:oci:token-type:oci-rpst', res_type: 'ci' };
    const form = { ...exchangeForm(await jobToken(emulator)), ...requested };
    return send(emulator, signedExchange(emulator, form, { token: await workloadToken() }), 'domain');
  };
  const policyFor = (namespace: string) => {
    const where = `all {request.principal.type = 'workload', request.principal.namespace = '${namespace}', request.principal.service_account = 'runner'}`;
    return [`Allow any-user to {GET_RPST} in tenancy where ${where}`];
  };

  it.each([
    ['ci', 200],
    ['other', 401],
  ])('is permitted by a policy for the namespace %s: %d', async (namespace, status) => {
    emulator.world.settings.trusts = [
      { oauthClients: [], subjectType: 'Resource', impersonatingResource: 'ci' },
    ];
    emulator.world.settings.exchangePolicies = policyFor(namespace);
    expect((await exchange()).status).toBe(status);
  });
});
