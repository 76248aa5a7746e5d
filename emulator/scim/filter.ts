// Filters of list requests and of PATCH paths. Source: RFC 7644 section 3.4.2.2; "Query Parameters" of identity domains.
import { attributeOf, isMembers, type Members, type ResourceType, valuesOf } from './attributes.ts';
import { refuse } from './responses.ts';

export type Predicate = (object: Members) => boolean;

interface Scope {
  resource: ResourceType;
  /** Inside `x[…]`, names are sub-attributes of x. */
  parent: string | undefined;
  /** Whether attributes that are not searchable are allowed. */
  any: boolean;
}

const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/gy;
type Compare = (actual: string | number, wanted: string | number) => boolean;
const OPERATORS: Readonly<Record<string, Compare>> = {
  eq: (actual, wanted) => actual === wanted,
  co: (actual, wanted) => String(actual).includes(String(wanted)),
  sw: (actual, wanted) => String(actual).startsWith(String(wanted)),
  ew: (actual, wanted) => String(actual).endsWith(String(wanted)),
  gt: (actual, wanted) => actual > wanted,
  ge: (actual, wanted) => actual >= wanted,
  lt: (actual, wanted) => actual < wanted,
  le: (actual, wanted) => actual <= wanted,
};

/**
 * @param parent the attribute whose values are filtered; undefined for objects
 * @throws {RefusedRequest} when the filter cannot be parsed, or names an attribute that is unknown or not searchable
 */
export function parseFilter(
  text: string,
  resource: ResourceType,
  { parent, any = false }: { parent?: string; any?: boolean } = {},
): Predicate {
  const tokens = new Tokens(text);
  const predicate = disjunction(tokens, { resource, parent, any });
  if (tokens.next() !== undefined) throw invalid('text after the end');
  return predicate;
}

class Tokens {
  readonly #tokens: string[] = [];

  constructor(text: string) {
    let end = 0;
    for (const match of text.matchAll(TOKEN)) {
      this.#tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
      end = match.index + match[0].length;
    }
    if (text.slice(end).trim() !== '') throw invalid('a string without its end');
  }

  next(): string | undefined {
    return this.#tokens.shift();
  }

  /** Takes the next token if it is this one. */
  takes(token: string): boolean {
    const found = this.#tokens[0]?.toLowerCase() === token;
    if (found) this.#tokens.shift();
    return found;
  }
}

function disjunction(tokens: Tokens, scope: Scope): Predicate {
  const parts = [conjunction(tokens, scope)];
  while (tokens.takes('or')) parts.push(conjunction(tokens, scope));
  return (object) => parts.some((part) => part(object));
}

function conjunction(tokens: Tokens, scope: Scope): Predicate {
  const parts = [term(tokens, scope)];
  while (tokens.takes('and')) parts.push(term(tokens, scope));
  return (object) => parts.every((part) => part(object));
}

function term(tokens: Tokens, scope: Scope): Predicate {
  if (tokens.takes('not')) {
    if (!tokens.takes('(')) throw invalid('no bracket after not');
    const inner = bracketed(tokens, scope, ')');
    return (object) => !inner(object);
  }
  return tokens.takes('(') ? bracketed(tokens, scope, ')') : expression(tokens, scope);
}

function bracketed(tokens: Tokens, scope: Scope, end: string): Predicate {
  const inner = disjunction(tokens, scope);
  if (!tokens.takes(end)) throw invalid(`no ${end}`);
  return inner;
}

function expression(tokens: Tokens, scope: Scope): Predicate {
  const name = tokens.next();
  if (name === undefined || /^[()[\]"]/.test(name)) throw invalid('no attribute');
  if (tokens.takes('[')) {
    const path = attributeOf(scope.resource, name)?.path;
    if (path === undefined) throw invalid(`attribute ${name} is unknown`);
    const inner = bracketed(tokens, { ...scope, parent: path }, ']');
    return (object) => valuesOf(object, path).some((value) => inner(asMembers(value)));
  }
  const { path, exact } = attributeNamed(name, scope);
  // Inside `x[…]` the objects are values of x.
  const relative = scope.parent === undefined ? path : path.slice(scope.parent.length + 1) || 'value';
  const operator = tokens.next()?.toLowerCase() ?? '';
  if (operator === 'pr') return (object) => valuesOf(object, relative).length > 0;
  const compare = OPERATORS[operator === 'ne' ? 'eq' : operator];
  if (compare === undefined) throw invalid(`operator ${operator}`);
  const wanted = comparable(literal(tokens.next()), exact);
  const matches: Predicate = (object) =>
    valuesOf(object, relative).some((value) => compare(comparable(value, exact), wanted));
  return operator === 'ne' ? (object) => !matches(object) : matches;
}

/** A complex attribute stands for its `value` (RFC 7644 section 3.4.2.2). */
function attributeNamed(name: string, { resource, parent, any }: Scope) {
  const path = parent === undefined ? name : `${parent}.${name}`;
  const simple =
    parent !== undefined && name.toLowerCase() === 'value' ? attributeOf(resource, parent) : undefined;
  const found = attributeOf(resource, `${path}.value`) ?? attributeOf(resource, path) ?? simple;
  if (found === undefined) throw invalid(`attribute ${name} is unknown`);
  if (!found.searchable && !any)
    throw refuse('notSearchable', `attribute ${name} is not searchable`, { name });
  return found;
}

/** A simple value counts as one with the sub-attribute `value`. */
export function asMembers(value: unknown): Members {
  return isMembers(value) ? value : { value };
}

function literal(token: string | undefined): unknown {
  try {
    return JSON.parse(token ?? '');
  } catch {
    throw invalid('value is not JSON');
  }
}

function comparable(value: unknown, exact: boolean): string | number {
  if (typeof value === 'number') return value;
  return exact ? String(value) : String(value).toLowerCase();
}

function invalid(reason: string) {
  return refuse('invalidFilter', `filter: ${reason}`);
}
