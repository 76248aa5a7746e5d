// XML responses of STS. Source: STS API Reference, "AssumeRoleWithWebIdentity", "Common Errors".
import { type XmlMembers, xml } from '../server/aws-xml.ts';
import type { EmulatorResponse } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, reported, type ServiceError } from '../server/refusal.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const TYPE = 'text/xml';

const REPORTS = 'public issues (awslabs, aws-sdk-ruby 2698, gitlab 342243)';
const COMMON = 'STS API Reference, "Common Errors"';
const ISSUES = 'public issues and guides';

const INVALID_TOKEN = 'InvalidIdentityToken';

/** The two spaces in one text and the missing one in another are AWS's. */
export const REFUSALS = {
  accessDenied: confirmed(
    403,
    'AccessDenied',
    'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    `${REPORTS}; the same for an unknown role`,
  ),
  noProvider: confirmed(
    400,
    INVALID_TOKEN,
    'No OpenIDConnect provider found in your account for {issuer}',
    REPORTS,
  ),
  roleNotInToken: reported(
    400,
    INVALID_TOKEN,
    'The target role ARN is not present in the roles claim of the identity token',
    'awsteele.com, "OIDC tokens can now restrict which AWS roles they assume" (July 2026)',
  ),
  wrongAudience: confirmed(400, INVALID_TOKEN, 'Incorrect token audience', REPORTS),
  missingClaim: confirmed(400, INVALID_TOKEN, 'Missing a required claim: {claim}', REPORTS),
  noKey: confirmed(
    400,
    INVALID_TOKEN,
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    REPORTS,
  ),
  severalAudiences: invented(
    400,
    INVALID_TOKEN,
    'Incorrect token audience',
    'none: how STS treats several audiences is unknown',
  ),
  notAJwt: confirmed(
    400,
    INVALID_TOKEN,
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ISSUES,
  ),
  opaqueToken: reported(400, INVALID_TOKEN, 'Provided Token is not a Login With Amazon token', ISSUES),
  wrongSignature: invented(400, INVALID_TOKEN, 'The signature of the token could not be verified.', 'none'),
  notYetValid: invented(400, INVALID_TOKEN, 'The token is not valid yet.', 'none'),
  expired: reported(
    400,
    'ExpiredTokenException',
    'Token expired: current date/time {now} must be before the expiration date/time{exp}',
    ISSUES,
  ),
  violations: reported(
    400,
    'ValidationError',
    '{count} detected: {violations}',
    `${ISSUES}; limits: the API model in the SDKs`,
  ),
  invalidRoleArn: confirmed(400, 'ValidationError', 'Request ARN is invalid', ISSUES),
  tooLong: confirmed(
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ISSUES,
  ),
  providerId: invented(
    400,
    'ValidationError',
    'ProviderId must not be set for an OpenID Connect token.',
    'none',
  ),
  invalidPolicyArn: invented(400, 'ValidationError', 'ARN {arn} is not valid.', 'none'),
  malformedPolicy: reported(400, 'MalformedPolicyDocument', 'This policy contains invalid Json', ISSUES),
  policyTooLarge: reported(
    400,
    'PackedPolicyTooLarge',
    'Packed policy consumes {percentage}% of allotted space, please use smaller policy.',
    ISSUES,
  ),
  signedRequest: invented(
    403,
    'SignatureDoesNotMatch',
    'AssumeRoleWithWebIdentity takes no Authorization header.',
    'none: how STS treats a signature here is unknown',
  ),
  noSuchPath: invented(404, 'InvalidAction', 'There is no such resource.', 'none'),
  wrongMethod: invented(
    405,
    'InvalidAction',
    'Only POST is supported.',
    'none: STS accepts GET too, but proxies log the URL and the token in it',
  ),
  repeatedParameter: reported(
    400,
    'MalformedQueryString',
    'The query string contains a syntax error.',
    COMMON,
  ),
  missingAction: invented(
    400,
    'MissingAction',
    'The request is missing an action or operation parameter.',
    `text: none; code: ${COMMON}`,
  ),
  unknownAction: reported(
    400,
    'InvalidAction',
    'Could not find operation {action} for version {version}',
    ISSUES,
  ),
  unsigned: reported(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token', ISSUES),
  malformedSignature: reported(
    400,
    'IncompleteSignature',
    'The request signature does not conform to AWS standards.',
    COMMON,
  ),
  wrongScope: reported(
    403,
    'SignatureDoesNotMatch',
    'Credential should be scoped to a valid region.',
    ISSUES,
  ),
  invalidClientToken: reported(
    403,
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
    ISSUES,
  ),
  signatureMismatch: reported(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ISSUES,
  ),
  expiredSession: reported(
    403,
    'ExpiredToken',
    'The security token included in the request is expired',
    ISSUES,
  ),
  signatureTooOld: reported(
    403,
    'SignatureDoesNotMatch',
    'Signature expired: {given} is now earlier than {limit} ({now} - 5 min.)',
    ISSUES,
  ),
  signatureTooNew: reported(
    403,
    'SignatureDoesNotMatch',
    'Signature not yet current: {given} is still later than {limit} ({now} + 5 min.)',
    ISSUES,
  ),
  unavailable: invented(503, 'ServiceUnavailable', 'Service Unavailable', `text: none; code: ${COMMON}`),
};

export function refuse(
  name: keyof typeof REFUSALS,
  reason?: string,
  values: Readonly<Record<string, string | number>> = {},
): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason, values);
}

export function stsResult(action: string, result: XmlMembers, requestId: string): EmulatorResponse {
  const members = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xml(200, TYPE, { root: `${action}Response`, namespace: NAMESPACE, members });
}

export function stsErrorResponse(error: ServiceError, requestId: string): EmulatorResponse {
  const { status, code, text, reason } = error;
  const type = status < 500 ? 'Sender' : 'Receiver';
  const members = { Error: { Type: type, Code: code, Message: text }, RequestId: requestId };
  const response = xml(status, TYPE, { root: 'ErrorResponse', namespace: NAMESPACE, members });
  return { ...response, reason: reason === undefined ? code : `${code}: ${reason}` };
}
