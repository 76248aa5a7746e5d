import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { rotateInstanceCertificates } from '../../../emulator/compute/certificates.ts';
import type { WorldSettings } from '../../../emulator/server/start.ts';
import { identityOf, metadata } from './instance-client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, defaults } = await startTestEmulator();

const read = async (name: string) => (await metadata(emulator, `/opc/v2${name}`)).text;

describe('the metadata service', () => {
  it('has a certificate of the instance, with its key and the issuer', async () => {
    const leaf = new X509Certificate(await read('/identity/cert.pem'));
    const key = createPrivateKey(await read('/identity/key.pem'));
    const intermediate = new X509Certificate(await read('/identity/intermediate.pem'));
    const { instance, tenancy } = defaults;
    expect(leaf.subject.split('\n')).toEqual([
      'OU=opc-certtype:instance',
      `OU=opc-compartment:${instance.compartmentId}`,
      `OU=opc-instance:${instance.id}`,
      `OU=opc-tenant:${tenancy}`,
      `CN=${instance.id}`,
    ]);
    expect(createPublicKey(key).equals(leaf.publicKey)).toBe(true);
    expect(leaf.verify(intermediate.publicKey)).toBe(true);
  });

  it.each<[Partial<WorldSettings>, string]>([
    [{}, 'us-ashburn-1'],
    [{ metadataRegion: 'key' }, 'iad'],
    [{ metadataRegion: 'key', region: 'eu-frankfurt-1' }, 'fra'],
    [{ metadataRegion: 'key', region: 'ap-tokyo-1' }, 'tok'],
  ])('tells the region, with the settings %j: %s', async (settings, region) => {
    Object.assign(emulator.world.settings, settings);
    expect(await read('/instance/region')).toBe(region);
    const details = JSON.parse(await read('/instance/'));
    expect(details).toMatchObject({ region, tenantId: defaults.tenancy, id: defaults.instance.id });
    expect(JSON.parse(await read('/instance/regionInfo'))).toEqual({
      realmKey: 'oc1',
      realmDomainComponent: 'oraclecloud.com',
      regionKey: expect.stringMatching(/^(IAD|FRA|TOK)$/),
      regionIdentifier: emulator.world.settings.region,
    });
  });

  const AUTHORIZED = { Authorization: 'Bearer Oracle' };
  const refusals: [string, number, string, string, Record<string, string>, RegExp][] = [
    ['an unknown path', 404, 'GET', '/opc/v2/instance/none', AUTHORIZED, /^no such path/],
    ['version 1', 404, 'GET', '/opc/v1/instance/region', {}, /^version 1/],
    ['no authorization', 401, 'GET', '/opc/v2/instance/region', {}, /^authorization/],
    [
      'another token',
      401,
      'GET',
      '/opc/v2/instance/region',
      { Authorization: 'Bearer oracle' },
      /^authorization/,
    ],
    [
      'a forwarded request',
      403,
      'GET',
      '/opc/v2/instance/region',
      { ...AUTHORIZED, 'X-Forwarded-For': '10.0.0.1' },
      /^a forwarded/,
    ],
    ['another method', 405, 'PUT', '/opc/v2/instance/region', AUTHORIZED, /^only GET/],
  ];
  it.each(refusals)('refuses %s with %d', async (_, status, method, path, headers, reason) => {
    expect((await metadata(emulator, path, headers, method)).status).toBe(status);
    expect(emulator.journal.at(-1)).toMatchObject({ status, reason: expect.stringMatching(reason) });
  });

  it('is another one in Azure, which refuses every path', async () => {
    emulator.world.settings.metadataService = 'azure';
    const { status, text } = await metadata(emulator, '/opc/v2/instance/region');
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { error: 'Bad request. Required metadata header not specified' },
    ]);
  });

  it('has another certificate and key after a rotation, or for another instance', async () => {
    const before = await identityOf(emulator);
    expect((await identityOf(emulator)).leaf.raw.equals(before.leaf.raw)).toBe(true);
    rotateInstanceCertificates(emulator.world);
    const after = await identityOf(emulator);
    expect(after.leafKey.equals(before.leafKey)).toBe(false);
    expect(after.leaf.subject).toBe(before.leaf.subject);
    emulator.world.settings.instance = { ...defaults.instance, tenancy: 'ocid1.tenancy.oc1..other' };
    emulator.world.settings.instanceTenancyAttribute = 'opc-identity';
    expect((await identityOf(emulator)).leaf.subject).toContain('opc-identity:ocid1.tenancy.oc1..other');
  });

  it('keeps the key of the instance among the secrets', async () => {
    const [, line = ''] = (await read('/identity/key.pem')).split('\n');
    expect(emulator.secrets()).toContain(line);
  });
});
