// The objects of one S3 bucket: list, put, get, head, delete. Source: Amazon S3 API Reference.
// Must not know other buckets or who calls.
import { createHash } from 'node:crypto';
import { type EmulatorRequest, type EmulatorResponse, httpDate, queryOf, single } from '../server/message.ts';
import type { S3Bucket, StoredObject, World } from '../server/world.ts';
import type { Payload } from './payload.ts';
import { empty, s3Error, s3Result } from './responses.ts';

const LONGEST_PAGE = 1000;

export function objectCall(
  request: EmulatorRequest,
  payload: Payload,
  bucket: S3Bucket,
  path: string,
  world: World,
): EmulatorResponse {
  const { method, requestId } = request;
  const key = decode(path);
  if (method === 'PUT') {
    return put(request, payload, bucket, key, world);
  }
  if (method === 'DELETE') {
    // What is not there is deleted all the same.
    bucket.objects.delete(key);
    return empty(204);
  }
  if (method !== 'GET' && method !== 'HEAD') {
    const message = 'The specified method is not allowed against this resource.';
    return s3Error(405, 'MethodNotAllowed', message, requestId);
  }
  const object = bucket.objects.get(key);
  return object
    ? { status: 200, headers: headersOf(object), body: object.body }
    : s3Error(404, 'NoSuchKey', 'The specified key does not exist.', requestId);
}

/** Entries are ordered by their UTF-8 bytes; a page ends after `max-keys` of them. */
export function listObjects(request: EmulatorRequest, bucket: S3Bucket): EmulatorResponse {
  const query = queryOf(request);
  if (query.get('list-type') !== '2') {
    return s3Error(501, 'NotImplemented', 'Only ListObjectsV2 is emulated.', request.requestId);
  }
  const entries = entriesOf(bucket, query);
  const size = Math.min(Number(query.get('max-keys') ?? LONGEST_PAGE), LONGEST_PAGE);
  const page = entries.slice(0, size);
  const last = page.at(-1);
  const more = page.length < entries.length && last !== undefined;
  const spelled = (key: string) => (query.get('encoding-type') === 'url' ? encodeURIComponent(key) : key);
  const objects = page.filter((entry) => !isGroup(entry, query));
  return s3Result('ListBucketResult', {
    Name: bucket.name,
    Prefix: spelled(query.get('prefix') ?? ''),
    ...(query.has('delimiter') ? { Delimiter: spelled(query.get('delimiter') ?? '') } : {}),
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: more,
    ...(query.has('encoding-type') ? { EncodingType: 'url' } : {}),
    ...(more ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {}),
    Contents: objects.map((key) => ({ Key: spelled(key), ...described(bucket.objects.get(key)) })),
    CommonPrefixes: page
      .filter((entry) => isGroup(entry, query))
      .map((entry) => ({ Prefix: spelled(entry) })),
  });
}

/** Keys; those that go on behind a delimiter appear once, as what they share up to it. */
function entriesOf({ objects }: S3Bucket, query: URLSearchParams): string[] {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const [afterKey, afterEntry] =
    token === null ? [query.get('start-after') ?? '', ''] : ['', Buffer.from(token, 'base64url').toString()];
  const entries = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && bytewise(key, afterKey) > 0)
    .map((key) => groupOf(key, query) ?? key);
  return [...new Set(entries)].filter((entry) => bytewise(entry, afterEntry) > 0).sort(bytewise);
}

function groupOf(key: string, query: URLSearchParams): string | undefined {
  const delimiter = query.get('delimiter') ?? '';
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, query.get('prefix')?.length ?? 0);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

const isGroup = (entry: string, query: URLSearchParams) => groupOf(entry, query) === entry;

function described(object: StoredObject | undefined) {
  return {
    LastModified: new Date(object?.modified ?? 0).toISOString(),
    ETag: object?.etag ?? '',
    Size: object?.body.length ?? 0,
    StorageClass: 'STANDARD',
  };
}

function put(
  request: EmulatorRequest,
  { body, checksums }: Payload,
  bucket: S3Bucket,
  key: string,
  world: World,
): EmulatorResponse {
  if (request.headers['x-amz-copy-source'] !== undefined) {
    return s3Error(501, 'NotImplemented', 'CopyObject is not emulated.', request.requestId);
  }
  if (bucket.objects.has(key) && single(request, 'if-none-match') === '*') {
    const message = 'At least one of the pre-conditions you specified did not hold';
    return s3Error(412, 'PreconditionFailed', message, request.requestId);
  }
  const md5 = createHash('md5').update(body).digest('hex');
  const own = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const metadata = Object.fromEntries(own.map(([name, values]) => [name, values.join()]));
  const object = {
    body,
    contentType: single(request, 'content-type') ?? 'binary/octet-stream',
    etag: `"${md5}"`,
    md5,
    modified: world.now(),
    metadata: { ...metadata, ...checksums },
  };
  bucket.objects.set(key, object);
  return empty(200, { ETag: object.etag, ...checksums });
}

function headersOf(object: StoredObject): Record<string, string> {
  return {
    ...object.metadata,
    'Content-Type': object.contentType,
    ETag: object.etag,
    'Last-Modified': httpDate(object.modified),
  };
}

function bytewise(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** A stray percent sign is kept as it stands. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
