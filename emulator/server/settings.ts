// Everything a test can choose about the world, and the defaults: a job, a domain with one trust, a role that trusts it.
import { randomBytes, randomUUID } from 'node:crypto';
import { type ComputeSettings, computeDefaults } from '../compute/settings.ts';
import { type SignerSettings, signerDefaults } from '../domain/signer-settings.ts';
import { type GithubSettings, githubDefaults } from '../github/settings.ts';
import { type IamSettings, iamDefaults } from '../iam/settings.ts';
import { type OcirSettings, ocirDefaults } from '../ocir/settings.ts';
import { type OkeSettings, okeDefaults } from '../oke/settings.ts';
import { DEFAULT_SCIM_SETTINGS, type ScimSettings } from '../scim/settings.ts';
import { newOcid } from './ocid.ts';

/** `<claim> eq <value>` or `<claim> co <value>`, and the SCIM id of the user that a matching token becomes. */
export interface ImpersonationRule {
  rule: string;
  value: string;
}

/** An identity propagation trust (API page "IdentityPropagationTrusts"), reduced to what a JWT exchange reads. */
export interface Trust {
  issuer: string;
  /** A token verifies only with the keys that are published there. */
  publicKeyEndpoint: string;
  /** Real trusts are created inactive; the default here is true. */
  active: boolean;
  /** Undefined for a trust without a client claim, which checks no audience. */
  clientClaimName: string | undefined;
  clientClaimValues: readonly string[];
  oauthClients: readonly string[];
  /** A trust issues tokens for users or for resources, never for both. */
  subjectType: 'User' | 'Resource';
  allowImpersonation: boolean;
  /** Of a trust for users. */
  impersonationServiceUsers: readonly ImpersonationRule[];
  /** Of a trust for resources: the value that `res_type` must have. */
  impersonatingResource: string;
  /** Of a trust for resources: claims of the job's token and the values that they must have. */
  claimValidations: readonly { name: string; value: string }[];
  /** Of a trust for resources: up to three claims, each written `ext_<claim>`, copied as `var_ext_<claim>`. */
  claimPropagations: readonly string[];
  clockSkewSeconds: number;
}

export interface ServiceUser {
  /** SCIM id, named by rules. */
  id: string;
  /** The `sub` of the UPST. */
  ocid: string;
  serviceUser: boolean;
}

export interface RateLimit {
  perSecond: number;
  perMinute: number;
  /** The form of the `Retry-After` header of a refusal. */
  retryAfter: 'none' | 'seconds' | 'date';
}

/** An IAM OpenID Connect provider: it trusts one issuer within one account. */
export interface IamProvider {
  account: string;
  /** Compared with the token's `iss`, character by character. */
  url: string;
  clientIds: readonly string[];
  tags?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  created?: number;
}

export type OneOrMore = string | readonly string[];

export function listOf(value: OneOrMore): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** The part of IAM's policy language that trust policies for web identities use; the emulator rejects the rest. */
export interface TrustStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  /** Only `Federated` is evaluated. */
  Principal: { Federated?: OneOrMore; [kind: string]: OneOrMore | undefined };
  Action: OneOrMore;
  /** String operators, also with `IfExists`, `ForAllValues:` and `ForAnyValue:`; keys such as `<issuer without scheme>:aud`. */
  Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface TrustPolicy {
  Version?: string;
  Statement: TrustStatement | readonly TrustStatement[];
}

export interface AwsRole {
  arn: string;
  /** Seconds, 3600 to 43200. */
  maxSessionDuration: number;
  trustPolicy: TrustPolicy;
  description?: string;
  tags?: Readonly<Record<string, string>>;
  /** ARNs of managed policies; none by default. */
  attachedPolicies?: readonly string[];
  /** Milliseconds since the epoch. */
  created?: number;
}

interface OciSettings {
  /**
   * A domain as Oracle delivers it, with a SCIM API. Then clients, users, trusts, issuer and the publication of keys come from
   * `world.directory` alone; `clientId`, `serviceUser`, `rules`, `trusts`, `signingCertPublicAccess` … of these settings
   * do not apply. Otherwise they are all that there is, and the domain has no SCIM API.
   */
  untouchedDomain: boolean;
  scim: ScimSettings;
  region: string;
  tenancy: string;
  namespace: string;
  audience: string;
  clientId: string;
  clientSecret: string;
  serviceUser: ServiceUser;
  /** The `userName` of the service user. */
  serviceUserName: string;
  /** Rules of every trust without rules of its own. */
  rules: readonly ImpersonationRule[];
  /** Each entry overrides the default trust: [] for none, two for an ambiguity. */
  trusts: readonly Partial<Trust>[];
  /**
   * Which arrays match a trust's client claim: no array, one with a single value, or any that contains the value. Unknown:
   * tokens of Kubernetes, whose `aud` is an array always, are in use with OCI, and nobody reports several audiences.
   */
  clientClaimArrays: 'none' | 'single' | 'any';
  /** Whether a domain refuses to exchange a token of a job for the second time: unknown. */
  refusesReplays: boolean;
  upstLifetimeSeconds: number;
  /** Whether a UPST expires with the JWT that was exchanged, if that is earlier: sources disagree. */
  upstEndsWithJwt: boolean;
  upstJwkForm: 'string' | 'object';
  /** The lifetime of an RPST when the request names none, and the maximum. */
  rpstLifetimeSeconds: number;
  rpstLongestSeconds: number;
  /** The unit of `rpst_exp`: sources disagree whether it is seconds or minutes. */
  rpstExpUnitSeconds: 1 | 60;
  /** Whether a domain refuses a lifetime above the maximum, instead of shortening it: unknown. */
  rpstRefusesLongLifetimes: boolean;
  /** Overrides claims of RPSTs; undefined removes one. */
  rpstClaims: Readonly<Record<string, unknown>>;
  /** The limit for each group of the domain's API; undefined for none. */
  rateLimit: RateLimit | undefined;
}

export interface AwsSettings {
  /** The client that requests access tokens; undefined for the client of the exchange. */
  awsClientId: string | undefined;
  awsClientSecret: string | undefined;
  /** Of the application as a resource server. */
  primaryAudience: string;
  /** The forms of the scope `/` that the domain accepts: qualified (audience and scope), bare, or both. */
  scopeForms: 'both' | 'qualified-only' | 'bare-only';
  /** `iss` of access tokens; undefined is the domain's URL, `https://identity.oraclecloud.com/` an unconfigured domain. */
  domainIssuer: string | undefined;
  /** `aud` of access tokens; undefined is the primary audience. */
  accessTokenAudience: OneOrMore | undefined;
  /** The form of a single audience; several are always an array. */
  accessTokenAudienceForm: 'string' | 'array';
  accessTokenLifetimeSeconds: number;
  /** Overrides claims of access tokens; undefined removes one. */
  accessTokenClaims: Readonly<Record<string, unknown>>;
  /** The domain's setting "Configure client access": are its signing keys public? A new domain says no. */
  signingCertPublicAccess: boolean;
  awsRegion: string;
  /** Each entry overrides the default provider: [] for none. */
  iamProviders: readonly Partial<IamProvider>[];
  /** Each entry overrides the default role. */
  roles: readonly Partial<AwsRole>[];
  /** Makes every session policy too large once packed: how AWS packs is not published. */
  packedPolicyTooLarge: boolean;
  /** Next writes to AWS IAM that are refused with ConcurrentModification. */
  concurrentModifications: number;
  /** Whether AWS IAM reaches the issuer when a provider is created. */
  awsReachesIssuer: boolean;
  /** Called before an action of AWS IAM that changes something: a second writer. */
  beforeAwsWrite: ((action: string) => void) | undefined;
  /** Actions that AWS IAM denies the administrator, such as `CreateRole`. */
  deniedAwsActions: readonly string[];
}

export interface WorldSettings
  extends GithubSettings,
    OciSettings,
    IamSettings,
    OkeSettings,
    OcirSettings,
    ComputeSettings,
    SignerSettings,
    AwsSettings {
  /**
   * Multiplies every lifetime that the services grant, and AWS's grace period: with 1 / 60, an hour lasts a minute.
   * Limits of what a request may ask for, rate limits and the clock do not change.
   */
  lifetimeScale: number;
  /** Replaces every text that is invented (`npm run emulator -- --contracts`) by random words. */
  scrambleInventedTexts: boolean;
}

export function defaultSettings(): WorldSettings {
  const userId = randomBytes(16).toString('hex');
  return {
    ...githubDefaults(),
    untouchedDomain: false,
    scim: DEFAULT_SCIM_SETTINGS,
    region: 'us-ashburn-1',
    tenancy: newOcid('tenancy'),
    namespace: 'acmenamespace',
    audience: 'https://cloud.oracle.com',
    clientId: randomBytes(16).toString('hex'),
    clientSecret: `idcscs-${randomUUID()}`,
    serviceUser: { id: userId, ocid: newOcid('user'), serviceUser: true },
    serviceUserName: 'github-acme-infra',
    rules: [{ rule: 'sub eq repo:acme/infra:*', value: userId }],
    trusts: [{}],
    clientClaimArrays: 'single',
    refusesReplays: false,
    upstLifetimeSeconds: 3600,
    upstEndsWithJwt: false,
    upstJwkForm: 'string',
    rpstLifetimeSeconds: 1200,
    rpstLongestSeconds: 43_200,
    rpstExpUnitSeconds: 1,
    rpstRefusesLongLifetimes: false,
    rpstClaims: {},
    rateLimit: undefined,
    ...iamDefaults(),
    ...okeDefaults(),
    ...ocirDefaults(),
    ...computeDefaults(),
    ...signerDefaults(),
    awsClientId: undefined,
    awsClientSecret: undefined,
    primaryAudience: 'sts.amazon.com',
    scopeForms: 'both',
    domainIssuer: undefined,
    accessTokenAudience: undefined,
    accessTokenAudienceForm: 'string',
    accessTokenLifetimeSeconds: 3600,
    accessTokenClaims: {},
    signingCertPublicAccess: true,
    awsRegion: 'us-east-1',
    iamProviders: [{}],
    roles: [{}],
    packedPolicyTooLarge: false,
    concurrentModifications: 0,
    awsReachesIssuer: true,
    beforeAwsWrite: undefined,
    deniedAwsActions: [],
    lifetimeScale: 1,
    scrambleInventedTexts: false,
  };
}
