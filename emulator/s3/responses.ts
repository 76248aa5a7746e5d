// XML responses of S3. Source: Amazon S3 API Reference, "Error responses".
import { type XmlMembers, xml } from '../server/aws-xml.ts';
import type { EmulatorResponse } from '../server/message.ts';
import { invented, refuserOf, reported, type ServiceError } from '../server/refusal.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const TYPE = 'application/xml';

const REFERENCE = 'S3 API Reference, "Error responses"; public issues';
const CODE_ONLY = 'text: none; code: S3 API Reference, "Error responses"';

export const REFUSALS = {
  accessDenied: reported(403, 'AccessDenied', 'Access Denied', REFERENCE),
  malformedAuthorization: reported(
    400,
    'AuthorizationHeaderMalformed',
    'The authorization header you provided is invalid.',
    REFERENCE,
  ),
  wrongScope: invented(
    400,
    'AuthorizationHeaderMalformed',
    'The authorization header is malformed; its scope is wrong.',
    CODE_ONLY,
  ),
  skewed: reported(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    REFERENCE,
  ),
  unknownKey: reported(
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
    REFERENCE,
  ),
  invalidToken: reported(
    400,
    'InvalidToken',
    'The provided token is malformed or otherwise invalid.',
    REFERENCE,
  ),
  expiredToken: reported(400, 'ExpiredToken', 'The provided token has expired.', REFERENCE),
  unsignedHeaders: reported(
    403,
    'AccessDenied',
    'There were headers present in the request which were not signed',
    REFERENCE,
  ),
  signatureMismatch: reported(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    REFERENCE,
  ),
  noContentHash: reported(
    400,
    'InvalidRequest',
    'Missing required header for this request: x-amz-content-sha256',
    REFERENCE,
  ),
  notImplemented: reported(
    501,
    'NotImplemented',
    'A header or query you provided implies functionality that is not implemented.',
    REFERENCE,
  ),
  wrongMethod: reported(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    REFERENCE,
  ),
  noSuchBucket: reported(404, 'NoSuchBucket', 'The specified bucket does not exist', REFERENCE),
  noSuchKey: reported(404, 'NoSuchKey', 'The specified key does not exist.', REFERENCE),
  invalidBucketName: reported(400, 'InvalidBucketName', 'The specified bucket is not valid.', REFERENCE),
  bucketOwnedByYou: invented(
    409,
    'BucketAlreadyOwnedByYou',
    'The bucket you tried to create already exists, and you own it.',
    CODE_ONLY,
  ),
  bucketExists: invented(
    409,
    'BucketAlreadyExists',
    'The requested bucket name is not available.',
    CODE_ONLY,
  ),
  bucketNotEmpty: reported(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', REFERENCE),
  preconditionFailed: reported(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    REFERENCE,
  ),
  invalidContentHash: reported(
    400,
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING value, or a valid sha256 value.',
    REFERENCE,
  ),
  wrongContentHash: reported(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    REFERENCE,
  ),
  incompleteBody: invented(400, 'IncompleteBody', 'The request body terminated unexpectedly.', CODE_ONLY),
  malformedTrailer: invented(
    400,
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed.',
    CODE_ONLY,
  ),
  wrongChecksum: invented(
    400,
    'BadDigest',
    'The checksum you specified did not match the calculated checksum.',
    CODE_ONLY,
  ),
  wrongMd5: reported(
    400,
    'BadDigest',
    'The Content-MD5 you specified did not match what we received.',
    REFERENCE,
  ),
  unavailable: reported(503, 'ServiceUnavailable', 'Service is unable to handle request.', REFERENCE),
};

export const refuse = refuserOf(REFUSALS);

export function s3Result(root: string, members: XmlMembers): EmulatorResponse {
  return xml(200, TYPE, { root, namespace: NAMESPACE, members });
}

export function s3ErrorResponse(error: ServiceError, requestId: string): EmulatorResponse {
  const { status, code, text, reason } = error;
  const members = { Code: code, Message: text, RequestId: requestId, HostId: requestId };
  const response = xml(status, TYPE, { root: 'Error', members });
  return { ...response, reason: reason === undefined ? code : `${code}: ${reason}` };
}
