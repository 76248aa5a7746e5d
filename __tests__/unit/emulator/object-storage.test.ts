import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import { login, type SignedCall, send, signed } from './client.ts';

let emulator: Emulator;
let token = '';

beforeAll(async () => {
  emulator = await startEmulator();
  token = await login(emulator);
});
afterAll(() => emulator.close());

const ask = (method: string, path: string, rest: Partial<SignedCall> = {}) =>
  send(emulator, signed(emulator, { method, path, token, ...rest }));

const create = (name: string) =>
  ask('POST', '/n/acmenamespace/b', { body: JSON.stringify({ name, compartmentId: 'ocid1.compartment' }) });

describe('Object Storage', () => {
  it.each(['/n', '/n/'])('names the namespace at %s', async (path) => {
    expect((await ask('GET', path)).body.toString()).toBe('"acmenamespace"');
  });

  it('makes, shows, lists and deletes a bucket', async () => {
    expect((await create('alpha')).status).toBe(200);
    expect((await ask('GET', '/n/acmenamespace/b/alpha')).json['name']).toBe('alpha');
    const head = await ask('HEAD', '/n/acmenamespace/b/alpha');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    const list = await ask('GET', '/n/acmenamespace/b?compartmentId=ocid1.compartment');
    expect(list.json).toMatchObject([{ name: 'alpha', namespace: 'acmenamespace' }]);
    expect((await ask('DELETE', '/n/acmenamespace/b/alpha')).status).toBe(204);
    expect((await ask('GET', '/n/acmenamespace/b/alpha')).json['code']).toBe('BucketNotFound');
  });

  it('keeps an object byte for byte under a name with slashes', async () => {
    await create('beta');
    const body = Buffer.from([0, 255, 13, 10, 128]);
    const path = '/n/acmenamespace/b/beta/o/a%2Fb%20c';
    // PutObject may leave its body unsigned.
    const names = ['date', '(request-target)', 'host'];
    const headers = { 'content-type': 'image/x', 'opc-meta-colour': 'red' };
    expect((await ask('PUT', path, { body, names, headers })).status).toBe(200);
    const got = await ask('GET', '/n/acmenamespace/b/beta/o/a/b%20c');
    expect([got.status, got.headers['content-type'], got.headers['opc-meta-colour']]).toEqual([
      200,
      'image/x',
      'red',
    ]);
    expect(got.body.equals(body)).toBe(true);
    expect((await ask('HEAD', path)).headers['content-length']).toBe('5');
    const listed = await ask('GET', '/n/acmenamespace/b/beta/o?prefix=a%2F');
    expect(listed.json).toMatchObject({ objects: [{ name: 'a/b c', size: 5 }] });
    expect((await ask('GET', '/n/acmenamespace/b/beta/o?prefix=z')).json).toEqual({ objects: [] });
    expect((await ask('DELETE', '/n/acmenamespace/b/beta')).json['code']).toBe('BucketNotEmpty');
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).json['code']).toBe('ObjectNotFound');
    expect((await ask('DELETE', '/n/acmenamespace/b/beta')).status).toBe(204);
  });

  it('still compares a digest that PutObject does sign', async () => {
    await create('gamma');
    const path = '/n/acmenamespace/b/gamma/o/x';
    const request = signed(emulator, { method: 'PUT', path, token, body: 'right' });
    expect((await send(emulator, { ...request, body: 'wrong' })).status).toBe(401);
  });

  const refusals: [string, string, string, Partial<SignedCall>, number, string][] = [
    ['an unknown namespace', 'GET', '/n/other/b/x', {}, 404, 'NamespaceNotFound'],
    ['a list without a compartment', 'GET', '/n/acmenamespace/b', {}, 400, 'MissingParameter'],
    ['a bucket without a name', 'POST', '/n/acmenamespace/b', { body: '{}' }, 400, 'InvalidBucketName'],
    ['a bucket that is no JSON', 'POST', '/n/acmenamespace/b', { body: '{' }, 400, 'InvalidBucketName'],
    [
      'a bucket without a compartment',
      'POST',
      '/n/acmenamespace/b',
      { body: '{"name":"x"}' },
      400,
      'MissingParameter',
    ],
    ['another method', 'DELETE', '/n/acmenamespace/b', {}, 405, 'MethodNotAllowed'],
    ['an unknown bucket', 'DELETE', '/n/acmenamespace/b/none', {}, 404, 'BucketNotFound'],
    ['an object in an unknown bucket', 'GET', '/n/acmenamespace/b/none/o/x', {}, 404, 'BucketNotFound'],
    ['another service', 'GET', '/20160918/users', {}, 404, 'NotAuthorizedOrNotFound'],
  ];
  it.each(refusals)('refuses %s', async (_, method, path, rest, status, code) => {
    const answer = await ask(method, path, rest);
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
    expect(answer.headers['opc-request-id']).toEqual(expect.any(String));
  });

  it('refuses a second bucket of the same name', async () => {
    await create('delta');
    const answer = await create('delta');
    expect([answer.status, answer.json['code']]).toEqual([409, 'BucketAlreadyExists']);
  });

  it('refuses an object whose MD5 does not fit', async () => {
    await create('epsilon');
    const headers = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const answer = await ask('PUT', '/n/acmenamespace/b/epsilon/o/x', { body: 'x', headers });
    expect([answer.status, answer.json['code']]).toEqual([400, 'UnmatchedContentMD5']);
  });
});

describe('the identity API', () => {
  it('lists regions', async () => {
    expect((await ask('GET', '/20160918/regions')).json).toContainEqual({ key: 'IAD', name: 'us-ashburn-1' });
  });

  it("sends the caller's own request id back", async () => {
    const headers = { 'opc-client-request-id': 'mine' };
    expect((await ask('GET', '/20160918/regions', { headers })).headers['opc-client-request-id']).toBe(
      'mine',
    );
  });
});
