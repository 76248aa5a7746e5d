// Object Storage in miniature: the namespace, buckets, objects. Source: "Object Storage Service API".
// Must not know who calls: authentication lies before it.

import {
  type EmulatorRequest,
  type EmulatorResponse,
  httpDate,
  json,
  pathOf,
  queryOf,
} from '../server/message.ts';
import { type Bucket, newEtag, type World } from '../server/world.ts';
import { apiError, wrongMethod } from './api-error.ts';
import { objectCall } from './bucket-objects.ts';

export function objectStorage(request: EmulatorRequest, world: World): EmulatorResponse {
  const parts = pathOf(request).split('/').slice(2).map(decode);
  const [namespace, b, bucketName, o, ...object] = parts;
  if (namespace === undefined || (namespace === '' && parts.length === 1)) {
    return request.method === 'GET' ? json(200, world.settings.namespace) : wrongMethod();
  }
  if (namespace !== world.settings.namespace) {
    return apiError(404, 'NamespaceNotFound', 'The namespace does not exist or is not authorized.');
  }
  if (b !== 'b' || (o !== undefined && o !== 'o')) {
    return apiError(404, 'NotFound', 'There is no such resource.');
  }
  if (bucketName === undefined || bucketName === '') {
    return buckets(request, world);
  }
  const bucket = world.buckets.get(bucketName);
  if (!bucket) {
    return apiError(404, 'BucketNotFound', 'Either the bucket does not exist or you are not authorized.');
  }
  return o === undefined
    ? oneBucket(request, bucket, world)
    : objectCall(request, bucket, object.join('/'), world);
}

function buckets(request: EmulatorRequest, world: World): EmulatorResponse {
  if (request.method === 'POST') {
    return createBucket(request, world);
  }
  if (request.method !== 'GET') {
    return wrongMethod();
  }
  const compartment = queryOf(request).get('compartmentId');
  if (!compartment) {
    return apiError(400, 'MissingParameter', 'compartmentId is required.');
  }
  const found = [...world.buckets.values()].filter((bucket) => bucket.compartmentId === compartment);
  return json(
    200,
    found.map((bucket) => describe(bucket, world)),
  );
}

function createBucket(request: EmulatorRequest, world: World): EmulatorResponse {
  const details = parse(request.body);
  const name = details?.['name'];
  const compartmentId = details?.['compartmentId'];
  if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,256}$/.test(name)) {
    return apiError(400, 'InvalidBucketName', 'The bucket name is missing or malformed.');
  }
  if (typeof compartmentId !== 'string' || compartmentId === '') {
    return apiError(400, 'MissingParameter', 'compartmentId is required.');
  }
  if (world.buckets.has(name)) {
    return apiError(
      409,
      'BucketAlreadyExists',
      'Either the bucket already exists or you are not authorized.',
    );
  }
  const bucket = { name, compartmentId, etag: newEtag(), created: world.now(), objects: new Map() };
  world.buckets.set(name, bucket);
  const location = `/n/${world.settings.namespace}/b/${encodeURIComponent(name)}`;
  return json(200, describe(bucket, world), { etag: bucket.etag, location });
}

function oneBucket(request: EmulatorRequest, bucket: Bucket, world: World): EmulatorResponse {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return json(200, describe(bucket, world), {
        etag: bucket.etag,
        'Last-Modified': httpDate(bucket.created),
      });
    case 'DELETE':
      if (bucket.objects.size > 0) {
        return apiError(409, 'BucketNotEmpty', 'The bucket is not empty. Delete its objects first.');
      }
      world.buckets.delete(bucket.name);
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    default:
      return wrongMethod();
  }
}

function describe(bucket: Bucket, world: World) {
  return {
    namespace: world.settings.namespace,
    name: bucket.name,
    compartmentId: bucket.compartmentId,
    createdBy: world.settings.serviceUser.ocid,
    timeCreated: new Date(bucket.created).toISOString(),
    etag: bucket.etag,
    publicAccessType: 'NoPublicAccess',
    storageTier: 'Standard',
  };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A stray percent sign is kept as it stands, and then names nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
