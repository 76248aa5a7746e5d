// OCI's IAM, version 20160918: regions, compartments, domains and policies. It accepts signatures only, and changes only
// in the home region. Source: Identity and Access Management Service API.

import { respondAsOci } from '../oci/api-errors.ts';
import { verifyRequest } from '../oci/request-signature.ts';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  pathOf,
  queryOf,
  single,
} from '../server/message.ts';
import type { Handler } from '../server/server.ts';
import { type World, withPort } from '../server/world.ts';
import { handlePolicies } from './policies.ts';
import { refuse } from './responses.ts';
import type { IamAccess } from './settings.ts';

const VERSION = '/20160918';

export const handleIam: Handler = (request, world) => respondAsOci(request, world, respond);

async function respond(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const signature = await verifyRequest(request, world);
  if (!signature.ok) throw refuse('notAuthenticated', signature.reason);
  const { user, tenancy } = signature.principal;
  const access = tenancy === world.settings.tenancy ? accessOf(user, world) : 'none';
  if (access === 'none') throw refuse('notFound', 'the user has no access');
  checkWrite(request, access, world);
  return route(request, world);
}

function accessOf(user: string, { settings }: World): IamAccess {
  return settings.iamAccess[user] ?? (user === settings.administrator ? 'administrator' : 'none');
}

function checkWrite(request: EmulatorRequest, access: IamAccess, { settings }: World): void {
  if (request.method === 'GET') return;
  const region = /^identity\.([^.]+)\./.exec(single(request, 'host') ?? '')?.[1];
  const [home] = settings.regionSubscriptions;
  // Without a region in the host, a test calls the loopback address.
  if (region !== undefined && region !== home?.name) {
    throw refuse('otherRegion', 'not the home region', { key: home?.key ?? '' });
  }
  if (access !== 'administrator') throw refuse('notFound', 'the user may only read');
}

function route(request: EmulatorRequest, world: World): EmulatorResponse {
  const path = pathOf(request);
  if (!path.startsWith(`${VERSION}/`)) throw refuse('noOperation', 'another version');
  const [collection, id, part] = path
    .slice(VERSION.length + 1)
    .split('/')
    .map(decodeURIComponent);
  if (collection === 'policies') return handlePolicies(request, id, world);
  if (request.method !== 'GET') throw refuse('method', 'only GET is supported');
  switch (`${collection}${id === undefined ? '' : '/{id}'}${part === undefined ? '' : `/${part}`}`) {
    case 'tenancies/{id}':
      return json(200, tenancy(id, world));
    case 'tenancies/{id}/regionSubscriptions':
      return json(200, regionSubscriptions(id, world));
    case 'compartments':
      return page(request, compartments(request, world), world);
    case 'compartments/{id}':
      return json(200, foundOrRefused(allCompartments(world).find((one) => one.id === id)));
    case 'domains':
      return page(request, domains(request, world), world);
    case 'domains/{id}':
      return json(200, foundOrRefused(id === world.settings.domainOcid ? domain(world) : undefined));
    default:
      throw refuse('noOperation', 'no such operation');
  }
}

function foundOrRefused<T>(found: T | undefined): T {
  if (found === undefined) throw refuse('notFound', 'no such resource');
  return found;
}

function tenancy(id: string | undefined, { settings }: World) {
  if (id !== settings.tenancy) throw refuse('notFound', 'not this tenancy');
  return { id, name: 'acme', homeRegionKey: settings.regionSubscriptions[0]?.key };
}

function regionSubscriptions(id: string | undefined, world: World) {
  tenancy(id, world);
  return world.settings.regionSubscriptions.map(({ key, name }, at) => ({
    regionKey: key,
    regionName: name,
    status: 'READY',
    isHomeRegion: at === 0,
  }));
}

/** The tenancy is the root compartment: it has an OCID, but is in no list. */
function allCompartments({ settings }: World) {
  const root = { id: settings.tenancy, name: 'acme', compartmentId: '', lifecycleState: 'ACTIVE' };
  return [root, ...childCompartments(settings)];
}

function childCompartments({ compartments, tenancy: root }: World['settings']) {
  return compartments.map(({ id, name, parent = root }) => ({
    id,
    name,
    compartmentId: parent,
    description: name,
    lifecycleState: 'ACTIVE',
    freeformTags: {},
  }));
}

/** `compartmentIdInSubtree` is allowed for the tenancy only. */
function compartments(request: EmulatorRequest, world: World) {
  const query = queryOf(request);
  const parent = compartmentParameter(request, world);
  const all = childCompartments(world.settings);
  if (query.get('compartmentIdInSubtree') !== 'true') {
    return all.filter(({ compartmentId }) => compartmentId === parent);
  }
  if (parent !== world.settings.tenancy) throw refuse('invalid', 'subtree', { parameter: 'compartmentId' });
  return all;
}

/** @throws {RefusedRequest} when `compartmentId` is missing or unknown */
export function compartmentParameter(request: EmulatorRequest, world: World): string {
  const id = queryOf(request).get('compartmentId');
  if (!id) throw refuse('missing', 'compartmentId', { parameter: 'compartmentId' });
  return checkCompartment(id, world);
}

export function checkCompartment(id: string, world: World): string {
  return foundOrRefused(allCompartments(world).find((one) => one.id === id)).id;
}

function domains(request: EmulatorRequest, world: World) {
  const parent = compartmentParameter(request, world);
  const url = queryOf(request).get('url');
  const found = domain(world);
  return found.compartmentId === parent && (url === null || url === found.url) ? [found] : [];
}

/** That `url` has the port, and that the filter compares it character by character, is assumed. */
function domain({ settings, urls }: World) {
  const url = withPort(urls.domain);
  return {
    id: settings.domainOcid,
    compartmentId: settings.tenancy,
    displayName: settings.domainName,
    description: settings.domainName,
    url,
    homeRegionUrl: url,
    homeRegion: settings.regionSubscriptions[0]?.name,
    replicaRegions: [],
    type: 'DEFAULT',
    licenseType: settings.domainLicense,
    isHiddenOnLogin: false,
    lifecycleState: 'ACTIVE',
    freeformTags: {},
  };
}

/** The value of `opc-next-page` is opaque to clients. */
export function page(request: EmulatorRequest, items: readonly unknown[], world: World): EmulatorResponse {
  const query = queryOf(request);
  const start = query.has('page') ? Number(/^page-(\d+)$/.exec(query.get('page') ?? '')?.[1]) : 0;
  const limit = Number(query.get('limit') ?? 1000);
  if (Number.isNaN(start) || !(limit >= 1 && limit <= 1000)) {
    throw refuse('invalid', 'page or limit', { parameter: 'page' });
  }
  const end = start + Math.min(limit, world.settings.iamPageSize);
  const more: Record<string, string> = end < items.length ? { 'opc-next-page': `page-${end}` } : {};
  return json(200, items.slice(start, end), more);
}
