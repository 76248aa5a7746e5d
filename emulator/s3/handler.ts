// S3, path style only: authenticates every request, then serves the buckets of the caller's account.
// Source: Amazon S3 API Reference.
import {
  decodePath,
  type EmulatorRequest,
  type EmulatorResponse,
  noContent,
  pathOf,
  queryOf,
  single,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { S3Bucket, World } from '../server/world.ts';
import type { RoleSession } from '../sts/role-session.ts';
import { type SigV4Fault, verifySigV4 } from '../sts/sigv4.ts';
import { handleObject, listObjects } from './objects.ts';
import { type Payload, readPayload } from './payload.ts';
import { type REFUSALS, refuse, s3ErrorResponse, s3Result } from './responses.ts';

const SIGNATURE_REFUSALS: Readonly<Record<SigV4Fault, keyof typeof REFUSALS>> = {
  missing: 'accessDenied',
  malformed: 'malformedAuthorization',
  scope: 'wrongScope',
  // S3 itself allows fifteen minutes.
  skew: 'skewed',
  'unknown-key': 'unknownKey',
  token: 'invalidToken',
  expired: 'expiredToken',
  coverage: 'unsignedHeaders',
  signature: 'signatureMismatch',
};
/** Any other query parameter belongs to a function of S3 that is not emulated. */
const PARAMETERS = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
]);
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export async function handleS3(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    const session = authenticate(request, world);
    return route(request, readPayload(request), session, world);
  } catch (error) {
    if (error instanceof RefusedRequest) {
      return s3ErrorResponse(serviceError(error, world), request.requestId);
    }
    throw error;
  }
}

function authenticate(request: EmulatorRequest, world: World): RoleSession {
  const hash = single(request, 'x-amz-content-sha256');
  if (hash === undefined && single(request, 'authorization') !== undefined) {
    throw refuse('noContentHash');
  }
  const scope = { service: 's3', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hash ?? '', world);
  if (verified.ok) return verified.session;
  throw refuse(SIGNATURE_REFUSALS[verified.fault], verified.reason);
}

function route(
  request: EmulatorRequest,
  payload: Payload,
  session: RoleSession,
  world: World,
): EmulatorResponse {
  const { method } = request;
  const [, bucketName = '', key] = /^\/([^/]*)(?:\/(.*))?$/s.exec(pathOf(request)) ?? [];
  if ([...queryOf(request).keys()].some((name) => !PARAMETERS.has(name))) {
    throw refuse('notImplemented');
  }
  if (bucketName === '') {
    if (method !== 'GET') throw refuse('wrongMethod');
    return listBuckets(session, world);
  }
  if (method === 'PUT' && !key) return createBucket(bucketName, session, world);
  const bucket = world.s3Buckets.get(bucketName);
  if (!bucket) throw refuse('noSuchBucket');
  if (bucket.account !== session.account) {
    throw refuse('accessDenied', 'bucket of another account');
  }
  return key
    ? handleObject(request, payload, bucket, decodePath(key), world)
    : handleBucket(request, bucket, world);
}

function listBuckets({ account }: RoleSession, { s3Buckets }: World): EmulatorResponse {
  const Bucket = [...s3Buckets.values()]
    .filter((bucket) => bucket.account === account)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created).toISOString() }));
  return s3Result('ListAllMyBucketsResult', { Owner: { ID: account }, Buckets: { Bucket } });
}

function createBucket(name: string, { account }: RoleSession, world: World): EmulatorResponse {
  if (!BUCKET_NAME.test(name)) {
    throw refuse('invalidBucketName');
  }
  const existing = world.s3Buckets.get(name);
  if (existing) throw refuse(existing.account === account ? 'bucketOwnedByYou' : 'bucketExists');
  world.s3Buckets.set(name, { name, account, created: world.now(), objects: new Map() });
  return noContent(200, { Location: `/${name}` });
}

function handleBucket(request: EmulatorRequest, bucket: S3Bucket, world: World): EmulatorResponse {
  switch (request.method) {
    case 'HEAD':
      return noContent(200, { 'x-amz-bucket-region': world.settings.awsRegion });
    case 'GET':
      return listObjects(request, bucket);
    case 'DELETE':
      if (bucket.objects.size > 0) {
        throw refuse('bucketNotEmpty');
      }
      world.s3Buckets.delete(bucket.name);
      return noContent(204);
    default:
      throw refuse('wrongMethod');
  }
}
