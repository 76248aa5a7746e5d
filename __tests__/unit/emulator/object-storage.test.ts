// Buckets as Terraform's provider needs them: without these members and lists, it crashes or creates the bucket again.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { login, type SignedCall, send, signed } from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator } = await startTestEmulator();
const BUCKET = '/n/acmenamespace/b/state';
let token = '';

const ask = (method: string, path: string, body?: object | string) =>
  send(emulator, signed(emulator, { method, path, token, ...withBody(body) }));

function withBody(body: object | string | undefined): Pick<SignedCall, 'body'> {
  if (body === undefined) return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}

beforeEach(async () => {
  emulator.world.buckets.clear();
  token = await login(emulator);
  const details = { name: 'state', compartmentId: emulator.inputs.tenancy, versioning: 'Enabled' };
  expect((await ask('POST', '/n/acmenamespace/b', details)).status).toBe(200);
});

describe('a bucket', () => {
  it('has an id that stays, and the details of its creation', async () => {
    const [one, two] = [await ask('GET', BUCKET), await ask('GET', BUCKET)];
    expect(one.json).toMatchObject({
      id: expect.stringMatching(/^ocid1\.bucket\.oc1\.iad\.[0-9a-f]{60}$/),
      name: 'state',
      versioning: 'Enabled',
      storageTier: 'Standard',
      publicAccessType: 'NoPublicAccess',
    });
    expect(two.json['id']).toBe(one.json['id']);
  });

  it('keeps what an update does not name, and gets another ETag', async () => {
    const before = await ask('GET', BUCKET);
    const update = { freeformTags: { team: 'ci' }, objectEventsEnabled: true, unknown: 1 };
    const updated = await ask('POST', BUCKET, update);
    expect([updated.status, updated.headers.etag]).toEqual([
      200,
      expect.not.stringMatching(`^${before.headers.etag}$`),
    ]);
    const after = await ask('GET', BUCKET);
    const { unknown: _, ...known } = update;
    expect(after.json).toEqual({ ...before.json, ...known, etag: after.headers.etag });
  });

  it('has no retention rules', async () => {
    const { status, json } = await ask('GET', `${BUCKET}/retentionRules`);
    expect([status, json]).toEqual([200, { items: [] }]);
  });

  it('lists the only version of each object', async () => {
    expect((await ask('GET', `${BUCKET}/objectversions`)).json).toEqual({ items: [], prefixes: [] });
    const put = await ask('PUT', `${BUCKET}/o/terraform.tfstate`, 'state');
    const { json } = await ask('GET', `${BUCKET}/objectversions?prefix=terra`);
    expect(json['items']).toEqual([
      expect.objectContaining({ name: 'terraform.tfstate', size: 5, versionId: put.headers.etag }),
    ]);
    expect((await ask('GET', `${BUCKET}/objectversions?prefix=none`)).json['items']).toEqual([]);
  });

  it.each(['retentionRules', 'objectversions'])('refuses to change %s', async (list) => {
    expect((await ask('POST', `${BUCKET}/${list}`, {})).status).toBe(405);
  });
});
