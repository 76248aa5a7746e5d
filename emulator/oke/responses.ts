// How Kubernetes Engine and a cluster refuse. Sources: "API Errors"; the API server of Kubernetes.
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, type ServiceError } from '../server/refusal.ts';

const ERRORS = '"API Errors"';
const CODE_ONLY = 'text: none; code: "API Errors"';
const API_SERVER = 'kube-apiserver';

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
    `${ERRORS}; for a missing policy too`,
  ),
  noEndpoint: invented(
    400,
    'InvalidParameter',
    'The cluster does not have the endpoint {endpoint}.',
    CODE_ONLY,
  ),
  invalid: invented(400, 'InvalidParameter', '{parameter} is invalid.', CODE_ONLY),
  body: invented(400, 'CannotParseRequest', 'The body is not a JSON object.', CODE_ONLY),
  mediaType: invented(415, 'UnsupportedMediaType', 'The content type is not application/json.', CODE_ONLY),
  method: invented(405, 'MethodNotAllowed', 'The method is not allowed here.', CODE_ONLY),
  noOperation: invented(404, 'NotFound', 'There is no such operation.', CODE_ONLY),
  tooManyRequests: invented(429, 'TooManyRequests', 'Too many requests.', CODE_ONLY),
  internal: invented(500, 'InternalServerError', 'Internal error occurred.', CODE_ONLY),
};

export const CLUSTER_REFUSALS = {
  unauthorized: confirmed(401, 'Unauthorized', 'Unauthorized', API_SERVER),
  forbidden: confirmed(
    403,
    'Forbidden',
    '{resource} is forbidden: User "{user}" cannot {verb} resource "{resource}" in API group "" in the namespace "{namespace}"',
    API_SERVER,
  ),
  notFound: confirmed(404, 'NotFound', 'the server could not find the requested resource', API_SERVER),
  internal: invented(500, 'InternalError', 'an error on the server', 'text: none'),
};

type Values = Readonly<Record<string, string>>;

export function refuse(name: keyof typeof REFUSALS, reason?: string, values: Values = {}): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason, values);
}

export function refuseInCluster(
  name: keyof typeof CLUSTER_REFUSALS,
  reason?: string,
  values: Values = {},
): RefusedRequest {
  return new RefusedRequest(CLUSTER_REFUSALS[name], reason, values);
}

export function okeError({ status, code, text, reason }: ServiceError): EmulatorResponse {
  return { ...json(status, { code, message: text }), reason: reason ?? code };
}

/** A Status object of Kubernetes. */
export function statusError({ status, code, text, reason }: ServiceError): EmulatorResponse {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return {
    ...json(status, { ...object, message: text, reason: code, code: status }),
    reason: reason ?? code,
  };
}
