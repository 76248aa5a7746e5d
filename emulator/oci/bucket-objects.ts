// The objects of one bucket: list, put, get, head, delete, with binary bodies and slashes in names.
// Source: "Object Storage Service API". Must not know other buckets or who calls.
import { createHash } from 'node:crypto';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  json,
  queryOf,
  single,
} from '../server/message.ts';
import { type Bucket, newEtag, type StoredObject, type World } from '../server/world.ts';
import { apiError, wrongMethod } from './api-error.ts';

export function objectCall(
  request: EmulatorRequest,
  bucket: Bucket,
  name: string,
  world: World,
): EmulatorResponse {
  if (name === '') {
    return request.method === 'GET' ? list(request, bucket) : wrongMethod();
  }
  if (request.method === 'PUT') {
    return put(request, bucket, name, world);
  }
  const object = bucket.objects.get(name);
  if (!object) {
    return apiError(404, 'ObjectNotFound', 'The object was not found in the bucket.');
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return { status: 200, headers: headersOf(object), body: object.body };
    case 'DELETE':
      bucket.objects.delete(name);
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    default:
      return wrongMethod();
  }
}

function list(request: EmulatorRequest, bucket: Bucket): EmulatorResponse {
  const prefix = queryOf(request).get('prefix') ?? '';
  const objects = [...bucket.objects]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, object]) => ({
      name,
      size: object.body.length,
      md5: object.md5,
      etag: object.etag,
      timeCreated: new Date(object.modified).toISOString(),
      timeModified: new Date(object.modified).toISOString(),
    }));
  return json(200, { objects });
}

function put(request: EmulatorRequest, bucket: Bucket, name: string, world: World): EmulatorResponse {
  const md5 = createHash('md5').update(request.body).digest('base64');
  if ((single(request, 'content-md5') ?? md5) !== md5) {
    return apiError(400, 'UnmatchedContentMD5', 'The computed MD5 of the body does not match Content-MD5.');
  }
  if (bucket.objects.has(name) && single(request, 'if-none-match') === '*') {
    return apiError(412, 'IfNoneMatchFailed', 'The object already exists.');
  }
  const object: StoredObject = {
    body: request.body,
    contentType: single(request, 'content-type') ?? 'application/octet-stream',
    etag: newEtag(),
    md5,
    modified: world.now(),
    metadata: metadataOf(request),
  };
  bucket.objects.set(name, object);
  const headers = { etag: object.etag, 'opc-content-md5': md5, 'Last-Modified': httpDate(object.modified) };
  return { status: 200, headers, body: Buffer.alloc(0) };
}

function metadataOf(request: EmulatorRequest): Record<string, string> {
  const own = Object.entries(request.headers).filter(([name]) => name.startsWith('opc-meta-'));
  return Object.fromEntries(own.map(([name, values]) => [name, values.join(', ')]));
}

function headersOf(object: StoredObject): Record<string, string> {
  return {
    ...object.metadata,
    'Content-Type': object.contentType,
    'Content-MD5': object.md5,
    etag: object.etag,
    'Last-Modified': httpDate(object.modified),
  };
}
