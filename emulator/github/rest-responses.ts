// How GitHub's REST API refuses. Source: GitHub docs, "Troubleshooting the REST API"; the page of each endpoint.
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, refuserOf, reported, type ServiceError } from '../server/refusal.ts';

const DOCS = 'GitHub docs, "Troubleshooting the REST API"';
const ISSUES = 'public issues of Terraform, Pulumi and Backstage';
const STATUS_ONLY = 'text: none; status: the page of the endpoint';

export const REFUSALS = {
  badCredentials: confirmed(401, '', 'Bad credentials', DOCS),
  notFound: confirmed(
    404,
    '',
    'Not Found',
    `${DOCS}; also for a private repository without access, and its environments on a free plan`,
  ),
  noPermission: confirmed(403, '', 'Resource not accessible by personal access token', DOCS),
  notAdmin: confirmed(403, '', 'Must have admin rights to Repository.', `${ISSUES}; tokens with scopes`),
  needsSso: confirmed(
    403,
    '',
    'Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.',
    DOCS,
  ),
  primaryLimit: confirmed(403, '', 'API rate limit exceeded for user ID 3003.', DOCS),
  secondaryLimit: confirmed(
    403,
    '',
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    DOCS,
  ),
  noUserAgent: reported(
    403,
    '',
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    DOCS,
  ),
  notJson: confirmed(400, '', 'Problems parsing JSON', DOCS),
  invalid: reported(422, '', 'Invalid request.\n\n{reason}', ISSUES),
  equalPolicies: invented(
    422,
    '',
    'protected_branches and custom_branch_policies cannot have the same value.',
    STATUS_ONLY,
  ),
  planWithoutRules: confirmed(
    422,
    '',
    'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
    `${ISSUES}; reviewers and timers of private repositories`,
  ),
  noCustomPolicies: invented(404, '', 'The environment has no custom branch policies.', STATUS_ONLY),
  wrongKey: invented(422, '', 'The key_id is not valid.', STATUS_ONLY),
  notSealed: reported(
    422,
    '',
    'Bad request - validation failed due to an improperly encrypted secret',
    ISSUES,
  ),
  variableExists: reported(409, '', 'Already exists - Variable already exists', ISSUES),
  unavailable: invented(503, '', 'The service is unavailable.', 'none'),
};

export const refuse = refuserOf(REFUSALS);

export function restError(
  { status, text, reason }: ServiceError,
  headers: Record<string, string> = {},
): EmulatorResponse {
  const body = { message: text, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return { ...json(status, body, headers), reason: reason ?? text };
}
