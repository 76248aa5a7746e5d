// The metadata service of an instance, version 2: plain HTTP, with a constant bearer token. It refuses forwarded requests.
// Source: "Getting Instance Metadata"; the paths: Oracle's SDKs.
import { type EmulatorRequest, type EmulatorResponse, json, pathOf, single } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { instanceCertificates, tenancyOfInstance } from './certificates.ts';
import { metadataError, refuseMetadata } from './responses.ts';

const BASE = '/opc/v2';
const OLD_BASE = '/opc/v1';
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'];

type Resource = (world: World) => EmulatorResponse;

const RESOURCES: Readonly<Record<string, Resource>> = {
  '/instance/': (world) => json(200, instanceDetails(world)),
  '/instance/region': (world) => text(regionOf(world)),
  '/instance/regionInfo': (world) => json(200, regionInfo(world)),
  '/identity/cert.pem': (world) => text(instanceCertificates(world).leaf),
  '/identity/key.pem': (world) => text(instanceCertificates(world).leafKey),
  '/identity/intermediate.pem': (world) => text(instanceCertificates(world).intermediate),
};

export async function handleMetadata(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return respond(request, world);
  } catch (error) {
    if (error instanceof RefusedRequest) return metadataError(serviceError(error, world));
    throw error;
  }
}

function respond(request: EmulatorRequest, world: World): EmulatorResponse {
  if (world.settings.metadataService === 'azure') throw refuseMetadata('azure', 'the service of Azure');
  const path = pathOf(request);
  if (path.startsWith(`${OLD_BASE}/`)) throw refuseMetadata('versionOne', 'version 1');
  if (request.method !== 'GET') throw refuseMetadata('method', 'only GET is supported');
  if (FORWARDING.some((name) => request.headers[name] !== undefined)) {
    throw refuseMetadata('forwarded', 'a forwarded request');
  }
  if (single(request, 'authorization') !== 'Bearer Oracle') {
    throw refuseMetadata('noAuthorization', 'authorization is not Bearer Oracle');
  }
  const resource = path.startsWith(BASE) ? RESOURCES[path.slice(BASE.length)] : undefined;
  if (!resource) throw refuseMetadata('noPath', 'no such path');
  return resource(world);
}

function text(value: string): EmulatorResponse {
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(value) };
}

/** SDKs expect both forms. */
function regionOf(world: World): string {
  return world.settings.metadataRegion === 'name' ? world.settings.region : regionKey(world).toLowerCase();
}

function regionKey({ settings }: World): string {
  const known = settings.regionSubscriptions.find(({ name }) => name === settings.region);
  return known?.key ?? (settings.region.split('-')[1] ?? '').slice(0, 3).toUpperCase();
}

function regionInfo(world: World) {
  const { realm, region } = world.settings;
  return {
    realmKey: realm.key,
    realmDomainComponent: realm.domain,
    regionKey: regionKey(world),
    regionIdentifier: region,
  };
}

function instanceDetails(world: World) {
  const { instance, region } = world.settings;
  return {
    id: instance.id,
    compartmentId: instance.compartmentId,
    tenantId: tenancyOfInstance(world),
    region: regionOf(world),
    canonicalRegionName: region,
    regionInfo: regionInfo(world),
  };
}
