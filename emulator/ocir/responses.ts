// How the Container Registry refuses: as an OCI API to a signed request, otherwise as a registry.
// Sources: "API Errors"; OCI Distribution Specification, "Error Codes".
import { COMMON_REFUSALS } from '../oci/api-errors.ts';
import { type EmulatorResponse, json } from '../server/message.ts';
import { invented, refuserOf, reported, type ServiceError } from '../server/refusal.ts';

const SPECIFICATION = 'OCI Distribution Specification, "Error Codes"';
const CODE_ONLY = `text: none; code: ${SPECIFICATION}`;

export const REFUSALS = {
  notAuthenticated: COMMON_REFUSALS.notAuthenticated,
  resourceSession: invented(
    401,
    'NotAuthenticated',
    'A resource session is not accepted.',
    'text: none; whether it is accepted is unknown',
  ),
  anonymous: reported(
    403,
    'DENIED',
    'Anonymous users are only allowed read access on public repos',
    'public issues of image pulls in OKE',
  ),
  badScope: reported(
    400,
    'UNSUPPORTED',
    'The scope is malformed.',
    'the status: containers/podman issue 20371',
  ),
  password: invented(401, 'UNAUTHORIZED', 'Unknown user or wrong password.', CODE_ONLY),
  noToken: invented(401, 'UNAUTHORIZED', 'authentication required', CODE_ONLY),
  denied: invented(401, 'DENIED', 'requested access to the resource is denied', CODE_ONLY),
  nameUnknown: invented(404, 'NAME_UNKNOWN', 'repository name not known to registry', CODE_ONLY),
  unsupported: invented(405, 'UNSUPPORTED', 'The operation is unsupported.', CODE_ONLY),
  tooManyRequests: invented(429, 'TOOMANYREQUESTS', 'too many requests', CODE_ONLY),
  unavailable: invented(503, 'UNAVAILABLE', 'The service is unavailable.', 'text: none'),
};

export const refuse = refuserOf(REFUSALS);

/** @param challenge the value of `WWW-Authenticate`, for the status 401 of a registry */
export function registryError(
  { status, code, text, reason }: ServiceError,
  challenge?: string,
): EmulatorResponse {
  const headers: Record<string, string> =
    status === 401 && challenge !== undefined ? { 'WWW-Authenticate': challenge } : {};
  return {
    ...json(status, { errors: [{ code, message: text }] }, headers),
    reason: reason ?? code,
  };
}
