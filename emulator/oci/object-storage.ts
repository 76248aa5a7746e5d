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
import { apiError } from './responses.ts';

const LISTS: readonly string[] = ['objectversions', 'retentionRules'];

/** Details of a new bucket. */
const DETAILS = {
  publicAccessType: 'NoPublicAccess',
  storageTier: 'Standard',
  autoTiering: 'Disabled',
  versioning: 'Disabled',
  objectEventsEnabled: false,
  replicationEnabled: false,
  isReadOnly: false,
  metadata: {},
  freeformTags: {},
  definedTags: {},
};

/** The request is authenticated already. */
export function objectStorage(request: EmulatorRequest, world: World): EmulatorResponse {
  const parts = pathOf(request).split('/').slice(2).map(decodePath);
  const [namespace, b, bucketName, o, ...object] = parts;
  if (namespace === undefined || (namespace === '' && parts.length === 1)) {
    return request.method === 'GET'
      ? json(200, world.settings.namespace)
      : apiError('MethodNotAllowed', world);
  }
  if (namespace !== world.settings.namespace) {
    return apiError('NamespaceNotFound', world);
  }
  if (b !== 'b' || (o !== undefined && o !== 'o' && !LISTS.includes(o))) {
    return apiError('NotFound', world);
  }
  if (!bucketName) return handleBuckets(request, world);
  const bucket = world.buckets.get(bucketName);
  if (!bucket) {
    return apiError('BucketNotFound', world);
  }
  if (o === undefined) return handleBucket(request, bucket, world);
  if (o !== 'o') return listOf(o, request, bucket, world);
  const name = object.join('/');
  if (name === '')
    return request.method === 'GET'
      ? json(200, { objects: objectsOf(request, bucket) })
      : apiError('MethodNotAllowed', world);
  return handleObject(request, bucket, name, world);
}

function handleBuckets(request: EmulatorRequest, world: World): EmulatorResponse {
  if (request.method === 'POST') return createBucket(request, world);
  if (request.method !== 'GET') return apiError('MethodNotAllowed', world);
  const compartment = queryOf(request).get('compartmentId');
  if (!compartment) return apiError('MissingParameter', world);
  const found = [...world.buckets.values()].filter((bucket) => bucket.compartmentId === compartment);
  return json(
    200,
    found.map((bucket) => describeBucket(bucket, world)),
  );
}

function createBucket(request: EmulatorRequest, world: World): EmulatorResponse {
  const details = parseDetails(request.body);
  const { name, compartmentId } = details;
  if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,256}$/.test(name)) {
    return apiError('InvalidBucketName', world);
  }
  if (typeof compartmentId !== 'string' || compartmentId === '') {
    return apiError('MissingParameter', world);
  }
  if (world.buckets.has(name)) {
    return apiError('BucketAlreadyExists', world);
  }
  const bucket: Bucket = {
    name,
    compartmentId,
    etag: newEtag(),
    created: world.now(),
    details: knownDetails(details),
    objects: new Map(),
  };
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
    case 'POST':
      bucket.details = { ...bucket.details, ...knownDetails(parseDetails(request.body)) };
      bucket.etag = newEtag();
      return json(200, describeBucket(bucket, world), { etag: bucket.etag });
    case 'DELETE':
      if (objects.size > 0) {
        return apiError('BucketNotEmpty', world);
      }
      world.buckets.delete(name);
      return noContent(204);
    default:
      return apiError('MethodNotAllowed', world);
  }
}

function knownDetails(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in DETAILS));
}

function describeBucket({ name, compartmentId, created, etag, details }: Bucket, { settings }: World) {
  const id = createHash('sha256').update(`${settings.namespace}/${name}`).digest('hex').slice(0, 60);
  return {
    id: `ocid1.bucket.oc1.iad.${id}`,
    namespace: settings.namespace,
    name,
    compartmentId,
    createdBy: settings.serviceUser.ocid,
    timeCreated: new Date(created).toISOString(),
    etag,
    ...DETAILS,
    ...details,
  };
}

function parseDetails(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

/** Terraform's provider reads these lists. The emulator has no old versions and no retention rules. */
function listOf(list: string, request: EmulatorRequest, bucket: Bucket, world: World): EmulatorResponse {
  if (request.method !== 'GET') return apiError('MethodNotAllowed', world);
  if (list === 'retentionRules') return json(200, { items: [] });
  const items = objectsOf(request, bucket).map((object) => ({ ...object, versionId: object.etag }));
  return json(200, { items, prefixes: [] });
}

function objectsOf(request: EmulatorRequest, bucket: Bucket) {
  const prefix = queryOf(request).get('prefix') ?? '';
  return [...bucket.objects]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { body, md5, etag, modified }]) => {
      const time = new Date(modified).toISOString();
      return { name, size: body.length, md5, etag, timeCreated: time, timeModified: time };
    });
}

function handleObject(
  request: EmulatorRequest,
  bucket: Bucket,
  name: string,
  world: World,
): EmulatorResponse {
  if (request.method === 'PUT') return putObject(request, bucket, name, world);
  const object = bucket.objects.get(name);
  if (!object) return apiError('ObjectNotFound', world);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return { status: 200, headers: headersOf(object), body: object.body };
    case 'DELETE':
      bucket.objects.delete(name);
      return noContent(204);
    default:
      return apiError('MethodNotAllowed', world);
  }
}

function putObject(request: EmulatorRequest, bucket: Bucket, name: string, world: World): EmulatorResponse {
  const md5 = createHash('md5').update(request.body).digest('base64');
  if ((single(request, 'content-md5') ?? md5) !== md5) {
    return apiError('UnmatchedContentMD5', world);
  }
  if (bucket.objects.has(name) && single(request, 'if-none-match') === '*') {
    return apiError('IfNoneMatchFailed', world);
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
