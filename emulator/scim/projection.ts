// Which attributes a response carries. Source: `returned` of each attribute; "Query Parameters" of identity domains.
import {
  type Attribute,
  attributeOf,
  attributesOf,
  extensionsOf,
  isMembers,
  type Members,
  type ResourceType,
  type ScimObject,
} from './attributes.ts';
import { refuse } from './responses.ts';

export interface Selection {
  /** Undefined for the default attributes. `x.y` selects one sub-attribute. */
  paths: ReadonlySet<string> | undefined;
  /** Values of `returned` that are selected as a whole. */
  sets: ReadonlySet<string>;
}

/** @throws {RefusedRequest} for an attribute that is not in the schema */
export function selectionOf(query: URLSearchParams, resource: ResourceType): Selection {
  const names = split(query.get('attributes'));
  const sets = split(query.get('attributeSets'));
  const all = sets.includes('all') ? ['default', 'request'] : sets;
  return {
    paths: names.length === 0 ? undefined : new Set(names.flatMap((name) => pathsNamed(name, resource))),
    sets: new Set(names.length === 0 && sets.length === 0 ? ['default'] : all),
  };
}

function split(list: string | null): string[] {
  return (list ?? '')
    .split(',')
    .filter((name) => name.trim() !== '')
    .map((name) => name.trim());
}

/** The URN of an extension stands for its default attributes. */
function pathsNamed(name: string, resource: ResourceType): string[] {
  const extension = extensionsOf(resource).find((urn) => urn.toLowerCase() === name.toLowerCase());
  if (extension !== undefined) {
    const members = attributesOf(resource).filter(({ path }) => path.startsWith(`${extension}:`));
    return members.filter(({ returned }) => returned === 'default').map(({ path }) => path);
  }
  const found = attributeOf(resource, name);
  if (found === undefined) throw refuse('unknownAttribute', `attributes: ${name} is unknown`, { name });
  return [found.path];
}

export function project(object: ScimObject, resource: ResourceType, selection: Selection): Members {
  return members(object, '', (path) => attributeOf(resource, path), extensionsOf(resource), selection);
}

type Find = (path: string) => Attribute | undefined;

/** @param prefix of the paths of these members: '' or `<extension>:` */
function members(
  object: Members,
  prefix: string,
  find: Find,
  extensions: readonly string[],
  selection: Selection,
): Members {
  const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
    if (extensions.includes(name) && isMembers(value)) {
      const inner = members(value, `${name}:`, find, [], selection);
      return [name, Object.keys(inner).length === 0 ? undefined : inner];
    }
    return [name, selected(value, `${prefix}${name}`, find, selection)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function selected(value: unknown, path: string, find: Find, { paths, sets }: Selection): unknown {
  const attribute = find(path);
  if (attribute === undefined || attribute.returned === 'never') return undefined;
  if (attribute.returned === 'always' || paths?.has(path) || sets.has(attribute.returned)) {
    return mapValues(value, (one) => without(one, (name) => isOnRequest(find(`${path}.${name}`))));
  }
  const names = [...(paths ?? [])].filter((one) => one.startsWith(`${path}.`)).map((one) => lastName(one));
  if (names.length === 0) return undefined;
  const isWanted = (name: string) => names.includes(name) || find(`${path}.${name}`)?.returned === 'always';
  return mapValues(value, (one) => without(one, (name) => !isWanted(name)));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isOnRequest(attribute: Attribute | undefined): boolean {
  return attribute?.returned === 'request' || attribute?.returned === 'never';
}

function mapValues(value: unknown, map: (one: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(map) : map(value);
}

function without(value: unknown, drop: (name: string) => boolean): unknown {
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !drop(name)));
}
