import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from '../../../emulator/server/start.ts';
import { type AwsCall, type AwsKeys, assume, field, sendAws, signedAws } from './aws-client.ts';

let emulator: Emulator;
let now = Date.now();
let keys: AwsKeys;

beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now });
});
beforeEach(async () => {
  now = Date.now();
  keys = await assume(emulator);
  emulator.world.s3Buckets.clear();
});
afterAll(() => emulator.close());

const signed = (method: string, path: string, changes: Partial<AwsCall> = {}) =>
  signedAws(emulator, { service: 's3', keys, method, path, ...changes });
const ask = (method: string, path: string, changes: Partial<AwsCall> = {}) =>
  sendAws(emulator, signed(method, path, changes));
const sdk = () =>
  new S3Client({
    region: 'us-east-1',
    endpoint: emulator.urls.s3,
    forcePathStyle: true,
    credentials: keys,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(emulator.caFile) }) },
  });
const Bucket = 'acme-state';

describe("AWS's own SDK", () => {
  it('makes, shows, lists and deletes a bucket', async () => {
    const client = sdk();
    await client.send(new CreateBucketCommand({ Bucket }));
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets).toMatchObject([{ Name: Bucket, CreationDate: new Date(now) }]);
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect((await client.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  const bodies: [string, (bytes: Buffer) => Buffer | Readable][] = [
    ['a buffer', (bytes) => bytes],
    ['a stream', (bytes) => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])],
  ];
  it.each(bodies)('keeps a megabyte byte for byte from %s', async (_, Body) => {
    const client = sdk();
    const bytes = randomBytes(1024 * 1024);
    await client.send(new CreateBucketCommand({ Bucket }));
    const Metadata = { colour: 'red' };
    const input = { Bucket, Key: 'state', Body: Body(bytes), ContentLength: bytes.length, Metadata };
    const { ETag } = await client.send(new PutObjectCommand({ ...input, ContentType: 'image/x' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'state' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(got).toMatchObject({ ETag, Metadata, ContentType: 'image/x' });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'state' }));
    expect(head.ContentLength).toBe(bytes.length);
  });

  it('sends a stream in chunks with a checksum behind them', async () => {
    const client = sdk();
    await client.send(new CreateBucketCommand({ Bucket }));
    const Body = Readable.from([Buffer.from('hello')]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'x', Body, ContentLength: 5 }));
    const object = emulator.world.s3Buckets.get(Bucket)?.objects.get('x');
    expect([object?.body.toString(), object?.metadata]).toEqual([
      'hello',
      { 'x-amz-checksum-crc32': 'NhCmhg==' },
    ]);
  });

  const names = [
    'a b',
    'a+b',
    'ä/ö/日本',
    "!'()*~-_.",
    'a//b',
    'x/../y',
    '%2F',
    'a?b=c&d#e',
    '<&>"',
    ' ',
    'a/',
  ];
  it.each(names)('may call an object %j', async (Key) => {
    const client = sdk();
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    expect([...(emulator.world.s3Buckets.get(Bucket)?.objects.keys() ?? [])]).toEqual([Key]);
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe(Key);
    const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    expect(listed.Contents).toMatchObject([{ Key, Size: Buffer.byteLength(Key) }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  it('turns the pages of a list', async () => {
    const client = sdk();
    await client.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['b', 'a', 'ö', 'c', 'Z']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
    expect([first.Contents?.map(({ Key }) => Key), first.IsTruncated]).toEqual([['Z', 'a', 'b'], true]);
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3, ContinuationToken }));
    expect([second.Contents?.map(({ Key }) => Key), second.IsTruncated]).toEqual([['c', 'ö'], false]);
  });

  it('lists as if there were folders', async () => {
    const client = sdk();
    await client.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['top', 'a/1', 'a/2', 'a/b/3', 'c/', 'ö/4']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const list = async (input: Partial<ListObjectsV2CommandInput>) => {
      const command = new ListObjectsV2Command({ Bucket, Delimiter: '/', ...input });
      const { Contents = [], CommonPrefixes = [], NextContinuationToken } = await client.send(command);
      const entries = [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)];
      return { entries, ...(NextContinuationToken ? { ContinuationToken: NextContinuationToken } : {}) };
    };
    expect((await list({})).entries).toEqual(['top', 'a/', 'c/', 'ö/']);
    expect((await list({ Prefix: 'a/' })).entries).toEqual(['a/1', 'a/2', 'a/b/']);
    expect((await list({ Prefix: 'c/' })).entries).toEqual(['c/']);
    expect((await list({ StartAfter: 'a/1' })).entries).toEqual(['top', 'a/', 'c/', 'ö/']);
    expect((await list({ StartAfter: 'c/' })).entries).toEqual(['top', 'ö/']);
    const { entries, ...rest } = await list({ MaxKeys: 2 });
    expect([entries, (await list(rest)).entries]).toEqual([
      ['a/', 'c/'],
      ['top', 'ö/'],
    ]);
  });

  it('understands refusals', async () => {
    const client = sdk();
    const missing = client.send(new GetObjectCommand({ Bucket, Key: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await client.send(new CreateBucketCommand({ Bucket }));
    const nothing = client.send(new GetObjectCommand({ Bucket, Key: 'x' }));
    await expect(nothing).rejects.toMatchObject({ name: 'NoSuchKey' });
    const head = client.send(new HeadObjectCommand({ Bucket, Key: 'x' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    await client.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
    const full = client.send(new DeleteBucketCommand({ Bucket }));
    await expect(full).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });
});

const CHUNKS = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'x-amz-decoded-content-length': '5',
  'x-amz-trailer': 'x-amz-checksum-crc32',
};
const TRAILER = 'x-amz-checksum-crc32:NhCmhg==\r\n\r\n';

describe('S3', () => {
  const bodies: [string, string, Record<string, string>][] = [
    ['a digest', 'hello', {}],
    ['no digest', 'hello', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }],
    ['a checksum', 'hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }],
    ['an MD5', 'hello', { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }],
    ['chunks', `3\r\nhel\r\n2\r\nlo\r\n0\r\n${TRAILER}`, CHUNKS],
  ];
  it.each(bodies)('takes a body with %s', async (_, body, headers) => {
    await ask('PUT', `/${Bucket}`);
    expect((await ask('PUT', `/${Bucket}/x`, { body, headers })).status).toBe(200);
    expect((await ask('GET', `/${Bucket}/x`)).body.toString()).toBe('hello');
  });

  const spoilt: [string, string, Record<string, string>, number, string][] = [
    [
      'a digest of another body',
      'hello',
      { 'x-amz-content-sha256': '0'.repeat(64) },
      400,
      'XAmzContentSHA256Mismatch',
    ],
    ['a digest that is none', 'hello', { 'x-amz-content-sha256': 'x' }, 400, 'InvalidArgument'],
    ['a wrong CRC32', 'hello', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 400, 'BadDigest'],
    ['a wrong SHA-1', 'hello', { 'x-amz-checksum-sha1': 'AAAAAA==' }, 400, 'BadDigest'],
    ['a wrong SHA-256', 'hello', { 'x-amz-checksum-sha256': 'AAAAAA==' }, 400, 'BadDigest'],
    ['a wrong MD5', 'hello', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400, 'BadDigest'],
    ['plain bytes for chunks', 'hello', CHUNKS, 400, 'IncompleteBody'],
    ['a chunk cut short', '5\r\nhel', CHUNKS, 400, 'IncompleteBody'],
    ['no last chunk', '5\r\nhello\r\n', CHUNKS, 400, 'IncompleteBody'],
    ['another length', `4\r\nhell\r\n0\r\n${TRAILER}`, CHUNKS, 400, 'IncompleteBody'],
    ['no trailer', '5\r\nhello\r\n0\r\n\r\n', CHUNKS, 400, 'MalformedTrailerError'],
    ['a wrong trailer', `5\r\nhallo\r\n0\r\n${TRAILER}`, CHUNKS, 400, 'BadDigest'],
    [
      'signed chunks',
      'hello',
      { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      501,
      'NotImplemented',
    ],
    ['a copy', '', { 'x-amz-copy-source': '/a/b' }, 501, 'NotImplemented'],
  ];
  it.each(spoilt)('refuses a body with %s', async (_, body, headers, status, code) => {
    await ask('PUT', `/${Bucket}`);
    const answer = await ask('PUT', `/${Bucket}/x`, { body, headers });
    expect([answer.status, field(answer, 'Code')]).toEqual([status, code]);
    expect(emulator.world.s3Buckets.get(Bucket)?.objects.size).toBe(0);
  });

  const refusals: [string, string, string, number, string][] = [
    ['an unknown bucket', 'GET', '/none?list-type=2', 404, 'NoSuchBucket'],
    ['an object in an unknown bucket', 'GET', '/none/x', 404, 'NoSuchBucket'],
    ['a bucket in capitals', 'PUT', '/None', 400, 'InvalidBucketName'],
    ['a second bucket of the same name', 'PUT', `/${Bucket}`, 409, 'BucketAlreadyOwnedByYou'],
    ['an unknown object', 'GET', `/${Bucket}/none`, 404, 'NoSuchKey'],
    ['the first kind of list', 'GET', `/${Bucket}`, 501, 'NotImplemented'],
    ['a part of S3 that is not here', 'GET', `/${Bucket}?acl=`, 501, 'NotImplemented'],
    ['another method on all', 'DELETE', '/', 405, 'MethodNotAllowed'],
    ['another method on a bucket', 'POST', `/${Bucket}`, 405, 'MethodNotAllowed'],
    ['another method on an object', 'POST', `/${Bucket}/x`, 405, 'MethodNotAllowed'],
  ];
  it.each(refusals)('refuses %s', async (_, method, path, status, code) => {
    await ask('PUT', `/${Bucket}`);
    const answer = await ask(method, path);
    expect([answer.status, field(answer, 'Code')]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(field(answer, 'RequestId')).toBe(answer.headers['x-amz-request-id']);
    expect(emulator.journal.at(-1)).toMatchObject({ service: 's3', status, reason: code });
  });

  it('deletes what is not there', async () => {
    await ask('PUT', `/${Bucket}`);
    expect((await ask('DELETE', `/${Bucket}/none`)).status).toBe(204);
  });

  it('does not overwrite if asked not to', async () => {
    await ask('PUT', `/${Bucket}`);
    const headers = { 'if-none-match': '*' };
    expect((await ask('PUT', `/${Bucket}/x`, { body: '1', headers })).status).toBe(200);
    expect(field(await ask('PUT', `/${Bucket}/x`, { body: '2', headers }), 'Code')).toBe(
      'PreconditionFailed',
    );
  });

  it("keeps another account's buckets closed", async () => {
    await ask('PUT', `/${Bucket}`);
    const arn = 'arn:aws:iam::210987654321:role/other';
    const { settings } = emulator.world;
    emulator.world.settings = { ...settings, roles: [{ arn }], iamProviders: [{ account: '210987654321' }] };
    const foreign = await assume(emulator, { RoleArn: arn });
    emulator.world.settings = settings;
    expect(field(await ask('GET', `/${Bucket}/x`, { keys: foreign }), 'Code')).toBe('AccessDenied');
    expect(field(await ask('PUT', `/${Bucket}`, { keys: foreign }), 'Code')).toBe('BucketAlreadyExists');
    expect((await ask('GET', '/', { keys: foreign })).body.toString()).not.toContain(Bucket);
  });
});

describe('an S3 request', () => {
  type Request = ReturnType<typeof signed>;
  const get = (changes: Partial<AwsCall> = {}) => signed('GET', '/', changes);
  const withHeader = (request: Request, name: string, value: string): Request => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  });
  const dropped = (request: Request, name: string): Request => {
    const { [name]: _, ...headers } = request.headers;
    return { ...request, headers };
  };
  const at = (milliseconds: number) => new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d+/g, '');

  const spoilt: [string, () => Request, number, string][] = [
    ['no signature', () => dropped(get(), 'authorization'), 403, 'AccessDenied'],
    ['neither signature nor digest', () => ({ ...get(), headers: {} }), 403, 'AccessDenied'],
    [
      'a bearer token',
      () => withHeader(get(), 'authorization', 'Bearer x'),
      400,
      'AuthorizationHeaderMalformed',
    ],
    ['no digest', () => dropped(get(), 'x-amz-content-sha256'), 400, 'InvalidRequest'],
    ['another region', () => get({ region: 'eu-central-1' }), 400, 'AuthorizationHeaderMalformed'],
    ['another service', () => get({ scopeService: 'sts' }), 400, 'AuthorizationHeaderMalformed'],
    [
      'a date too old',
      () => get({ headers: { 'x-amz-date': at(now - 301_000) } }),
      403,
      'RequestTimeTooSkewed',
    ],
    ['an unknown key', () => get({ keys: { ...keys, accessKeyId: 'ASIAX' } }), 403, 'InvalidAccessKeyId'],
    ['no session token', () => get({ keys: { ...keys, sessionToken: '' } }), 400, 'InvalidToken'],
    ['another secret', () => get({ keys: { ...keys, secretAccessKey: 'x' } }), 403, 'SignatureDoesNotMatch'],
    ['another path', () => ({ ...get(), path: '/x' }), 403, 'SignatureDoesNotMatch'],
    ['another method', () => ({ ...get(), method: 'HEAD' }), 403, 'SignatureDoesNotMatch'],
    ['another query', () => ({ ...get(), path: '/?prefix=x' }), 403, 'SignatureDoesNotMatch'],
    ['an unsigned header', () => withHeader(get(), 'x-amz-meta-x', 'y'), 403, 'AccessDenied'],
    [
      'a digest put right afterwards',
      () => withHeader(get(), 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
      403,
      'SignatureDoesNotMatch',
    ],
  ];
  it.each(spoilt)('with %s is refused', async (_, request, status, code) => {
    const answer = await sendAws(emulator, request());
    // What answers HEAD has no body to say it in.
    const said =
      request().method === 'HEAD' ? emulator.journal.at(-1)?.reason?.split(':')[0] : field(answer, 'Code');
    expect([answer.status, said]).toEqual([status, code]);
    const written = JSON.stringify(emulator.journal.at(-1));
    expect(emulator.secrets().filter((secret) => secret.length > 8 && written.includes(secret))).toEqual([]);
  });

  it('with an expired session is refused', async () => {
    now += 3_600_000;
    expect(field(await ask('GET', '/'), 'Code')).toBe('ExpiredToken');
  });

  it('may have its query in any order', async () => {
    await ask('PUT', `/${Bucket}`);
    const request = signed('GET', `/${Bucket}?list-type=2&prefix=a%20b`);
    expect((await sendAws(emulator, { ...request, path: `/${Bucket}?prefix=a+b&list-type=2` })).status).toBe(
      200,
    );
  });

  const accepted: [string, string, string][] = [
    ['needless escapes', 'a%7E%62', 'a~b'],
    ['characters that signers escape', 'a!(b)*', 'a%21%28b%29%2A'],
  ];
  it.each(accepted)('may spell its path with %s', async (_, sent, canonical) => {
    await ask('PUT', `/${Bucket}`);
    const request = signed('PUT', `/${Bucket}/${canonical}`, { body: 'x' });
    expect((await sendAws(emulator, { ...request, path: `/${Bucket}/${sent}` })).status).toBe(200);
  });
});
