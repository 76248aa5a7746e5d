// Applies PATCH operations to a copy of an object: all of them or none. Source: RFC 7644 section 3.5.2.
import {
  type Attribute,
  attributeOf,
  extensionsOf,
  isMembers,
  type Members,
  type ResourceType,
  type ScimObject,
  sameValue,
  splitPath,
} from './attributes.ts';
import { asMembers, type Predicate, parseFilter } from './filter.ts';
import { refuse, refuseAs } from './responses.ts';
import type { ScimSettings } from './settings.ts';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

interface Operation {
  op: string;
  path: string | undefined;
  value: unknown;
}

interface Target {
  attribute: Attribute;
  /** Selects values of a list. */
  filter: Predicate | undefined;
  /** Of the selected values. */
  child: string | undefined;
}

/** @throws {RefusedRequest} when an operation is malformed or refused; the object given is never changed */
export function patched(
  object: ScimObject,
  resource: ResourceType,
  body: Members,
  settings: ScimSettings,
): ScimObject {
  const copy = structuredClone(object);
  for (const operation of readOperations(body)) apply(copy, resource, operation, settings);
  return copy;
}

function readOperations(body: Members): Operation[] {
  const { schemas, Operations: operations } = body;
  if (!Array.isArray(schemas) || !schemas.includes(PATCH_SCHEMA)) throw malformed('schemas is not PatchOp');
  if (!Array.isArray(operations) || operations.length === 0) throw malformed('no Operations');
  return operations.map((one) => {
    const { op, path, value } = Object(one);
    const name = String(op).toLowerCase();
    if (!['add', 'replace', 'remove'].includes(name)) throw malformed(`op ${op}`);
    if (path !== undefined && typeof path !== 'string') throw malformed('path is not a string');
    if (name !== 'remove' && value === undefined) throw malformed('no value');
    return { op: name, path, value };
  });
}

function apply(object: Members, resource: ResourceType, operation: Operation, settings: ScimSettings): void {
  const { op, path, value } = operation;
  if (path === undefined || extensionsOf(resource).includes(path)) {
    if (op === 'remove' || !isMembers(value)) throw malformed('neither path nor members');
    for (const [name, one] of Object.entries(value)) {
      const inner = path === undefined ? name : `${path}:${name}`;
      apply(object, resource, { op, path: inner, value: one }, settings);
    }
    return;
  }
  const target = readPath(path, resource, settings);
  if (target.attribute.mutability === 'readOnly') {
    throw refuse('readOnly', `${path} is read-only`, { path });
  }
  const { names, extension } = splitPath(target.attribute.path);
  const [name = '', child] = names;
  const holder = extension === undefined ? object : memberObject(object, extension);
  if (op === 'add' && target.attribute.list && resource === 'IdentityPropagationTrusts') {
    holder[name] = addedInMode(holder[name], value, settings);
  } else if (child !== undefined && target.filter === undefined) {
    change(memberObject(holder, name), child, operation, target);
  } else {
    change(holder, name, operation, target);
  }
}

function memberObject(holder: Members, name: string): Members {
  const found = holder[name];
  const inner = isMembers(found) ? found : {};
  holder[name] = inner;
  return inner;
}

/** `[URN:]name`, `name.child`, `name[filter]` or `name[filter].child`. An index in brackets is no filter. */
function readPath(path: string, resource: ResourceType, settings: ScimSettings): Target {
  const [, name = '', filter, child] = /^([^[\]]+)(?:\[(.+)\](?:\.(\w+))?)?$/.exec(path) ?? [];
  const attribute = attributeOf(resource, name);
  if (attribute === undefined || (filter !== undefined && !attribute.list)) {
    throw refuse('invalidPath', `path ${path}`, { path });
  }
  if (filter !== undefined && settings.patchFilter === 'refused')
    throw refuse('removeRefused', 'path has a filter');
  const any = settings.patchFilter === 'any';
  const predicate = filter && parseFilter(filter, resource, { parent: attribute.path, any });
  return { attribute, filter: predicate || undefined, child };
}

function change(holder: Members, name: string, { op, value }: Operation, target: Target): void {
  if (target.filter !== undefined) {
    holder[name] = changedValues(listed(holder[name]), op, value, target);
    return;
  }
  if (op === 'remove') {
    delete holder[name];
  } else if (op === 'add' && target.attribute.list) {
    holder[name] = [...listed(holder[name]), ...newValues(listed(holder[name]), value)];
  } else {
    const isComplex = isMembers(holder[name]) && isMembers(value);
    holder[name] = isComplex
      ? { ...Object(holder[name]), ...value }
      : target.attribute.list
        ? listed(value)
        : value;
  }
}

function changedValues(values: unknown[], op: string, value: unknown, { filter, child }: Target): unknown[] {
  const isSelected = (one: unknown) => filter?.(asMembers(one)) === true;
  if (!values.some(isSelected))
    throw refuse('invalidPath', 'filter selects nothing', { path: 'with the filter' });
  if (op === 'remove' && child === undefined) return values.filter((one) => !isSelected(one));
  return values.map((one) => {
    if (!isSelected(one)) return one;
    if (child !== undefined) return { ...asMembers(one), [child]: op === 'remove' ? undefined : value };
    return isMembers(value) ? { ...asMembers(one), ...value } : value;
  });
}

function addedInMode(old: unknown, value: unknown, settings: ScimSettings): unknown[] {
  const fresh = settings.patchAddIgnoresDuplicates ? newValues(listed(old), value) : listed(value);
  switch (settings.patchAdd) {
    case 'refused':
      throw refuseAs(settings.patchAddStatus, 'addRefused', 'add to a list of a trust');
    case 'replaces':
      return listed(value);
    case 'prepends':
      return [...fresh, ...listed(old)];
    case 'appends':
      return [...listed(old), ...fresh];
  }
}

function newValues(old: readonly unknown[], value: unknown): unknown[] {
  return listed(value).filter((one) => !old.some((other) => sameValue(other, one)));
}

function listed(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

function malformed(reason: string) {
  return refuse('malformed', `patch: ${reason}`);
}
