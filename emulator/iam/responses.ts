// How OCI's IAM refuses. Sources: "API Errors"; public reports of Terraform runs.
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, reported, type ServiceError } from '../server/refusal.ts';

const ERRORS = '"API Errors"';
const REPORTS = 'public issues of the Terraform provider and its modules';
const CODE_ONLY = 'text: none; code: "API Errors"';

export const REFUSALS = {
  notAuthenticated: confirmed(
    401,
    'NotAuthenticated',
    'The required information to complete authentication was not provided or was incorrect.',
    `${ERRORS}; the same for every cause`,
  ),
  notFound: confirmed(
    404,
    'NotAuthorizedOrNotFound',
    'Authorization failed or requested resource not found.',
    ERRORS,
  ),
  otherRegion: reported(
    403,
    'NotAllowed',
    'Please go to your home region {key} to execute CREATE, UPDATE and DELETE operations.',
    REPORTS,
  ),
  unknownGroup: reported(
    400,
    'InvalidParameter',
    'The group {group} specified in the policy statement does not exist under current compartment hierarchy.',
    REPORTS,
  ),
  unknownCompartment: reported(
    400,
    'InvalidParameter',
    'Compartment {{compartment}} does not exist or is not part of the policy compartment subtree',
    REPORTS,
  ),
  policyExists: confirmed(409, 'PolicyAlreadyExists', "Policy '{name}' already exists", REPORTS),
  etag: invented(412, 'NoEtagMatch', 'The supplied etag does not match the current etag.', CODE_ONLY),
  tooMany: invented(400, 'LimitExceeded', 'The limit of {limit} is exceeded.', CODE_ONLY),
  syntax: invented(400, 'InvalidParameter', 'The policy statement cannot be parsed.', CODE_ONLY),
  missing: invented(400, 'MissingParameter', '{parameter} is missing.', CODE_ONLY),
  invalid: invented(400, 'InvalidParameter', '{parameter} is invalid.', CODE_ONLY),
  body: invented(400, 'CannotParseRequest', 'The body is not a JSON object.', CODE_ONLY),
  mediaType: invented(415, 'UnsupportedMediaType', 'The content type is not application/json.', CODE_ONLY),
  noOperation: invented(404, 'NotFound', 'There is no such operation.', CODE_ONLY),
  method: invented(405, 'MethodNotAllowed', 'The method is not allowed here.', CODE_ONLY),
  tooManyRequests: reported(429, 'TooManyRequests', 'User-rate limit exceeded.', REPORTS),
  internal: invented(500, 'InternalServerError', 'Internal error occurred.', CODE_ONLY),
};

export function refuse(
  name: keyof typeof REFUSALS,
  reason?: string,
  values: Readonly<Record<string, string | number>> = {},
): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason, values);
}

export function iamError({ status, code, text, reason }: ServiceError): EmulatorResponse {
  return { ...json(status, { code, message: text }), reason: reason ?? code };
}
