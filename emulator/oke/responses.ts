// How Kubernetes Engine and a cluster refuse. Sources: "API Errors"; the API server of Kubernetes.

import { CODE_ONLY, COMMON_REFUSALS, ERRORS } from '../oci/api-errors.ts';
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, refuserOf, type ServiceError } from '../server/refusal.ts';

const API_SERVER = 'kube-apiserver';

export const REFUSALS = {
  ...COMMON_REFUSALS,
  notFound: { ...COMMON_REFUSALS.notFound, source: `${ERRORS}; for a missing policy too` },
  noEndpoint: invented(
    400,
    'InvalidParameter',
    'The cluster does not have the endpoint {endpoint}.',
    CODE_ONLY,
  ),
  tooManyRequests: invented(429, 'TooManyRequests', 'Too many requests.', CODE_ONLY),
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

export const WORKLOAD_REFUSALS = {
  unauthorized: invented(401, 'NotAuthenticated', 'The service account token is not valid.', 'text: none'),
  basicCluster: invented(
    403,
    'NotAuthorized',
    'The cluster is not an enhanced cluster.',
    "text: none; status and cause: messages of Oracle's SDKs",
  ),
  body: invented(400, 'CannotParseRequest', 'podKey is missing or no public key.', 'text: none'),
  notFound: invented(404, 'NotFound', 'There is no such path.', 'text: none'),
  method: invented(405, 'MethodNotAllowed', 'The method is not allowed here.', 'text: none'),
  internal: invented(500, 'InternalServerError', 'An internal error occurred.', 'text: none'),
};

export const refuse = refuserOf(REFUSALS);

export const refuseWorkload = refuserOf(WORKLOAD_REFUSALS);

export const refuseInCluster = refuserOf(CLUSTER_REFUSALS);

/** A Status object of Kubernetes. */
export function statusError({ status, code, text, reason }: ServiceError): EmulatorResponse {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return {
    ...json(status, { ...object, message: text, reason: code, code: status }),
    reason: reason ?? code,
  };
}
