// S3, path style only: authenticates every request, then serves the buckets of the caller's account.
// Source: Amazon S3 API Reference.
import { AwsError } from '../server/aws-xml.ts';
import {
  decodePath,
  type EmulatorRequest,
  type EmulatorResponse,
  noContent,
  pathOf,
  queryOf,
  single,
} from '../server/message.ts';
import type { S3Bucket, World } from '../server/world.ts';
import type { RoleSession } from '../sts/role-session.ts';
import { type SigV4Fault, verifySigV4 } from '../sts/sigv4.ts';
import { handleObject, listObjects } from './objects.ts';
import { type Payload, readPayload } from './payload.ts';
import { methodNotAllowed, s3ErrorResponse, s3Result } from './responses.ts';

const MALFORMED = 'AuthorizationHeaderMalformed';
const SIGNATURE_ERRORS: Readonly<
  Record<SigV4Fault, readonly [status: number, code: string, message: string]>
> = {
  missing: [403, 'AccessDenied', 'Access Denied'],
  malformed: [400, MALFORMED, 'The authorization header you provided is invalid.'],
  scope: [400, MALFORMED, 'The authorization header is malformed; its scope is wrong.'],
  // S3 itself allows fifteen minutes.
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
    if (error instanceof AwsError) return s3ErrorResponse(error, request.requestId);
    throw error;
  }
}

function authenticate(request: EmulatorRequest, world: World): RoleSession {
  const hash = single(request, 'x-amz-content-sha256');
  if (hash === undefined && single(request, 'authorization') !== undefined) {
    const message = 'Missing required header for this request: x-amz-content-sha256';
    throw new AwsError(400, 'InvalidRequest', message);
  }
  const scope = { service: 's3', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hash ?? '', world);
  if (verified.ok) return verified.session;
  const [status, code, message] = SIGNATURE_ERRORS[verified.fault];
  throw new AwsError(status, code, message, verified.reason);
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
    const message = 'A header or query you provided implies functionality that is not implemented.';
    throw new AwsError(501, 'NotImplemented', message);
  }
  if (bucketName === '') {
    if (method !== 'GET') throw methodNotAllowed();
    return listBuckets(session, world);
  }
  if (method === 'PUT' && !key) return createBucket(bucketName, session, world);
  const bucket = world.s3Buckets.get(bucketName);
  if (!bucket) throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.account !== session.account) {
    throw new AwsError(403, 'AccessDenied', 'Access Denied', 'bucket of another account');
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
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  }
  const existing = world.s3Buckets.get(name);
  if (existing) {
    throw existing.account === account
      ? new AwsError(
          409,
          'BucketAlreadyOwnedByYou',
          'The bucket you tried to create already exists, and you own it.',
        )
      : new AwsError(409, 'BucketAlreadyExists', 'The requested bucket name is not available.');
  }
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
        throw new AwsError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
      }
      world.s3Buckets.delete(bucket.name);
      return noContent(204);
    default:
      throw methodNotAllowed();
  }
}
