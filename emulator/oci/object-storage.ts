// Object Storage: the namespace, buckets and objects. Source: "Object Storage Service API".
import { createHash } from 'node:crypto';
import {
  decodePath,
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  json,
  noContent,
  pathOf,
  queryOf,
  single,
} from '../server/message.ts';
import { type Bucket, newEtag, type StoredObject, type World } from '../server/world.ts';
import { apiError, methodNotAllowed } from './responses.ts';

/** The request is authenticated already. */
export function objectStorage(request: EmulatorRequest, world: World): EmulatorResponse {
  const parts = pathOf(request).split('/').slice(2).map(decodePath);
  const [namespace, b, bucketName, o, ...object] = parts;
  if (namespace === undefined || (namespace === '' && parts.length === 1)) {
    return request.method === 'GET' ? json(200, world.settings.namespace) : methodNotAllowed();
  }
  if (namespace !== world.settings.namespace) {
    return apiError(404, 'NamespaceNotFound', 'The namespace does not exist or is not authorized.');
  }
  if (b !== 'b' || (o !== undefined && o !== 'o')) {
    return apiError(404, 'NotFound', 'There is no such resource.');
  }
  if (!bucketName) return handleBuckets(request, world);
  const bucket = world.buckets.get(bucketName);
  if (!bucket) {
    return apiError(404, 'BucketNotFound', 'Either the bucket does not exist or you are not authorized.');
  }
  if (o === undefined) return handleBucket(request, bucket, world);
  const name = object.join('/');
  if (name === '') return request.method === 'GET' ? listObjects(request, bucket) : methodNotAllowed();
  return handleObject(request, bucket, name, world);
}

function handleBuckets(request: EmulatorRequest, world: World): EmulatorResponse {
  if (request.method === 'POST') return createBucket(request, world);
  if (request.method !== 'GET') return methodNotAllowed();
  const compartment = queryOf(request).get('compartmentId');
  if (!compartment) return apiError(400, 'MissingParameter', 'compartmentId is required.');
  const found = [...world.buckets.values()].filter((bucket) => bucket.compartmentId === compartment);
  return json(
    200,
    found.map((bucket) => describeBucket(bucket, world)),
  );
}

function createBucket(request: EmulatorRequest, world: World): EmulatorResponse {
  const { name, compartmentId } = parseDetails(request.body);
  if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,256}$/.test(name)) {
    return apiError(400, 'InvalidBucketName', 'The bucket name is missing or malformed.');
  }
  if (typeof compartmentId !== 'string' || compartmentId === '') {
    return apiError(400, 'MissingParameter', 'compartmentId is required.');
  }
  if (world.buckets.has(name)) {
    const message = 'Either the bucket already exists or you are not authorized.';
    return apiError(409, 'BucketAlreadyExists', message);
  }
  const bucket = { name, compartmentId, etag: newEtag(), created: world.now(), objects: new Map() };
  world.buckets.set(name, bucket);
  const location = `/n/${world.settings.namespace}/b/${encodeURIComponent(name)}`;
  return json(200, describeBucket(bucket, world), { etag: bucket.etag, location });
}

function handleBucket(request: EmulatorRequest, bucket: Bucket, world: World): EmulatorResponse {
  const { etag, created, objects, name } = bucket;
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return json(200, describeBucket(bucket, world), { etag, 'Last-Modified': httpDate(created) });
    case 'DELETE':
      if (objects.size > 0) {
        return apiError(409, 'BucketNotEmpty', 'The bucket is not empty. Delete its objects first.');
      }
      world.buckets.delete(name);
      return noContent(204);
    default:
      return methodNotAllowed();
  }
}

function describeBucket({ name, compartmentId, created, etag }: Bucket, { settings }: World) {
  return {
    namespace: settings.namespace,
    name,
    compartmentId,
    createdBy: settings.serviceUser.ocid,
    timeCreated: new Date(created).toISOString(),
    etag,
    publicAccessType: 'NoPublicAccess',
    storageTier: 'Standard',
  };
}

function parseDetails(body: Buffer): { name?: unknown; compartmentId?: unknown } {
  try {
    return Object(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

function listObjects(request: EmulatorRequest, bucket: Bucket): EmulatorResponse {
  const prefix = queryOf(request).get('prefix') ?? '';
  const objects = [...bucket.objects]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { body, md5, etag, modified }]) => {
      const time = new Date(modified).toISOString();
      return { name, size: body.length, md5, etag, timeCreated: time, timeModified: time };
    });
  return json(200, { objects });
}

function handleObject(
  request: EmulatorRequest,
  bucket: Bucket,
  name: string,
  world: World,
): EmulatorResponse {
  if (request.method === 'PUT') return putObject(request, bucket, name, world);
  const object = bucket.objects.get(name);
  if (!object) return apiError(404, 'ObjectNotFound', 'The object was not found in the bucket.');
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return { status: 200, headers: headersOf(object), body: object.body };
    case 'DELETE':
      bucket.objects.delete(name);
      return noContent(204);
    default:
      return methodNotAllowed();
  }
}

function putObject(request: EmulatorRequest, bucket: Bucket, name: string, world: World): EmulatorResponse {
  const md5 = createHash('md5').update(request.body).digest('base64');
  if ((single(request, 'content-md5') ?? md5) !== md5) {
    return apiError(400, 'UnmatchedContentMD5', 'The computed MD5 of the body does not match Content-MD5.');
  }
  if (bucket.objects.has(name) && single(request, 'if-none-match') === '*') {
    return apiError(412, 'IfNoneMatchFailed', 'The object already exists.');
  }
  const metadata = Object.entries(request.headers)
    .filter(([header]) => header.startsWith('opc-meta-'))
    .map(([header, values]) => [header, values.join(', ')] as const);
  const etag = newEtag();
  const modified = world.now();
  bucket.objects.set(name, {
    body: request.body,
    contentType: single(request, 'content-type') ?? 'application/octet-stream',
    etag,
    md5,
    modified,
    metadata: Object.fromEntries(metadata),
  });
  return noContent(200, { etag, 'opc-content-md5': md5, 'Last-Modified': httpDate(modified) });
}

function headersOf({ metadata, contentType, md5, etag, modified }: StoredObject): Record<string, string> {
  return {
    ...metadata,
    'Content-Type': contentType,
    'Content-MD5': md5,
    etag,
    'Last-Modified': httpDate(modified),
  };
}
