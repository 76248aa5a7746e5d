// Error responses of the OCI APIs. Source: "API Errors".
import type { EmulatorResponse } from '../server/message.ts';
import { invented, RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { COMMON_REFUSALS, ociError } from './api-errors.ts';

const CODE_ONLY = 'text: none; code: "API Errors", Object Storage Service API';

export const REFUSALS = {
  NotAuthenticated: COMMON_REFUSALS.notAuthenticated,
  NotAuthorizedOrNotFound: COMMON_REFUSALS.notFound,
  MethodNotAllowed: invented(405, 'MethodNotAllowed', 'The method is not allowed here.', CODE_ONLY),
  NotFound: invented(404, 'NotFound', 'There is no such resource.', CODE_ONLY),
  NamespaceNotFound: invented(
    404,
    'NamespaceNotFound',
    'The namespace does not exist or is not authorized.',
    CODE_ONLY,
  ),
  BucketNotFound: invented(
    404,
    'BucketNotFound',
    'Either the bucket does not exist or you are not authorized.',
    CODE_ONLY,
  ),
  ObjectNotFound: invented(404, 'ObjectNotFound', 'The object was not found in the bucket.', CODE_ONLY),
  MissingParameter: invented(400, 'MissingParameter', 'compartmentId is required.', CODE_ONLY),
  InvalidBucketName: invented(
    400,
    'InvalidBucketName',
    'The bucket name is missing or malformed.',
    CODE_ONLY,
  ),
  BucketAlreadyExists: invented(
    409,
    'BucketAlreadyExists',
    'Either the bucket already exists or you are not authorized.',
    CODE_ONLY,
  ),
  BucketNotEmpty: invented(
    409,
    'BucketNotEmpty',
    'The bucket is not empty. Delete its objects first.',
    CODE_ONLY,
  ),
  UnmatchedContentMD5: invented(
    400,
    'UnmatchedContentMD5',
    'The computed MD5 of the body does not match Content-MD5.',
    CODE_ONLY,
  ),
  IfNoneMatchFailed: invented(412, 'IfNoneMatchFailed', 'The object already exists.', CODE_ONLY),
  InternalServerError: invented(500, 'InternalServerError', 'Internal error occurred.', CODE_ONLY),
};

export function apiError(name: keyof typeof REFUSALS, world: World): EmulatorResponse {
  return ociError(serviceError(new RefusedRequest(REFUSALS[name]), world));
}

/** The emulator adds a header with the reason, which OCI does not give. */
export function notAuthenticated(reason: string, world: World): EmulatorResponse {
  const { status, headers, body } = apiError('NotAuthenticated', world);
  return { status, headers: { ...headers, 'x-emulator-reason': reason }, body, reason };
}
