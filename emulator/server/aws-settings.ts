// What can be chosen about the road to AWS: the domain as OIDC provider, IAM's providers and roles, the region.
// Data and its defaults only; must not know keys, ports or requests.

/** An IAM OpenID Connect provider: it trusts one issuer within one account. */
export interface IamProvider {
  account: string;
  /** Compared with the token's `iss`, character by character. */
  url: string;
  clientIds: readonly string[];
}

export type OneOrMore = string | readonly string[];

/** The part of IAM's policy language that trust policies for web identities use; the evaluator rejects the rest. */
export interface TrustStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal: { Federated: OneOrMore };
  Action: OneOrMore;
  /** Operators are StringEquals and StringLike; keys such as `<issuer without scheme>:aud`. */
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
}

export interface AwsSettings {
  /** The app that asks for access tokens; undefined is the app of the exchange. */
  awsClientId: string | undefined;
  awsClientSecret: string | undefined;
  /** Of the app as resource server. */
  primaryAudience: string;
  resourceScopes: readonly string[];
  /** Which spellings of a scope the domain takes: audience and scope concatenated, or the scope alone. */
  scopeForms: 'both' | 'qualified-only' | 'bare-only';
  /** `iss` of access tokens; undefined is the domain's URL, `https://identity.oraclecloud.com/` an unconfigured domain. */
  domainIssuer: string | undefined;
  /** `aud` of access tokens; undefined is the primary audience. */
  accessTokenAudience: OneOrMore | undefined;
  /** How a single audience is written; several are a list anyway. */
  accessTokenAudienceForm: 'string' | 'array';
  accessTokenLifetimeSeconds: number;
  /** Laid over the claims of access tokens; undefined removes one. */
  accessTokenClaims: Readonly<Record<string, unknown>>;
  /** The domain's "Configure client access": may the world read the keys? Off in a new domain. */
  signingCertPublicAccess: boolean;
  awsRegion: string;
  /** One provider per entry, each laid over the default one: [] for none. */
  iamProviders: readonly Partial<IamProvider>[];
  /** One role per entry, each laid over the default one. */
  roles: readonly Partial<AwsRole>[];
  /** Makes every session policy too large once packed: how AWS packs is not published. */
  packedPolicyTooLarge: boolean;
}

export function defaultAwsSettings(): AwsSettings {
  return {
    awsClientId: undefined,
    awsClientSecret: undefined,
    primaryAudience: 'sts.amazon.com',
    resourceScopes: ['/'],
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
  };
}

export function listOf(value: OneOrMore): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
