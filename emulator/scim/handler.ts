// The SCIM API of an identity domain, `/admin/v1/…`. Sources: RFC 7644; "REST API for Identity Domains".
import { type EmulatorRequest, type EmulatorResponse, pathOf, queryOf, single } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { authorize } from './access.ts';
import { isMembers, type Members, RESOURCES, type ResourceType } from './attributes.ts';
import { changeStatus, regenerateSecret } from './functions.ts';
import { created, deleted, listed, patchedObject, read, replaced } from './operations.ts';
import { refuse, scimErrorResponse } from './responses.ts';

export const SCIM_PATH = '/admin/v1/';

export interface ScimRequest {
  method: string;
  resource: ResourceType;
  id: string | undefined;
  query: URLSearchParams;
  /** Empty where the method has no body. */
  body: Members;
  ifMatch: string | undefined;
  retryToken: string | undefined;
}

export async function handleScim(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return await route(request, world);
  } catch (error) {
    if (error instanceof RefusedRequest) return scimErrorResponse(serviceError(error, world));
    throw error;
  }
}

async function route(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const [endpoint = '', id, ...others] = pathOf(request).slice(SCIM_PATH.length).split('/');
  const { method } = request;
  if (others.length > 0) throw refuse('notFound', 'no such path');
  if (endpoint === 'AppStatusChanger' && id !== undefined) {
    await authorize(request, endpoint, world);
    only('PUT', method);
    return changeStatus(id, bodyOf(request), world);
  }
  if (endpoint === 'AppClientSecretRegenerator' && id === undefined) {
    await authorize(request, endpoint, world);
    only('POST', method);
    return regenerateSecret(bodyOf(request), world);
  }
  const resource = RESOURCES.find((name) => name === endpoint);
  if (resource === undefined) throw refuse('notFound', 'no such resource');
  await authorize(request, resource, world);
  return operate(
    {
      method,
      resource,
      id,
      query: queryOf(request),
      body: ['POST', 'PUT', 'PATCH'].includes(method) ? bodyOf(request) : {},
      ifMatch: single(request, 'if-match'),
      retryToken: single(request, 'opc-retry-token'),
    },
    world,
  );
}

function operate(request: ScimRequest, world: World): EmulatorResponse {
  const { method, id } = request;
  if (id === undefined) {
    if (method === 'GET') return listed(request, world);
    only('POST', method);
    return created(request, world);
  }
  switch (method) {
    case 'GET':
      return read(request, id, world);
    case 'PATCH':
      return patchedObject(request, id, world);
    case 'PUT':
      return replaced(request, id, world);
    default:
      only('DELETE', method);
      return deleted(request, id, world);
  }
}

function only(method: string, actual: string): void {
  if (actual !== method) throw refuse('wrongScimMethod', `only ${method} is supported`);
}

function bodyOf(request: EmulatorRequest): Members {
  const type = single(request, 'content-type') ?? '';
  if (!/^application\/(scim\+)?json(\s*;\s*charset=utf-8)?$/i.test(type)) {
    throw refuse('wrongMediaType', 'content type is not JSON');
  }
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    if (isMembers(body)) return body;
  } catch {
    // Refused below.
  }
  throw refuse('malformed', 'body is not a JSON object');
}
