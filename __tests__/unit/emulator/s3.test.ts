import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AwsCall,
  type AwsKeys,
  type AwsRequest,
  amzDate,
  assume,
  field,
  journaledSecrets,
  sdkOptions,
  sendAws,
  signedAws,
  withHeader,
} from './aws-client.ts';
import { startTestEmulator } from './test-emulator.ts';

let keys: AwsKeys;

const { emulator, clock } = await startTestEmulator();
beforeEach(async () => {
  keys = await assume(emulator);
  emulator.world.s3Buckets.clear();
});

const signed = (method: string, path: string, changes: Partial<AwsCall> = {}) =>
  signedAws(emulator, { service: 's3', keys, method, path, ...changes });
const ask = (method: string, path: string, changes: Partial<AwsCall> = {}) =>
  sendAws(emulator, signed(method, path, changes));
const Bucket = 'acme-state';

describe("AWS's SDK", () => {
  let client: S3Client;
  beforeEach(async () => {
    client = new S3Client({ ...sdkOptions(emulator, 's3', keys), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  const put = (Key: string, Body: string | Readable = 'x') =>
    client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentLength: 5,
        ContentType: 'image/x',
        Metadata: { a: 'b' },
      }),
    );

  it('lists and deletes buckets, and understands refusals', async () => {
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets).toMatchObject([{ Name: Bucket, CreationDate: new Date(clock.now) }]);
    const missing = client.send(new GetObjectCommand({ Bucket, Key: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey' });
    await put('x', 'hello');
    const full = client.send(new DeleteBucketCommand({ Bucket }));
    await expect(full).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect((await client.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  it('uploads a stream in chunks with a checksum in the trailer', async () => {
    await put('x', Readable.from([Buffer.from('hello')]));
    const metadata = emulator.world.s3Buckets.get(Bucket)?.objects.get('x')?.metadata;
    expect(metadata).toMatchObject({ 'x-amz-checksum-crc32': 'NhCmhg==' });
    const { Body, ContentType, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key: 'x' }));
    expect([await Body?.transformToString(), ContentType, Metadata]).toEqual([
      'hello',
      'image/x',
      { a: 'b' },
    ]);
  });

  it.each(['a b', 'a+b', 'ä/日本', "!'()*~-_.", 'a//b', 'x/../y', '%2F', 'a?b=c&d#e', '<&>"', 'a/'])(
    'reads, lists and deletes an object named %j',
    async (Key) => {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe(Key);
      const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
      expect(listed.Contents).toMatchObject([{ Key, Size: Buffer.byteLength(Key) }]);
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
      expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    },
  );

  it('lists pages and common prefixes', async () => {
    for (const Key of ['top', 'a/1', 'a/2', 'a/b/3', 'c/', 'ö/4']) await put(Key, 'hello');
    const list = async (input: Partial<ListObjectsV2CommandInput>) => {
      const command = new ListObjectsV2Command({ Bucket, Delimiter: '/', ...input });
      const { Contents = [], CommonPrefixes = [], NextContinuationToken } = await client.send(command);
      const entries = [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)];
      return { entries, ...(NextContinuationToken ? { ContinuationToken: NextContinuationToken } : {}) };
    };
    expect((await list({})).entries).toEqual(['top', 'a/', 'c/', 'ö/']);
    expect((await list({ Prefix: 'a/' })).entries).toEqual(['a/1', 'a/2', 'a/b/']);
    expect((await list({ StartAfter: 'c/' })).entries).toEqual(['top', 'ö/']);
    const { entries, ...rest } = await list({ MaxKeys: 2 });
    expect([entries, (await list(rest)).entries]).toEqual([
      ['a/', 'c/'],
      ['top', 'ö/'],
    ]);
  });
});

describe('S3', () => {
  beforeEach(async () => {
    await ask('PUT', `/${Bucket}`);
  });
  const CHUNKS = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const TRAILER = 'x-amz-checksum-crc32:NhCmhg==\r\n\r\n';

  const accepted: [string, string, Record<string, string>][] = [
    ['a digest', 'hello', {}],
    ['no digest', 'hello', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }],
    ['a checksum', 'hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }],
    ['an MD5', 'hello', { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }],
    ['chunks', `3\r\nhel\r\n2\r\nlo\r\n0\r\n${TRAILER}`, CHUNKS],
  ];
  it.each(accepted)('accepts a body with %s', async (_, body, headers) => {
    expect((await ask('PUT', `/${Bucket}/x`, { body, headers })).status).toBe(200);
    expect((await ask('GET', `/${Bucket}/x`)).body.toString()).toBe('hello');
  });

  const digest = (value: string) => ({ 'x-amz-content-sha256': value });
  const bodies: [code: string, what: string, body: string, headers: Record<string, string>][] = [
    ['XAmzContentSHA256Mismatch', 'the digest of another body', 'hello', digest('0'.repeat(64))],
    ['InvalidArgument', 'a malformed digest', 'hello', digest('x')],
    ['BadDigest', 'a wrong CRC32', 'hello', { 'x-amz-checksum-crc32': 'AAAAAA==' }],
    ['BadDigest', 'a wrong SHA-256', 'hello', { 'x-amz-checksum-sha256': 'AAAAAA==' }],
    ['BadDigest', 'a wrong MD5', 'hello', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }],
    ['BadDigest', 'a wrong trailer', `5\r\nhallo\r\n0\r\n${TRAILER}`, CHUNKS],
    ['IncompleteBody', 'no chunks', 'hello', CHUNKS],
    ['IncompleteBody', 'a truncated chunk', '5\r\nhel', CHUNKS],
    ['IncompleteBody', 'no last chunk', '5\r\nhello\r\n', CHUNKS],
    ['IncompleteBody', 'another decoded length', `4\r\nhell\r\n0\r\n${TRAILER}`, CHUNKS],
    ['MalformedTrailerError', 'no trailer', '5\r\nhello\r\n0\r\n\r\n', CHUNKS],
    ['NotImplemented', 'signed chunks', 'hello', digest('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')],
    ['NotImplemented', 'a copy source', '', { 'x-amz-copy-source': '/a/b' }],
  ];
  it.each(bodies)('refuses with %s %s', async (code, _, body, headers) => {
    const response = await ask('PUT', `/${Bucket}/x`, { body, headers });
    expect([response.status, field(response, 'Code')]).toEqual([code === 'NotImplemented' ? 501 : 400, code]);
    expect(emulator.world.s3Buckets.get(Bucket)?.objects.size).toBe(0);
  });

  const refusals: [string, string, number, string][] = [
    ['GET', '/none/x', 404, 'NoSuchBucket'],
    ['PUT', '/None', 400, 'InvalidBucketName'],
    ['PUT', `/${Bucket}`, 409, 'BucketAlreadyOwnedByYou'],
    ['GET', `/${Bucket}/none`, 404, 'NoSuchKey'],
    ['GET', `/${Bucket}`, 501, 'NotImplemented'],
    ['GET', `/${Bucket}?acl=`, 501, 'NotImplemented'],
    ['DELETE', '/', 405, 'MethodNotAllowed'],
    ['POST', `/${Bucket}`, 405, 'MethodNotAllowed'],
    ['POST', `/${Bucket}/x`, 405, 'MethodNotAllowed'],
  ];
  it.each(refusals)('refuses %s %s with %d %s', async (method, path, status, code) => {
    const response = await ask(method, path);
    expect([response.status, field(response, 'Code')]).toEqual([status, code]);
    expect(field(response, 'RequestId')).toBe(response.headers['x-amz-request-id']);
    expect(emulator.journal.at(-1)).toMatchObject({
      service: 's3',
      status,
      reason: expect.stringMatching(new RegExp(`^${code}(: |$)`)),
    });
  });

  it('does not overwrite with If-None-Match', async () => {
    const headers = { 'if-none-match': '*' };
    expect((await ask('PUT', `/${Bucket}/x`, { body: '1', headers })).status).toBe(200);
    const second = await ask('PUT', `/${Bucket}/x`, { body: '2', headers });
    expect(field(second, 'Code')).toBe('PreconditionFailed');
  });

  it("refuses access to another account's buckets", async () => {
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

describe('the signature of an S3 request', () => {
  const get = (changes: Partial<AwsCall> = {}) => signed('GET', '/', changes);
  const withKeys = (changes: Partial<AwsKeys>) => get({ keys: { ...keys, ...changes } });

  const MALFORMED = 'AuthorizationHeaderMalformed';
  const header = (name: string, value?: string) => () => withHeader(get(), name, value);
  const old = () => get({ headers: { 'x-amz-date': amzDate(clock.now - 301_000) } });
  // Each fault of a signature has its error here; sts.test.ts has more ways to each fault.
  const requests: [status: number, code: string, what: string, () => AwsRequest][] = [
    [403, 'AccessDenied', 'no signature', header('authorization')],
    [400, MALFORMED, 'a bearer token', header('authorization', 'Bearer x')],
    [400, MALFORMED, 'another region', () => get({ region: 'eu-central-1' })],
    [400, 'InvalidRequest', 'no digest', header('x-amz-content-sha256')],
    [403, 'SignatureDoesNotMatch', 'another digest', header('x-amz-content-sha256', 'UNSIGNED-PAYLOAD')],
    [403, 'SignatureDoesNotMatch', 'another path', () => ({ ...get(), path: '/x' })],
    [403, 'SignatureDoesNotMatch', 'another method', () => ({ ...get(), method: 'DELETE' })],
    [403, 'RequestTimeTooSkewed', 'an old date', old],
    [403, 'InvalidAccessKeyId', 'an unknown key id', () => withKeys({ accessKeyId: 'ASIAX' })],
    [400, 'InvalidToken', 'no session token', () => withKeys({ sessionToken: '' })],
    [403, 'AccessDenied', 'an unsigned header', header('x-amz-meta-x', 'y')],
  ];
  it.each(requests)('is refused with %d %s for %s', async (status, code, _, request) => {
    const response = await sendAws(emulator, request());
    expect([response.status, field(response, 'Code')]).toEqual([status, code]);
    expect(journaledSecrets(emulator)).toEqual([]);
  });

  it('is refused after the session has expired', async () => {
    clock.now += 3_600_000;
    expect(field(await ask('GET', '/'), 'Code')).toBe('ExpiredToken');
  });

  it.each([
    ['GET', 'list-type=2&prefix=a%20b', '?prefix=a+b&list-type=2'],
    ['PUT', 'a~b', '/a%7E%62'],
    ['PUT', 'a%21%28b%29%2A', '/a!(b)*'],
  ])('of %s %s is accepted for the equivalent %s', async (method, canonical, sent) => {
    await ask('PUT', `/${Bucket}`);
    const path = `/${Bucket}${method === 'GET' ? '?' : '/'}${canonical}`;
    expect((await sendAws(emulator, { ...signed(method, path), path: `/${Bucket}${sent}` })).status).toBe(
      200,
    );
  });
});
