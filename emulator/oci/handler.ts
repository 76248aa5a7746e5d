// The OCI APIs: authenticates every request, then passes it to Object Storage or to the list of regions.
import { type EmulatorRequest, type EmulatorResponse, json, pathOf, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { objectStorage } from './object-storage.ts';
import { verifyRequest } from './request-signature.ts';
import { apiError, notAuthenticated } from './responses.ts';

const REGIONS = [
  { key: 'FRA', name: 'eu-frankfurt-1' },
  { key: 'IAD', name: 'us-ashburn-1' },
  { key: 'PHX', name: 'us-phoenix-1' },
];

export async function handleOci(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const signature = await verifyRequest(request, world);
  const response = signature.ok ? route(request, world) : notAuthenticated(signature.reason, world);
  const clientRequestId = single(request, 'opc-client-request-id');
  return clientRequestId === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'opc-client-request-id': clientRequestId } };
}

function route(request: EmulatorRequest, world: World): EmulatorResponse {
  const path = pathOf(request);
  if (path === '/20160918/regions' && request.method === 'GET') return json(200, REGIONS);
  return path === '/n' || path.startsWith('/n/')
    ? objectStorage(request, world)
    : apiError('NotAuthorizedOrNotFound', world);
}
