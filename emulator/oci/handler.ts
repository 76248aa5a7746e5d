// The OCI APIs: authenticates every request, then passes it to Object Storage or to the list of regions.
import { type EmulatorRequest, type EmulatorResponse, json, pathOf } from '../server/message.ts';
import type { Handler } from '../server/server.ts';
import type { World } from '../server/world.ts';
import { respondAsOci } from './api-errors.ts';
import { objectStorage } from './object-storage.ts';
import { verifyRequest } from './request-signature.ts';
import { apiError, notAuthenticated } from './responses.ts';

const REGIONS = [
  { key: 'FRA', name: 'eu-frankfurt-1' },
  { key: 'IAD', name: 'us-ashburn-1' },
  { key: 'PHX', name: 'us-phoenix-1' },
];

export const handleOci: Handler = (request, world) => respondAsOci(request, world, respond);

async function respond(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const signature = await verifyRequest(request, world);
  if (!signature.ok) return notAuthenticated(signature.reason, world);
  const { ptype } = signature.principal.claims;
  // The identity of the machine, which a job must not use instead of its own.
  const isMachine = ptype === 'instance' || ptype === 'workload';
  return isMachine && world.settings.instanceAccess === 'none'
    ? { ...apiError('NotAuthorizedOrNotFound', world), reason: 'principal: the machine itself' }
    : route(request, world);
}

function route(request: EmulatorRequest, world: World): EmulatorResponse {
  const path = pathOf(request);
  if (path === '/20160918/regions' && request.method === 'GET') return json(200, REGIONS);
  return path === '/n' || path.startsWith('/n/')
    ? objectStorage(request, world)
    : apiError('NotAuthorizedOrNotFound', world);
}
