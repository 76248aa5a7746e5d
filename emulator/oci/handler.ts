// The door of the OCI APIs: every request is authenticated, then led to Object Storage or to the region list.
// Source: "API Errors", "Request Signatures". Must not know how sessions are obtained.

import { type EmulatorRequest, type EmulatorResponse, json, pathOf, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { apiError } from './api-error.ts';
import { objectStorage } from './object-storage.ts';
import { verifyRequest } from './request-signature.ts';

const REGIONS = [
  { key: 'FRA', name: 'eu-frankfurt-1' },
  { key: 'IAD', name: 'us-ashburn-1' },
  { key: 'PHX', name: 'us-phoenix-1' },
];

const NOT_AUTHENTICATED =
  'The required information to complete authentication was not provided or was incorrect.';

export async function handleOci(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const signature = await verifyRequest(request, world);
  const response = signature.ok ? route(request, world) : refused(signature.reason);
  const client = single(request, 'opc-client-request-id');
  return client === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'opc-client-request-id': client } };
}

function route(request: EmulatorRequest, world: World): EmulatorResponse {
  const path = pathOf(request);
  if (path === '/20160918/regions' && request.method === 'GET') {
    return json(200, REGIONS);
  }
  return path === '/n' || path.startsWith('/n/')
    ? objectStorage(request, world)
    : apiError(404, 'NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.');
}

/** The reason goes into a header of our own: the vendor's text is the same for every cause. */
function refused(reason: string): EmulatorResponse {
  const response = json(401, { code: 'NotAuthenticated', message: NOT_AUTHENTICATED });
  return { ...response, headers: { ...response.headers, 'x-emulator-reason': reason }, reason };
}
