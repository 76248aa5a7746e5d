import { beforeEach, describe, expect, it } from '@jest/globals';
import { clustersOf } from '../../../emulator/oke/clusters.ts';
import { newOcid } from '../../../emulator/server/ocid.ts';
import { call, exchangeWith, login, type SignedCall, send, signed } from './client.ts';
import { clusterToken } from './cluster-token.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const { world } = emulator;
let session = '';
beforeEach(async () => {
  session = await login(emulator);
});

const cluster = () => {
  const [first] = clustersOf(world);
  if (!first) throw new Error('there is no cluster');
  return first;
};
const asResource = async () => {
  world.settings.trusts = [{ subjectType: 'Resource', impersonatingResource: 'github' }];
  const changes = { requested_token_type: 'urn:oci:token-type:oci-rpst', res_type: 'github' };
  return String((await exchangeWith(emulator, changes)).json['token']);
};

describe('the kubeconfig call', () => {
  const ask = (changes: Partial<SignedCall> & { endpoint?: string } = {}) => {
    const { endpoint = 'PUBLIC_ENDPOINT', ...rest } = changes;
    const body = JSON.stringify({ tokenVersion: '2.0.0', endpoint });
    const path = `/20180222/clusters/${cluster().id}/kubeconfig/content`;
    return send(emulator, signed(emulator, { method: 'POST', path, token: session, body, ...rest }), 'oke');
  };

  it('returns YAML with the server and the authority of the clusters, which is not that of the services', async () => {
    const { status, headers, body } = await ask();
    expect([status, headers['content-type']]).toEqual([200, 'application/x-yaml']);
    const [, server, ca = ''] =
      /^ {4}server: (\S+)\n {4}certificate-authority-data: (\S+)$/m.exec(String(body)) ?? [];
    expect(server).toBe(emulator.urls.cluster);
    expect(Buffer.from(ca, 'base64').toString()).toBe(world.clusterCa);
    expect(world.clusterCa).not.toBe(emulator.certificates.ca);
    await expect(call(emulator, `${server}/version`)).rejects.toThrow(/self-signed|verify|issuer/i);
  });

  it('returns the address of the endpoint that is asked for, to which a proxy can lead', async () => {
    world.settings.clusters = [{ endpoints: ['PRIVATE_ENDPOINT', 'VCN_HOSTNAME'] }];
    for (const [endpoint, pattern] of [
      ['PRIVATE_ENDPOINT', /server: https:\/\/(10\.0\.0\.10:6443)$/m],
      ['VCN_HOSTNAME', /server: https:\/\/(\w+\.oke\.acme\.oraclevcn\.com:6443)$/m],
    ] as const) {
      const [, authority = ''] = pattern.exec(String((await ask({ endpoint })).body)) ?? [];
      expect(emulator.routes[authority]).toBe(emulator.urls.cluster);
    }
    expect((await ask()).json['code']).toBe('InvalidParameter');
  });

  const hostIn = (region: string) => ({ host: `containerengine.${region}.oci.oraclecloud.com` });
  const otherTenancy = newOcid('tenancy');
  it.each<[string, () => Promise<object> | object, number, RegExp]>([
    ['no policy', () => Object.assign(world.settings, { okeAccess: 'none' }), 404, /no policy/],
    [
      'a cluster of another tenancy',
      () => Object.assign(world.settings, { clusters: [{ tenancy: otherTenancy }] }),
      404,
      /another tenancy/,
    ],
    ['a host in another region', () => ({ headers: hostIn('eu-frankfurt-1') }), 404, /another region/],
    ['an unknown cluster', () => ({ path: '/20180222/clusters/x/kubeconfig/content' }), 404, /no such/],
    ['an unknown endpoint', () => ({ endpoint: 'public' }), 400, /endpoint/],
    [
      'a body that its digest does not cover',
      () => ({ names: ['date', '(request-target)', 'host'] }),
      401,
      /cov/,
    ],
    ['another body', () => ({ body: '[]' }), 400, /CannotParseRequest/],
    ['GET', () => ({ method: 'GET', body: '' }), 405, /POST/],
  ])('refuses %s', async (_, prepare, status, reason) => {
    const changes = await prepare();
    expect((await ask(changes === world.settings ? {} : changes)).status).toBe(status);
    expect(emulator.journal.at(-1)?.reason).toMatch(reason);
  });

  it('accepts a host in the region of the cluster', async () => {
    expect((await ask({ headers: hostIn('us-ashburn-1') })).status).toBe(200);
  });
});

describe('a cluster', () => {
  const ask = (token: string, path = '/version', method = 'GET') =>
    call(emulator, `${emulator.urls.cluster}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ca: world.clusterCa,
    });
  const expectRefusal = async (token: string, reason: RegExp) => {
    const { status, json } = await ask(token);
    expect([status, json['kind'], json['reason']]).toEqual([401, 'Status', 'Unauthorized']);
    expect(emulator.journal.at(-1)).toMatchObject({
      service: 'cluster',
      reason: expect.stringMatching(reason),
    });
  };

  it("accepts the OCI CLI's token, and knows its user by OCID", async () => {
    const token = clusterToken(session, cluster());
    expect((await ask(token)).json).toMatchObject({ major: '1' });
    const review = await ask(token, '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'POST');
    expect(review.json['status']).toMatchObject({ userInfo: { username: world.settings.serviceUser.ocid } });
    expect(emulator.secrets()).toContain(token);
  });

  it('lists pods, unless no role binding allows it', async () => {
    const path = '/api/v1/namespaces/default/pods?limit=500';
    const token = clusterToken(session, cluster());
    expect((await ask(token, path)).json['kind']).toBe('PodList');
    world.settings.clusterAccess = 'none';
    const refused = await ask(token, path);
    expect([refused.status, refused.json['reason']]).toEqual([403, 'Forbidden']);
    expect(refused.json['message']).toContain(`User "${world.settings.serviceUser.ocid}" cannot list`);
  });

  it('accepts a token of more than 16 KiB', async () => {
    const parameters = (all: URLSearchParams) => all.append('opc-obo-token', 'x'.repeat(40_000));
    expect((await ask(clusterToken(session, cluster(), { parameters }))).status).toBe(200);
  });

  type Changes = Parameters<typeof clusterToken>[2];
  it.each<[string, () => Changes, RegExp]>([
    [
      'another host',
      () => ({ host: 'containerengine.eu-frankfurt-1.oraclecloud.com' }),
      /^url: another host/,
    ],
    [
      'the host of the API',
      () => ({ host: 'containerengine.us-ashburn-1.oci.oraclecloud.com' }),
      /another host/,
    ],
    ['another cluster', () => ({ path: '/cluster_request/x' }), /^url: another cluster/],
    ['http', () => ({ url: (url) => url.replace('https', 'http') }), /^url: not https/],
    ['a port', () => ({ url: (url) => url.replace('.com/', '.com:443/') }), /^url: another form/],
    ['a user', () => ({ url: (url) => url.replace('//', '//x@') }), /^url: user/],
    ['a fragment', () => ({ url: (url) => `${url}#` }), /^url: user or fragment/],
    ['a repeated date', () => ({ parameters: (all) => all.append('date', 'x') }), /repeated/],
    ['no date', () => ({ parameters: (all) => all.delete('date') }), /missing/],
    ['another parameter', () => ({ parameters: (all) => all.append('host', 'x') }), /unknown/],
    ['one name too many covered', () => ({ names: 'date (request-target) host accept' }), /^coverage/],
    ['one name too few covered', () => ({ names: 'date host' }), /^coverage/],
    [
      'another date',
      () => ({ parameters: (all) => all.set('date', new Date(0).toUTCString()) }),
      /^signature/,
    ],
    ['a date six minutes ago', () => ({ date: Date.now() - 360_000 }), /^date/],
    ['a date in six minutes', () => ({ date: Date.now() + 360_000 }), /^date/],
  ])('refuses a token with %s', async (_, changes, reason) => {
    await expectRefusal(clusterToken(session, cluster(), changes()), reason);
  });

  it('refuses a request without a token, and one with another text', async () => {
    expect((await call(emulator, `${emulator.urls.cluster}/version`, { ca: world.clusterCa })).status).toBe(
      401,
    );
    await expectRefusal('abc', /^encoding/);
  });

  it('refuses standard base64 and a token without padding, unless the settings say otherwise', async () => {
    const token = clusterToken(session, cluster(), { url: (url) => `${url.padEnd(3 * 2000, '~')}ÿ` });
    const forms = [token.replaceAll('-', '+').replaceAll('_', '/'), token.replace(/=+$/, '')];
    expect(forms.every((form) => form !== token)).toBe(true);
    for (const form of forms) await expectRefusal(form, /^encoding/);
    world.settings.clusterAcceptsOtherBase64 = true;
    for (const form of forms) await expectRefusal(form, /^(url|parameters|signature|date)/);
  });

  it('refuses an expired session, one of another tenancy and a resource session, unless the settings say otherwise', async () => {
    const token = clusterToken(session, cluster());
    world.settings.clusters = [{ ...cluster(), tenancy: newOcid('tenancy') }];
    await expectRefusal(token, /^tenancy/);
    world.settings.clusters = [{}];
    const resource = clusterToken(await asResource(), cluster());
    await expectRefusal(resource, /^principal/);
    world.settings.clusterAcceptsRpst = true;
    expect((await ask(resource)).status).toBe(200);
    clock.now += 3_600_000;
    await expectRefusal(clusterToken(session, cluster(), { date: clock.now }), /^token: .*exp/);
  });

  it('tells two clusters apart by the name that the client calls', async () => {
    world.settings.clusters = [{}, {}];
    const [one, two] = clustersOf(world);
    if (!one || !two) throw new Error('there are two');
    const urls = [emulator.urls.cluster, emulator.urls.cluster.replace('localhost', '127.0.0.1')];
    const statuses = urls.flatMap((url) =>
      [one, two].map(async (each) => {
        const headers = { authorization: `Bearer ${clusterToken(session, each)}` };
        return (await call(emulator, `${url}/version`, { headers, ca: world.clusterCa })).status;
      }),
    );
    expect(await Promise.all(statuses)).toEqual([200, 401, 401, 200]);
  });
});
