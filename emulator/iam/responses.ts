// How OCI's IAM refuses. Sources: "API Errors"; public reports of Terraform runs.
import { CODE_ONLY, COMMON_REFUSALS } from '../oci/api-errors.ts';
import { confirmed, invented, refuserOf, reported } from '../server/refusal.ts';

const REPORTS = 'public issues of the Terraform provider and its modules';

export const REFUSALS = {
  ...COMMON_REFUSALS,
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
  tooManyRequests: reported(429, 'TooManyRequests', 'User-rate limit exceeded.', REPORTS),
};

export const refuse = refuserOf(REFUSALS);
