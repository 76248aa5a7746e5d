// S3 in miniature, path style alone: every request is authenticated, then led to the buckets of its account.
// Source: Amazon S3 API Reference. Must not know how credentials are obtained.

import { type EmulatorRequest, type EmulatorResponse, pathOf, queryOf, single } from '../server/message.ts';
import type { S3Bucket, World } from '../server/world.ts';
import type { AwsSession } from '../sts/aws-session.ts';
import { type SigV4Fault, verifySigV4 } from '../sts/sigv4.ts';
import { listObjects, objectCall } from './objects.ts';
import { readPayload } from './payload.ts';
import { empty, s3Error, s3Result } from './responses.ts';

const ERRORS: Readonly<Record<SigV4Fault, readonly [status: number, code: string, message: string]>> = {
  missing: [403, 'AccessDenied', 'Access Denied'],
  malformed: [400, 'AuthorizationHeaderMalformed', 'The authorization header you provided is invalid.'],
  scope: [400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed; its scope is wrong.'],
  // The real one allows fifteen minutes.
  skew: [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  'unknown-key': [
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  token: [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  expired: [400, 'ExpiredToken', 'The provided token has expired.'],
  coverage: [403, 'AccessDenied', 'There were headers present in the request which were not signed'],
  signature: [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
};
/** What a query may hold: anything else asks for a part of S3 that is not here. */
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
  const { requestId } = request;
  const hash = single(request, 'x-amz-content-sha256');
  if (hash === undefined && single(request, 'authorization') !== undefined) {
    const message = 'Missing required header for this request: x-amz-content-sha256';
    return s3Error(400, 'InvalidRequest', message, requestId);
  }
  const scope = { service: 's3', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hash ?? '', world);
  if (!verified.ok) {
    const [status, code, message] = ERRORS[verified.fault];
    return s3Error(status, code, message, requestId, verified.reason);
  }
  const read = readPayload(request);
  return read.ok
    ? route(request, read.payload, verified.session, world)
    : s3Error(read.status, read.code, read.message, requestId, read.reason);
}

function route(
  request: EmulatorRequest,
  payload: Parameters<typeof objectCall>[1],
  session: AwsSession,
  world: World,
): EmulatorResponse {
  const { requestId, method } = request;
  const [, bucketName = '', key] = /^\/([^/]*)(?:\/(.*))?$/s.exec(pathOf(request)) ?? [];
  if ([...queryOf(request).keys()].some((name) => !PARAMETERS.has(name))) {
    const message = 'A header or query you provided implies functionality that is not implemented.';
    return s3Error(501, 'NotImplemented', message, requestId);
  }
  if (bucketName === '') {
    return method === 'GET' ? listBuckets(session, world) : wrongMethod(requestId);
  }
  if (method === 'PUT' && !key) {
    return createBucket(bucketName, session, request, world);
  }
  const bucket = world.s3Buckets.get(bucketName);
  if (!bucket) {
    return s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', requestId);
  }
  if (bucket.account !== session.account) {
    return s3Error(403, 'AccessDenied', 'Access Denied', requestId, 'bucket of another account');
  }
  return key ? objectCall(request, payload, bucket, key, world) : oneBucket(request, bucket, world);
}

function listBuckets({ account }: AwsSession, { s3Buckets }: World): EmulatorResponse {
  const own = [...s3Buckets.values()].filter((bucket) => bucket.account === account);
  const Bucket = own
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created).toISOString() }));
  return s3Result('ListAllMyBucketsResult', { Owner: { ID: account }, Buckets: { Bucket } });
}

function createBucket(
  name: string,
  { account }: AwsSession,
  { requestId }: EmulatorRequest,
  world: World,
): EmulatorResponse {
  if (!BUCKET_NAME.test(name)) {
    return s3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', requestId);
  }
  const existing = world.s3Buckets.get(name);
  if (existing) {
    const [code, message] =
      existing.account === account
        ? ['BucketAlreadyOwnedByYou', 'The bucket you tried to create already exists, and you own it.']
        : ['BucketAlreadyExists', 'The requested bucket name is not available.'];
    return s3Error(409, code, message, requestId);
  }
  world.s3Buckets.set(name, { name, account, created: world.now(), objects: new Map() });
  return empty(200, { Location: `/${name}` });
}

function oneBucket(request: EmulatorRequest, bucket: S3Bucket, world: World): EmulatorResponse {
  switch (request.method) {
    case 'HEAD':
      return empty(200, { 'x-amz-bucket-region': world.settings.awsRegion });
    case 'GET':
      return listObjects(request, bucket);
    case 'DELETE':
      if (bucket.objects.size > 0) {
        const message = 'The bucket you tried to delete is not empty';
        return s3Error(409, 'BucketNotEmpty', message, request.requestId);
      }
      world.s3Buckets.delete(bucket.name);
      return empty(204);
    default:
      return wrongMethod(request.requestId);
  }
}

function wrongMethod(requestId: string): EmulatorResponse {
  const message = 'The specified method is not allowed against this resource.';
  return s3Error(405, 'MethodNotAllowed', message, requestId);
}
