// The objects of an identity domain. Nothing is checked here: tests may insert what the API would refuse.
import { randomBytes } from 'node:crypto';
import { newOcid } from '../server/ocid.ts';
import type { WorldSettings } from '../server/settings.ts';
import {
  isMembers,
  type Members,
  RESOURCES,
  type ResourceType,
  SCHEMAS,
  type ScimObject,
  USER_EXTENSION,
  valuesOf,
} from './attributes.ts';

const OCID_TYPES: Partial<Record<ResourceType, string>> = {
  Users: 'user',
  Groups: 'group',
  Apps: 'domainapp',
  DynamicResourceGroups: 'dynamicgroup',
};

/** Of every domain whose administrator has set none. */
export const DEFAULT_ISSUER = 'https://identity.oraclecloud.com/';

/** Role names of the application that stands for the domain itself. */
export const ADMINISTRATOR_ROLES = [
  'Identity Domain Administrator',
  'Security Administrator',
  'User Administrator',
  'Audit Administrator',
] as const;
export type AdministratorRole = (typeof ADMINISTRATOR_ROLES)[number];

export class Directory {
  readonly #objects = new Map(RESOURCES.map((resource) => [resource, new Map<string, ScimObject>()]));
  readonly #settings: WorldSettings;
  readonly #now: () => number;
  readonly #url: string;

  constructor(settings: WorldSettings, url: string, now: () => number) {
    this.#settings = settings;
    this.#url = url;
    this.#now = now;
  }

  /** Stores a new object with an id, OCIDs and `meta`, and returns it. What is given has precedence. */
  insert(resource: ResourceType, attributes: Members): ScimObject {
    const { domainOcid, tenancy } = this.#settings;
    const id = resource === 'Settings' ? 'Settings' : randomBytes(16).toString('hex');
    const ocidType = OCID_TYPES[resource];
    const time = new Date(this.#now()).toISOString();
    const object: ScimObject = {
      id,
      ...(ocidType === undefined ? {} : { ocid: newOcid(ocidType) }),
      schemas: [SCHEMAS[resource], ...Object.keys(attributes).filter((name) => name.startsWith('urn:'))],
      domainOcid,
      compartmentOcid: tenancy,
      tenancyOcid: tenancy,
      ...structuredClone(attributes),
    };
    object['meta'] = {
      resourceType: resource.replace(/s$/, ''),
      created: time,
      lastModified: time,
      location: `${this.#url}/admin/v1/${resource}/${object.id}`,
      version: newVersion(),
      ...Object(attributes['meta']),
    };
    this.#map(resource).set(object.id, object);
    return structuredClone(object);
  }

  /** Replaces the attributes that are given; undefined removes one. The object has a new version. */
  update(resource: ResourceType, id: string, attributes: Members): ScimObject {
    const old = this.#map(resource).get(id);
    if (old === undefined) throw new Error(`no ${resource}/${id}`);
    const meta = {
      ...Object(old['meta']),
      lastModified: new Date(this.#now()).toISOString(),
      version: newVersion(),
    };
    const entries = Object.entries({ ...old, ...structuredClone(attributes), meta });
    const object = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    this.#map(resource).set(id, { ...object, id });
    return structuredClone({ ...object, id });
  }

  remove(resource: ResourceType, id: string): void {
    this.#map(resource).delete(id);
  }

  get(resource: ResourceType, id: string): ScimObject | undefined {
    return structuredClone(this.#map(resource).get(id));
  }

  all(resource: ResourceType): ScimObject[] {
    return [...this.#map(resource).values()].map((object) => structuredClone(object));
  }

  /** The first object with this value. */
  find(resource: ResourceType, path: string, value: unknown): ScimObject | undefined {
    return this.all(resource).find((object) => valuesOf(object, path).includes(value));
  }

  /** Whether the object is older than this. */
  isOlder(object: ScimObject, milliseconds: number): boolean {
    const created = isMembers(object['meta']) ? Date.parse(String(object['meta']['created'])) : 0;
    return this.#now() - created >= milliseconds;
  }

  /** Gives a user or an application a role of the domain. */
  grant(granteeId: string, role: AdministratorRole, type: 'User' | 'App' = 'User'): void {
    const appRole = this.find('AppRoles', 'displayName', role);
    this.insert('Grants', {
      grantMechanism: type === 'User' ? 'ADMINISTRATOR_TO_USER' : 'ADMINISTRATOR_TO_APP',
      grantee: { value: granteeId, type },
      app: { value: valuesOf(appRole ?? {}, 'app.value')[0] },
      entitlement: { attributeName: 'appRoles', attributeValue: appRole?.id },
    });
  }

  #map(resource: ResourceType): Map<string, ScimObject> {
    const map = this.#objects.get(resource);
    if (map === undefined) throw new Error(`no resource ${resource}`);
    return map;
  }
}

function newVersion(): string {
  return randomBytes(16).toString('hex');
}

/** What a new domain has: its settings, the application for itself with its roles, and an administrator in two groups. */
export function fillNewDomain(directory: Directory, ocid: string): ScimObject {
  directory.insert('Settings', {
    csrAccess: 'readWrite',
    issuer: DEFAULT_ISSUER,
    signingCertPublicAccess: false,
    accountAlwaysTrustScope: false,
    defaultTrustScope: 'Explicit',
  });
  const app = directory.insert('Apps', {
    name: 'IDCSAppId',
    displayName: 'IDCS Application',
    active: true,
    isOPCService: true,
    isOAuthResource: true,
  });
  for (const displayName of ADMINISTRATOR_ROLES) {
    directory.insert('AppRoles', {
      displayName,
      adminRole: true,
      app: { value: app.id, display: 'IDCS Application' },
    });
  }
  const administrator = directory.insert('Users', {
    ocid,
    userName: 'administrator@acme.example',
    displayName: 'Administrator',
    name: { familyName: 'Administrator' },
    emails: [{ value: 'administrator@acme.example', type: 'work', primary: true }],
    active: true,
    [USER_EXTENSION]: { serviceUser: false },
  });
  const members = [{ value: administrator.id, type: 'User' }];
  directory.insert('Groups', { displayName: 'Administrators', members });
  directory.insert('Groups', { displayName: 'All Domain Users', members });
  return administrator;
}
