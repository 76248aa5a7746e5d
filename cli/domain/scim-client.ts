// The SCIM API of an identity domain over a connection.
import { type Api, type ApiOptions, createApi, objectIn } from '../connect/api.ts';
import type { ApiRequest } from '../connect/connection.ts';
import type { ServiceTexts } from '../connect/refusal.ts';
import { CommandError } from '../failure.ts';
import type { AnyObject, ScimObjects } from './objects.ts';
import type { ResourceName, Scim } from './scim.ts';

/** Objects per page. The server's limit is 1,000; a response may have 1 MB. */
const PAGE_SIZE = 200;
const MAX_PAGES = 500;

const NOUNS: Readonly<Record<ResourceName, string>> = {
  Apps: 'app',
  Users: 'user',
  Groups: 'group',
  DynamicResourceGroups: 'dynamic group',
  IdentityPropagationTrusts: 'trust',
  Settings: 'settings',
  Grants: 'grant',
};

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const MESSAGES = 'urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error';

/** @see "Required Role per Endpoint" (Oracle, identity domains) */
const NEEDED_ROLE =
  'Use an account that is Identity Domain Administrator of this domain, or whose group may `manage domains`.';

function serviceTexts(advice: string): ServiceTexts {
  return {
    name: 'the identity domain',
    hostOption: '`--domain-url`',
    // Some domains send 401 in place of 403.
    unauthorizedAdvice: `${advice} If the credentials work elsewhere, the account lacks a role in this domain.`,
    reasonIn(body) {
      const extension = body[MESSAGES] as { messageId?: unknown } | undefined;
      return { code: extension?.messageId, text: body['detail'] };
    },
    explain: ({ response: { status } }) => (status === 403 ? { remedy: NEEDED_ROLE } : undefined),
  };
}

/** @param domain its address; path and `:443` are removed */
export function scimClient(domain: URL, options: Omit<ApiOptions, 'service'>, advice: string): Scim {
  const url = new URL(domain.origin);
  const service = serviceTexts(advice);
  const api = createApi({ ...options, service });
  const at = (path: string, query?: Query) => new URL(`/admin/v1/${path}${queryString(query)}`, url);
  const object = async <T>(request: ApiRequest, what: string) =>
    objectIn(await api.call(request, what), service, what) as T;
  return {
    url,
    list: (resource, query) => listAll(api, service, resource, (page) => at(resource, { ...query, ...page })),
    async get(resource, id, attributes) {
      const what = `Reading the ${NOUNS[resource]}`;
      const request: ApiRequest = { method: 'GET', url: at(pathOf(resource, id), { attributes }) };
      const response = await api.call(request, what, [404]);
      if (response.status === 404) return undefined;
      return identified(writable(objectIn(response, service, what)), what) as ScimObjects[typeof resource];
    },
    async create(resource, body) {
      const what = `Creating the ${NOUNS[resource]}`;
      return identified(await object({ method: 'POST', url: at(resource), body }, what), what);
    },
    async patch(resource, id, operations, etag) {
      const headers = etag === undefined ? {} : { 'if-match': etag };
      const body = { schemas: [PATCH_SCHEMA], Operations: operations };
      const what = `Changing the ${NOUNS[resource]}`;
      const response = await api.call(
        { method: 'PATCH', url: at(pathOf(resource, id)), headers, body },
        what,
      );
      // RFC 7644 section 3.5.2: a server may send no object.
      if (response.status === 204) return { id } as ScimObjects[typeof resource];
      return objectIn(response, service, what) as ScimObjects[typeof resource];
    },
    call: (method, path, body) =>
      object<AnyObject>({ method, url: at(path), body }, `Calling ${path.split('/')[0]}`),
    async delete(resource, id) {
      await api.call(
        { method: 'DELETE', url: at(pathOf(resource, id)) },
        `Deleting the ${NOUNS[resource]}`,
        [404],
      );
    },
  };
}

/**
 * Without `$ref`, at any depth: a domain returns it in a rule of a trust, and refuses it in a change.
 * @see RFC 7643 section 2.4
 */
function writable<T>(value: T): T {
  if (Array.isArray(value)) return value.map(writable) as T;
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([name]) => name !== '$ref');
  return Object.fromEntries(members.map(([name, member]) => [name, writable(member)])) as T;
}

/** Without an id, an object would be lost among others, or the wrong one would be changed. @throws CommandError RESPONSE_MALFORMED */
function identified<T>(value: T, what: string): T {
  const { id } = (value ?? {}) as { id?: unknown };
  if (typeof id === 'string' && id !== '') return value;
  throw new CommandError('RESPONSE_MALFORMED', `${what}: the identity domain sent an object without an id.`);
}

interface Query {
  filter?: string;
  attributes: readonly string[];
  startIndex?: number;
  count?: number;
}

/** Percent-encoded throughout: a `+` for a blank depends on the reader. */
function queryString({ filter, attributes, startIndex, count }: Partial<Query> = {}): string {
  const members = { filter, attributes: attributes?.join(','), startIndex, count };
  const pairs = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

const pathOf = (resource: ResourceName, id: string) => `${resource}/${encodeURIComponent(id)}`;

/** Objects can appear on two pages when others are created in between. @see RFC 7644 section 3.4.2.4 */
async function listAll<Name extends ResourceName>(
  api: Api,
  service: ServiceTexts,
  resource: Name,
  address: (page: { startIndex: number; count: number }) => URL,
): Promise<ScimObjects[Name][]> {
  const what = `Reading the ${NOUNS[resource]} list`;
  const found = new Map<string, ScimObjects[Name]>();
  for (let [page, startIndex] = [0, 1]; page < MAX_PAGES; page += 1) {
    const request: ApiRequest = { method: 'GET', url: address({ startIndex, count: PAGE_SIZE }) };
    const { Resources = [], totalResults } = objectIn(await api.call(request, what), service, what) as {
      Resources?: ScimObjects[Name][];
      totalResults?: number;
    };
    if (!Array.isArray(Resources))
      throw new CommandError(
        'RESPONSE_MALFORMED',
        `${what}: the response of the identity domain is not a list.`,
      );
    for (const one of Resources) found.set(identified(one, what).id, writable(one));
    startIndex += Resources.length;
    const isLast = totalResults !== undefined && startIndex > totalResults;
    if (Resources.length === 0 || isLast) return [...found.values()];
  }
  throw new CommandError('RESPONSE_MALFORMED', `${what}: the list has no end.`);
}
