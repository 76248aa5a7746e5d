// The objects of one S3 bucket: list, put, get, head, delete. Source: Amazon S3 API Reference.

import { createHash } from 'node:crypto';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  noContent,
  queryOf,
  single,
} from '../server/message.ts';
import type { S3Bucket, StoredObject, World } from '../server/world.ts';
import type { Payload } from './payload.ts';
import { refuse, s3Result } from './responses.ts';

const MAX_PAGE_SIZE = 1000;

export function handleObject(
  request: EmulatorRequest,
  payload: Payload,
  bucket: S3Bucket,
  key: string,
  world: World,
): EmulatorResponse {
  switch (request.method) {
    case 'PUT':
      return putObject(request, payload, bucket, key, world);
    case 'DELETE':
      // S3 reports success for an object that does not exist too.
      bucket.objects.delete(key);
      return noContent(204);
    case 'GET':
    case 'HEAD': {
      const object = bucket.objects.get(key);
      if (!object) throw refuse('noSuchKey');
      return { status: 200, headers: headersOf(object), body: object.body };
    }
    default:
      throw refuse('wrongMethod');
  }
}

/** Entries are sorted by their UTF-8 bytes, and `max-keys` of them make a page. */
export function listObjects(request: EmulatorRequest, bucket: S3Bucket): EmulatorResponse {
  const query = queryOf(request);
  if (query.get('list-type') !== '2') {
    throw refuse('notImplemented', 'only ListObjectsV2 is emulated');
  }
  const entries = entriesOf(bucket, query);
  const size = Math.min(Number(query.get('max-keys') ?? MAX_PAGE_SIZE), MAX_PAGE_SIZE);
  const page = entries.slice(0, size);
  const last = page.at(-1);
  const isTruncated = page.length < entries.length && last !== undefined;
  const encode = (key: string) => (query.get('encoding-type') === 'url' ? encodeURIComponent(key) : key);
  const isPrefix = (entry: string) => commonPrefixOf(entry, query) === entry;
  return s3Result('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(query.get('prefix') ?? ''),
    ...(query.has('delimiter') ? { Delimiter: encode(query.get('delimiter') ?? '') } : {}),
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(query.has('encoding-type') ? { EncodingType: 'url' } : {}),
    ...(isTruncated ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {}),
    Contents: page
      .filter((entry) => !isPrefix(entry))
      .map((key) => ({ Key: encode(key), ...describe(bucket.objects.get(key)) })),
    CommonPrefixes: page.filter(isPrefix).map((entry) => ({ Prefix: encode(entry) })),
  });
}

/** Keys, and common prefixes instead of the keys that continue after a delimiter. */
function entriesOf({ objects }: S3Bucket, query: URLSearchParams): string[] {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const [afterKey, afterEntry] =
    token === null ? [query.get('start-after') ?? '', ''] : ['', Buffer.from(token, 'base64url').toString()];
  const entries = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && compareBytes(key, afterKey) > 0)
    .map((key) => commonPrefixOf(key, query) ?? key);
  return [...new Set(entries)].filter((entry) => compareBytes(entry, afterEntry) > 0).sort(compareBytes);
}

function commonPrefixOf(key: string, query: URLSearchParams): string | undefined {
  const delimiter = query.get('delimiter') ?? '';
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, query.get('prefix')?.length ?? 0);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function describe(object: StoredObject | undefined) {
  return {
    LastModified: new Date(object?.modified ?? 0).toISOString(),
    ETag: object?.etag ?? '',
    Size: object?.body.length ?? 0,
    StorageClass: 'STANDARD',
  };
}

function putObject(
  request: EmulatorRequest,
  { body, checksums }: Payload,
  bucket: S3Bucket,
  key: string,
  world: World,
): EmulatorResponse {
  if (request.headers['x-amz-copy-source'] !== undefined) {
    throw refuse('notImplemented', 'CopyObject is not emulated');
  }
  if (bucket.objects.has(key) && single(request, 'if-none-match') === '*') {
    throw refuse('preconditionFailed');
  }
  const md5 = createHash('md5').update(body).digest('hex');
  const metadata = Object.entries(request.headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, values]) => [name, values.join()] as const);
  const etag = `"${md5}"`;
  bucket.objects.set(key, {
    body,
    contentType: single(request, 'content-type') ?? 'binary/octet-stream',
    etag,
    md5,
    modified: world.now(),
    metadata: { ...Object.fromEntries(metadata), ...checksums },
  });
  return noContent(200, { ETag: etag, ...checksums });
}

function headersOf({ metadata, contentType, etag, modified }: StoredObject): Record<string, string> {
  return { ...metadata, 'Content-Type': contentType, ETag: etag, 'Last-Modified': httpDate(modified) };
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
