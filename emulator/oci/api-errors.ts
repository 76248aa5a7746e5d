// How every API of OCI refuses. Source: "API Errors".
import { type EmulatorRequest, type EmulatorResponse, json, single } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, type ServiceError, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';

export const ERRORS = '"API Errors"';
export const CODE_ONLY = `text: none; code: ${ERRORS}`;

export const COMMON_REFUSALS = {
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
  invalid: invented(400, 'InvalidParameter', '{parameter} is invalid.', CODE_ONLY),
  body: invented(400, 'CannotParseRequest', 'The body is not a JSON object.', CODE_ONLY),
  mediaType: invented(415, 'UnsupportedMediaType', 'The content type is not application/json.', CODE_ONLY),
  method: invented(405, 'MethodNotAllowed', 'The method is not allowed here.', CODE_ONLY),
  noOperation: invented(404, 'NotFound', 'There is no such operation.', CODE_ONLY),
  internal: invented(500, 'InternalServerError', 'Internal error occurred.', CODE_ONLY),
};

export function ociError({ status, code, text, reason }: ServiceError): EmulatorResponse {
  return { ...json(status, { code, message: text }), reason: reason ?? code };
}

/** The response of an API, which repeats the client's request ID. */
export async function respondAsOci(
  request: EmulatorRequest,
  world: World,
  respond: (request: EmulatorRequest, world: World) => Promise<EmulatorResponse>,
): Promise<EmulatorResponse> {
  const response = await respond(request, world).catch((error: unknown) => {
    if (error instanceof RefusedRequest) return ociError(serviceError(error, world));
    throw error;
  });
  const clientRequestId = single(request, 'opc-client-request-id');
  if (clientRequestId !== undefined) response.headers['opc-client-request-id'] = clientRequestId;
  return response;
}
