// XML responses of AWS IAM. Source: IAM API Reference, "Common Errors", the page of each action.
import { awsResponses, commonRefusals } from '../server/aws-query.ts';
import { confirmed, invented, refuserOf, reported } from '../server/refusal.ts';

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

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
  ...commonRefusals(COMMON, ISSUES),
  throttled: confirmed(400, 'Throttling', 'Rate exceeded', ISSUES),
  notAForm: invented(404, 'InvalidAction', 'Only a form posted to / is supported.', 'none'),
};

export const refuse = refuserOf(REFUSALS);

export const { result: awsIamResult, error: awsIamError } = awsResponses(NAMESPACE);
