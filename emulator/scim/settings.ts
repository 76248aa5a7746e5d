// Settings of the SCIM API for tests: `startEmulator({ world: { untouchedDomain: true, scim: { … } } })`, or
// `world.settings.scim.… = …` at any time. Where the behaviour of a domain is unknown, the default is the one that is hardest for clients.
// For a 307, a 429 or a lost response use `emulator.faults.add({ service: 'domain', … })`.
import type { RateLimit } from '../server/settings.ts';
import type { ResourceType } from './attributes.ts';

export interface ScimWrite {
  method: string;
  resource: ResourceType;
  /** Undefined for a creation. */
  id: string | undefined;
}

export interface ScimSettings {
  /** PATCH `add` on the lists of a trust: refused, replaces the list, puts the value first, or appends it. */
  patchAdd: 'refused' | 'replaces' | 'prepends' | 'appends';
  /** The status of a refused `add`. */
  patchAddStatus: 400 | 501;
  /** Whether `add` ignores a value that the list has already, as RFC 7644 says. */
  patchAddIgnoresDuplicates: boolean;
  /** PATCH paths with a filter: refused, only over searchable attributes (`rule` is not one), or over any. */
  patchFilter: 'refused' | 'searchable' | 'any';
  /** How many of the next PATCHes of a trust also remove its first rule. */
  losesRules: number;
  /** Resources whose PATCH returns 200 and changes nothing, as was seen with groups. */
  ignoredPatches: readonly ResourceType[];
  /** Rules of one trust; undefined for no limit. */
  mostRules: number | undefined;
  /** Attributes that no response has, even on request. */
  absentAttributes: readonly string[];
  /** Whether a trust must have `oauthClients`: the page about Kerberos says so, the schema and a page of Crossplane do not. */
  trustNeedsClients: boolean;
  /** Called after authorization, before a write is checked and applied. A test can write here as a second client. */
  beforeWrite: ((write: ScimWrite) => void) | undefined;
  /** The response to `If-Match` with an old version, if it is not ignored. */
  staleVersion: 412 | 409 | 'ignored';
  /** Whether `opc-retry-token` makes a repeated creation return the first response. */
  honoursRetryTokens: boolean;
  /** Whether a client secret is returned after its creation, too. `empty`: the creation returns an empty one. */
  clientSecret: 'once' | 'always' | 'empty';
  /** A client ID that the creation of an application chooses. */
  chosenClientId: 'ignored' | 'refused' | 'accepted';
  /** Whether a new application is inactive although the request says `active`. */
  appsStartInactive: boolean;
  /** `externalId` of a service user. */
  externalIdOfServiceUser: 'ignored' | 'refused' | 'kept';
  /** Applications that Oracle did not make; undefined for the limit of the domain's type. */
  appLimit: number | undefined;
  appLimitStatus: 400 | 409;
  /** Whether two applications may have the same audience, with other scopes: the schema allows it, a report does not. */
  sharedAudiences: boolean;
  /** Whether the discovery document has the issuer of the settings. Otherwise no other cloud can trust the domain. */
  discoveryFollowsIssuer: boolean;
  duplicateIssuerStatus: 400 | 409;
  /** Milliseconds until lists find a new object. Reading it by its id works at once. */
  searchDelayMs: number;
  /** Milliseconds until another object can reference a new one. */
  referenceDelayMs: number;
  /** JWKS URLs that respond, besides those of the emulated GitHub. */
  reachableKeys: readonly string[];
  /** Rate limit of the API group "Others": 20 a second and 150 a minute in a Free domain; undefined for none. */
  rateLimit: RateLimit | undefined;
  /** OCIDs of users who may read everything: whether a policy can give that right is unknown. */
  readers: readonly string[];
  /** Status for a caller without the permission: 403 in the documentation, 401 in reports. */
  forbiddenStatus: 401 | 403;
}

export const DEFAULT_SCIM_SETTINGS: ScimSettings = {
  patchAdd: 'refused',
  patchAddStatus: 400,
  patchAddIgnoresDuplicates: false,
  patchFilter: 'searchable',
  losesRules: 0,
  ignoredPatches: [],
  mostRules: undefined,
  absentAttributes: [],
  trustNeedsClients: false,
  beforeWrite: undefined,
  staleVersion: 412,
  honoursRetryTokens: false,
  clientSecret: 'once',
  chosenClientId: 'ignored',
  appsStartInactive: true,
  externalIdOfServiceUser: 'ignored',
  appLimit: undefined,
  appLimitStatus: 400,
  sharedAudiences: false,
  discoveryFollowsIssuer: true,
  duplicateIssuerStatus: 409,
  searchDelayMs: 0,
  referenceDelayMs: 0,
  reachableKeys: [],
  rateLimit: undefined,
  readers: [],
  forbiddenStatus: 403,
};

/** The numbers of applications that domains of each type allow. */
export const APP_LIMITS: Readonly<Record<string, number>> = {
  free: 2,
  'oracle-apps': 2,
  premium: 5000,
};
