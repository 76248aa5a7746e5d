// What can be chosen about a world: job, trust, service user, tenancy, lifetimes. Data and its defaults only;
// must not know keys, ports or requests.
import { randomBytes, randomUUID } from 'node:crypto';
import { type AwsSettings, defaultAwsSettings } from './aws-settings.ts';

/** `<claim> eq <value>` or `<claim> co <value>`, leading to the user with that SCIM id. */
export interface ImpersonationRule {
  rule: string;
  value: string;
}

/** A claim of the job's token and the value that it must have. */
interface ClaimValidation {
  name: string;
  value: string;
}

/** An identity propagation trust (API page "IdentityPropagationTrusts"), reduced to what a JWT exchange reads. */
export interface Trust {
  issuer: string;
  /** Real trusts are inactive until switched on; here the default is true. */
  active: boolean;
  clientClaimName: string;
  clientClaimValues: readonly string[];
  oauthClients: readonly string[];
  /** Whether its tokens become users or resources; no trust serves both. */
  subjectType: 'User' | 'Resource';
  allowImpersonation: boolean;
  /** Of a trust for users. */
  impersonationServiceUsers: readonly ImpersonationRule[];
  /** Of a trust for resources: what `res_type` must be. */
  impersonatingResource: string;
  /** Likewise: all of them must hold. */
  claimValidations: readonly ClaimValidation[];
  /** Likewise: up to three claims, each written `ext_<claim>`, that its tokens take over as `var_ext_<claim>`. */
  claimPropagations: readonly string[];
  clockSkewSeconds: number;
}

export interface ServiceUser {
  /** SCIM id, which rules point to. */
  id: string;
  /** What the UPST names as `sub`. */
  ocid: string;
  serviceUser: boolean;
}

export interface RateLimit {
  perSecond: number;
  perMinute: number;
  /** Whether a refusal says when there is room again, and in which of the header's two forms. */
  retryAfter: 'none' | 'seconds' | 'date';
}

export interface WorldSettings extends AwsSettings {
  region: string;
  tenancy: string;
  namespace: string;
  audience: string;
  clientId: string;
  clientSecret: string;
  serviceUser: ServiceUser;
  /** Rules of every trust that does not bring its own. */
  rules: readonly ImpersonationRule[];
  /** One trust per entry, each laid over the default one: [] for none, two for an ambiguity. */
  trusts: readonly Partial<Trust>[];
  upstLifetimeSeconds: number;
  upstJwkForm: 'string' | 'object';
  /** The life of an RPST whose request names none, and the longest that is granted. */
  rpstLifetimeSeconds: number;
  rpstLongestSeconds: number;
  /** In what `rpst_exp` is counted: sources disagree whether in seconds or in minutes. */
  rpstExpUnitSeconds: 1 | 60;
  requestTokenLifetimeSeconds: number;
  githubJwtLifetimeSeconds: number;
  /**
   * Multiplies every lifetime that this world grants, and AWS's grace after it: with 1 / 60 an hour's token lives a minute.
   * What a request may ask for, what is counted by the minute and the clock itself stay as they are.
   */
  lifetimeScale: number;
  /** Laid over the job's claims, before `sub` is computed from them; a value of '' removes the claim. */
  githubClaims: Readonly<Record<string, string>>;
  /** A customised `sub`, instead of the computed one. */
  githubSubject: string | undefined;
  /** An issuer other than the emulator's own address, as an enterprise slug would give. */
  githubIssuer: string | undefined;
  /** `repo:acme@1001/infra@2002:…`, GitHub's form for repositories created since July 2026. */
  immutableSubject: boolean;
  /** What the domain allows to each group of its API; undefined for no limit. */
  rateLimit: RateLimit | undefined;
}

export function defaultSettings(): WorldSettings {
  const userId = randomBytes(16).toString('hex');
  return {
    region: 'us-ashburn-1',
    tenancy: `ocid1.tenancy.oc1..${ocidTail()}`,
    namespace: 'acmenamespace',
    audience: 'https://cloud.oracle.com',
    clientId: randomBytes(16).toString('hex'),
    clientSecret: `idcscs-${randomUUID()}`,
    serviceUser: { id: userId, ocid: `ocid1.user.oc1..${ocidTail()}`, serviceUser: true },
    rules: [{ rule: 'sub eq repo:acme/infra:*', value: userId }],
    trusts: [{}],
    upstLifetimeSeconds: 3600,
    upstJwkForm: 'string',
    rpstLifetimeSeconds: 1200,
    rpstLongestSeconds: 43_200,
    rpstExpUnitSeconds: 1,
    // Six hours of job and ten minutes of grace, as seen on hosted runners.
    requestTokenLifetimeSeconds: 22_200,
    githubJwtLifetimeSeconds: 300,
    lifetimeScale: 1,
    githubClaims: {},
    githubSubject: undefined,
    githubIssuer: undefined,
    immutableSubject: false,
    rateLimit: undefined,
    ...defaultAwsSettings(),
  };
}

/** OCIDs end in 60 characters of lower-case base32 that open with `aaaa`. */
function ocidTail(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return `aaaa${Array.from(randomBytes(56), (byte) => alphabet.charAt(byte % 32)).join('')}`;
}
