// The world: the state of the emulated clouds, shared by its services. Settings, keys, buckets, sessions, the clock.
import { createHash, generateKeyPair, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import { type GithubState, newGithubState } from '../github/repositories.ts';
import { type IamState, newIamState } from '../iam/state.ts';
import type { ScimObject } from '../scim/attributes.ts';
import { Directory, fillNewDomain } from '../scim/directory.ts';
import type { ScimSettings } from '../scim/settings.ts';
import type { RoleSession } from '../sts/role-session.ts';
import { issueRequestToken, personalToken } from './first-tokens.ts';
import type { AnyService, PerService } from './message.ts';
import { defaultSettings, type Trust, type WorldSettings } from './settings.ts';

const makeKeyPair = promisify(generateKeyPair);

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The public key as its issuer publishes it. */
  jwk: JWK;
}

/** The public keys of an issuer. */
export interface PublishedKeys {
  readonly keysUrl: string;
  readonly keys: readonly JWK[];
  /** Whether the domain and all other clients can reach the issuer. */
  isPublic: boolean;
}

export interface StoredObject {
  body: Buffer;
  contentType: string;
  etag: string;
  md5: string;
  modified: number;
  metadata: Readonly<Record<string, string>>;
}

export interface Bucket {
  name: string;
  compartmentId: string;
  etag: string;
  created: number;
  /** Set by CreateBucket and UpdateBucket. */
  details?: Record<string, unknown>;
  objects: Map<string, StoredObject>;
}

export interface S3Bucket {
  name: string;
  /** The AWS account that owns it. */
  account: string;
  created: number;
  objects: Map<string, StoredObject>;
}

/** Who sets the domain up. */
export interface Administrator {
  /** SCIM id. */
  id: string;
  ocid: string;
  userName: string;
  /** A personal access token for the domain. */
  bearer: string;
}

export type WorldOverrides = Partial<Omit<WorldSettings, 'scim'>> & { scim?: Partial<ScimSettings> };

export interface World {
  /** Read at every request, so that a test can change them at any time. */
  settings: WorldSettings;
  urls: Readonly<PerService<string>>;
  now(): number;
  githubKey: SigningKey;
  /** Issuers besides GitHub: `startIssuer` adds one. */
  issuers: PublishedKeys[];
  /** The key of OCI's identity data plane, which signs UPSTs and RPSTs. It is not the domain's key. */
  upstKey: SigningKey;
  /** The domain's key, which signs access tokens and which AWS looks up. */
  domainKey: SigningKey;
  /** The key of the Container Registry. Made when it is needed, as that takes time. */
  ocirKey(): Promise<SigningKey>;
  /** The certificate of the authority of all clusters, which no client trusts by itself. */
  clusterCa: string;
  /** The value of ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  requestToken: string;
  /** The objects of the identity domain. It counts with `settings.untouchedDomain`. */
  directory: Directory;
  administrator: Administrator;
  buckets: Map<string, Bucket>;
  s3Buckets: Map<string, S3Bucket>;
  /** Role sessions by access key id. */
  awsSessions: Map<string, RoleSession>;
  /** Public API keys by `<tenancy>/<user>/<fingerprint>`. `startAdministrator` adds one. */
  apiKeys: Map<string, KeyObject>;
  iam: IamState;
  githubRest: GithubState;
  /** ID tokens that were exchanged. */
  exchanged: Set<string>;
  /** Every secret issued or received. */
  secrets: Set<string>;
}

export async function createWorld(
  urls: Readonly<PerService<string>>,
  now: () => number,
  overrides: WorldOverrides = {},
  clusterCa = '',
): Promise<World> {
  const base = defaultSettings();
  const settings: WorldSettings = { ...base, ...overrides, scim: { ...base.scim, ...overrides.scim } };
  // The default rule names the default user: it has to follow when the settings name another one.
  if (!overrides.rules) {
    settings.rules = base.rules.map(({ rule }) => ({ rule, value: settings.serviceUser.id }));
  }
  const [githubKey, upstKey, domainKey] = await Promise.all([
    signingKey(randomBytes(20).toString('hex').toUpperCase()),
    signingKey(`asw_${settings.region}_${randomBytes(4).toString('hex')}`),
    signingKey('SIGNING_KEY'),
  ]);
  const lifetime = scaled(settings.requestTokenLifetimeSeconds, settings);
  const requestToken = await issueRequestToken(now(), lifetime);
  const directory = new Directory(settings, urls.domain, now);
  const { id, userName } = fillNewDomain(directory, settings.administrator);
  const bearer = await personalToken(String(userName), urls.domain, domainKey, now());
  let ocirKey: Promise<SigningKey> | undefined;
  const clientSecrets = [settings.clientSecret, settings.awsClientSecret ?? settings.clientSecret];
  return {
    settings,
    urls,
    now,
    githubKey,
    issuers: [],
    upstKey,
    domainKey,
    ocirKey: () => (ocirKey ??= signingKey('ocir')),
    clusterCa,
    requestToken,
    directory,
    administrator: { id, ocid: settings.administrator, userName: String(userName), bearer },
    buckets: new Map(),
    s3Buckets: new Map(),
    awsSessions: new Map(),
    apiKeys: new Map(),
    iam: newIamState(),
    githubRest: newGithubState(),
    exchanged: new Set(),
    secrets: new Set([requestToken, ...(settings.untouchedDomain ? [bearer] : []), ...clientSecrets]),
  };
}

export async function signingKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, publicKey, jwk: { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' } };
}

/** A lifetime after `lifetimeScale`, in whole seconds as in tokens. */
export function scaled(seconds: number, { lifetimeScale }: WorldSettings): number {
  return Math.round(seconds * lifetimeScale);
}

export function domainIssuer({ settings, directory, urls }: World): string {
  if (!settings.untouchedDomain) return settings.domainIssuer ?? urls.domain;
  return String(directory.get('Settings', 'Settings')?.['issuer']);
}

/** Whether anybody may read the domain's public keys. */
export function publishesKeys({ settings, directory }: World): boolean {
  if (!settings.untouchedDomain) return settings.signingCertPublicAccess;
  return directory.get('Settings', 'Settings')?.['signingCertPublicAccess'] === true;
}

/** Real domains publish their endpoints with `:443`, though their issuer has no port. */
export function withPort(origin: string): string {
  return new URL(origin).port === '' ? `${origin}:443` : origin;
}

/** The client whose access tokens AWS accepts. */
export function awsClientId({ settings }: World): string {
  return settings.awsClientId ?? settings.clientId;
}

/** The domain's trusts. Those of the settings are completed with defaults that accept the default job. */
export function trustsOf(world: World): Trust[] {
  if (world.settings.untouchedDomain) return world.directory.all('IdentityPropagationTrusts').map(trustOf);
  const { audience, clientId, rules, trusts } = world.settings;
  return trusts.map((trust) => ({
    issuer: world.urls.github,
    publicKeyEndpoint: githubKeysUrl(world),
    active: true,
    clientClaimName: 'aud',
    clientClaimValues: [audience],
    oauthClients: [clientId],
    subjectType: 'User',
    allowImpersonation: true,
    impersonationServiceUsers: rules,
    impersonatingResource: '',
    claimValidations: [],
    claimPropagations: [],
    clockSkewSeconds: 0,
    ...trust,
  }));
}

/** Attributes that a trust does not have. */
const EMPTY_TRUST = {
  issuer: '',
  publicKeyEndpoint: '',
  active: false,
  clientClaimName: undefined,
  clientClaimValues: [],
  oauthClients: [],
  subjectType: 'User',
  allowImpersonation: false,
  impersonationServiceUsers: [],
  impersonatingResource: '',
  claimValidations: [],
  claimPropagations: [],
  clockSkewSeconds: 0,
} as const satisfies Trust;

function trustOf(object: ScimObject): Trust {
  return { ...EMPTY_TRUST, ...object };
}

/** Where GitHub's keys are published. */
export function githubKeysUrl({ urls, settings }: World): string {
  return `${urls.github}${settings.githubKeysPath}`;
}

/** The keys that the domain finds at the `publicKeyEndpoint` of a trust. */
export function keysAt(endpoint: string, world: World): readonly JWK[] {
  if (endpoint === githubKeysUrl(world)) return [world.githubKey.jwk];
  return world.issuers.find(({ keysUrl, isPublic }) => isPublic && keysUrl === endpoint)?.keys ?? [];
}

/** GitHub: 32 hexadecimal digits; OCI: three times 32, as in opc-request-id; STS: a UUID; S3: 16 digits. Others as STS, or as OCI. */
export function newRequestId(service: AnyService): string {
  const part = () => randomBytes(16).toString('hex').toUpperCase();
  switch (service) {
    case 'github':
    case 'github-api':
      return part();
    case 'sts':
    case 'aws-iam':
    case 'cluster':
    case 'ci':
      return randomUUID();
    case 's3':
      return part().slice(16);
    default:
      return `${part()}/${part()}/${part()}`;
  }
}

export function newEtag(): string {
  return randomUUID();
}

/** SHA-1 of the key, base64url. The header x5t has this of a certificate (RFC 7515 section 4.1.7). */
export function thumbprint(key: SigningKey): string {
  const der = key.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(der).digest('base64url');
}
