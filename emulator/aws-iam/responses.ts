// XML responses of AWS IAM. Source: IAM API Reference, "Common Errors", the page of each action.
import { type XmlMembers, xml } from '../server/aws-xml.ts';
import type { EmulatorResponse } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, reported, type ServiceError } from '../server/refusal.ts';

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';
const TYPE = 'text/xml';

const COMMON = 'IAM API Reference, "Common Errors"';
const ISSUES = 'public issues of Terraform and of the AWS CLI';

export const REFUSALS = {
  noProvider: confirmed(404, 'NoSuchEntity', 'OpenIDConnect Provider not found for arn {arn}', ISSUES),
  noRole: confirmed(404, 'NoSuchEntity', 'The role with name {name} cannot be found.', ISSUES),
  providerExists: confirmed(409, 'EntityAlreadyExists', 'Provider with url {url} already exists.', ISSUES),
  roleExists: confirmed(409, 'EntityAlreadyExists', 'Role with name {name} already exists.', ISSUES),
  concurrent: reported(
    409,
    'ConcurrentModification',
    'The request was rejected because multiple requests to change this object were submitted simultaneously.',
    COMMON,
  ),
  unreachable: reported(
    400,
    'OpenIdIdpCommunicationError',
    'OpenID Connect provider cannot be reached.',
    'the API model in the SDKs',
  ),
  malformedPolicy: confirmed(400, 'MalformedPolicyDocument', 'This policy contains invalid Json', ISSUES),
  invalidPrincipal: confirmed(
    400,
    'MalformedPolicyDocument',
    'Invalid principal in policy: {principal}',
    ISSUES,
  ),
  deleteConflict: confirmed(
    409,
    'DeleteConflict',
    'Cannot delete entity, must detach all policies first.',
    ISSUES,
  ),
  limit: reported(409, 'LimitExceeded', 'Cannot exceed quota for {quota}: {maximum}', ISSUES),
  invalid: reported(
    400,
    'ValidationError',
    "1 validation error detected: Value '{value}' at '{parameter}' failed to satisfy constraint",
    `${ISSUES}; limits: the API model in the SDKs`,
  ),
  denied: confirmed(
    403,
    'AccessDenied',
    'User: {arn} is not authorized to perform: iam:{action} on resource: {resource} because no identity-based policy allows the iam:{action} action',
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
  expiredSession: reported(
    403,
    'ExpiredToken',
    'The security token included in the request is expired',
    ISSUES,
  ),
  signatureMismatch: reported(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ISSUES,
  ),
  unknownAction: reported(
    400,
    'InvalidAction',
    'Could not find operation {action} for version {version}',
    ISSUES,
  ),
  throttled: confirmed(400, 'Throttling', 'Rate exceeded', ISSUES),
  notAForm: invented(404, 'InvalidAction', 'Only a form posted to / is supported.', 'none'),
  unavailable: invented(503, 'ServiceUnavailable', 'Service Unavailable', `text: none; code: ${COMMON}`),
};

export function refuse(
  name: keyof typeof REFUSALS,
  reason?: string,
  values: Readonly<Record<string, string | number>> = {},
): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason, values);
}

export function awsIamResult(
  action: string,
  result: XmlMembers | undefined,
  requestId: string,
): EmulatorResponse {
  const members = {
    ...(result === undefined ? {} : { [`${action}Result`]: result }),
    ResponseMetadata: { RequestId: requestId },
  };
  return xml(200, TYPE, { root: `${action}Response`, namespace: NAMESPACE, members });
}

export function awsIamError(error: ServiceError, requestId: string): EmulatorResponse {
  const { status, code, text, reason } = error;
  const type = status < 500 ? 'Sender' : 'Receiver';
  const members = { Error: { Type: type, Code: code, Message: text }, RequestId: requestId };
  const response = xml(status, TYPE, { root: 'ErrorResponse', namespace: NAMESPACE, members });
  return { ...response, reason: reason === undefined ? code : `${code}: ${reason}` };
}
