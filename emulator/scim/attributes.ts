// Looks attributes up, and reads their values from an object.
import { COMMON, EXTENSIONS, TABLES } from './attribute-table.ts';

export type ResourceType = keyof typeof TABLES;

/** A SCIM object. An extension is a member named by its URN. */
export interface ScimObject {
  id: string;
  [attribute: string]: unknown;
}

export type Members = Record<string, unknown>;

export interface Attribute {
  /** With the URN of its extension; `parent.child` for a sub-attribute. */
  path: string;
  required: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly';
  returned: 'always' | 'default' | 'request' | 'never';
  unique: boolean;
  exact: boolean;
  searchable: boolean;
  list: boolean;
}

export const USER_EXTENSION = EXTENSIONS.U;
const IDCS = 'urn:ietf:params:scim:schemas:oracle:idcs';

/** The core schema of each resource. */
export const SCHEMAS: Readonly<Record<ResourceType, string>> = {
  Apps: `${IDCS}:App`,
  Users: 'urn:ietf:params:scim:schemas:core:2.0:User',
  Groups: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  DynamicResourceGroups: `${IDCS}:DynamicResourceGroup`,
  IdentityPropagationTrusts: `${IDCS}:IdentityPropagationTrust`,
  Settings: `${IDCS}:Settings`,
  Grants: `${IDCS}:Grant`,
  AppRoles: `${IDCS}:AppRole`,
};

export const RESOURCES = Object.keys(TABLES) as ResourceType[];
const ATTRIBUTES = new Map(RESOURCES.map((resource) => [resource, readTable(COMMON + TABLES[resource])]));

/** By name in lower case, as names are not case-sensitive (RFC 7643 section 2.1). */
function readTable(text: string): Map<string, Attribute> {
  const lines = text
    .trim()
    .replaceAll(/\n {2}/g, ' ')
    .split('\n');
  const attributes = lines.flatMap((line) => {
    const [flags = '', names = ''] = line.split(': ');
    return names.split(' ').map((name) => attribute(name, new Set(flags.split(' '))));
  });
  return new Map(attributes.map((one) => [one.path.toLowerCase(), one]));
}

function attribute(name: string, flags: ReadonlySet<string>): Attribute {
  const one = <T extends string>(...values: T[]) => values.find((value) => flags.has(value));
  return {
    path: name.replace(/^([A-Z]):/, (_, letter: keyof typeof EXTENSIONS) => `${EXTENSIONS[letter]}:`),
    required: flags.has('required'),
    mutability: one('readOnly', 'immutable', 'writeOnly') ?? 'readWrite',
    returned: one('always', 'request', 'never') ?? 'default',
    unique: flags.has('unique'),
    exact: flags.has('exact'),
    searchable: flags.has('searchable'),
    list: flags.has('list'),
  };
}

export function attributesOf(resource: ResourceType): Attribute[] {
  return [...(ATTRIBUTES.get(resource)?.values() ?? [])];
}

/** @param path with or without the URN of the core schema; case does not matter */
export function attributeOf(resource: ResourceType, path: string): Attribute | undefined {
  const core = `${SCHEMAS[resource]}:`.toLowerCase();
  const name = path.toLowerCase();
  return ATTRIBUTES.get(resource)?.get(name.startsWith(core) ? name.slice(core.length) : name);
}

export function extensionsOf(resource: ResourceType): string[] {
  const urns = attributesOf(resource).map(({ path }) => splitPath(path).extension);
  return [...new Set(urns.filter((urn) => urn !== undefined))];
}

export interface SplitPath {
  extension: string | undefined;
  /** The attribute and, after a dot, its sub-attribute. */
  names: string[];
}

/** @param path of an attribute in the table */
export function splitPath(path: string): SplitPath {
  const extension = Object.values(EXTENSIONS).find((urn) => path.startsWith(`${urn}:`));
  return { extension, names: path.slice(extension === undefined ? 0 : extension.length + 1).split('.') };
}

/** The values of an attribute; those of a sub-attribute in all values of its parent. */
export function valuesOf(object: Members, path: string): unknown[] {
  const { extension, names } = splitPath(path);
  const start: unknown = extension === undefined ? object : object[extension];
  return names.reduce<unknown[]>((values, name) => values.flatMap((value) => member(value, name)), [start]);
}

function member(value: unknown, name: string): unknown[] {
  const found = isMembers(value) ? value[name] : undefined;
  return found === undefined || found === null ? [] : [found].flat();
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep equality that ignores the order of members. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, at) => sameValue(value, right[at]));
  }
  if (!isMembers(left) || !isMembers(right)) return left === right;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameValue(left[name], right[name]));
}
