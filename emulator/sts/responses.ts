// XML responses of STS. Source: STS API Reference, "AssumeRoleWithWebIdentity", "Common Errors".
import { awsResponses, commonRefusals } from '../server/aws-query.ts';
import { confirmed, invented, refuserOf, reported } from '../server/refusal.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

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
  ...commonRefusals(COMMON, ISSUES),
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
};

export const refuse = refuserOf(REFUSALS);

export const { result: stsResult, error: stsErrorResponse } = awsResponses(NAMESPACE);
