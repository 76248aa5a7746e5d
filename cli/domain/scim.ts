// The SCIM API of an identity domain, as the commands use it: objects keep the names and forms of the wire, without `$ref`.
import type { AnyObject, ScimObjects } from './objects.ts';

export type ResourceName = keyof ScimObjects;

export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

export interface Scim {
  /** Origin of the domain, without `:443`. */
  url: URL;
  /** All pages. `attributes` is always sent: `clientSecret` is returned by default (contract of `Apps`). */
  list<Name extends ResourceName>(
    resource: Name,
    query: { filter?: string; attributes: readonly string[] },
  ): Promise<ScimObjects[Name][]>;
  /** @returns undefined for 404 */
  get<Name extends ResourceName>(
    resource: Name,
    id: string,
    attributes: readonly string[],
  ): Promise<ScimObjects[Name] | undefined>;
  create<Name extends ResourceName>(
    resource: Name,
    body: Readonly<Record<string, unknown>>,
  ): Promise<ScimObjects[Name]>;
  /** @param etag `meta.version`, sent as `If-Match` */
  patch<Name extends ResourceName>(
    resource: Name,
    id: string,
    operations: readonly PatchOperation[],
    etag?: string,
  ): Promise<ScimObjects[Name]>;
  /** Calls a function of the API, which is not a stored object: AppStatusChanger, AppClientSecretRegenerator. */
  call(method: 'POST' | 'PUT', path: string, body: Readonly<Record<string, unknown>>): Promise<AnyObject>;
  delete(resource: ResourceName, id: string): Promise<void>;
}

/** A value in a SCIM filter. @see RFC 7644 section 3.4.2.2 */
export const quoted = (value: string) => JSON.stringify(value);
