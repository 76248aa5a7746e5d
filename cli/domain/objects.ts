// The SCIM objects of an identity domain, reduced to what the commands read. A list that was requested and is absent is unknown,
// not empty: domains return some attributes only on request.

export interface Meta {
  /** The ETag. */
  version?: string;
}

export interface AnyObject {
  id: string;
  ocid?: string;
  meta?: Meta;
  domainOcid?: string;
  [attribute: string]: unknown;
}

export interface App extends AnyObject {
  /** The client ID. */
  name?: string;
  displayName?: string;
  description?: string;
  active?: boolean;
  isOAuthClient?: boolean;
  clientType?: string;
  allowedGrants?: string[];
  trustScope?: string;
  isOAuthResource?: boolean;
  audience?: string;
  scopes?: { value: string; fqs?: string; description?: string }[];
  allowedScopes?: { fqs: string }[];
  grantedAppRoles?: { display?: string; value?: string; appId?: string; adminRole?: boolean }[];
  basedOnTemplate?: { value: string };
  /** Made by Oracle: does not count against the limit. */
  isOPCService?: boolean;
  /** Only in the response to a creation or regeneration; wrapped in a `Secret` at once. */
  clientSecret?: string;
  tags?: { key: string; value: string }[];
}

export const USER_EXTENSION = 'urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User';
export const CREDENTIALS_EXTENSION =
  'urn:ietf:params:scim:schemas:oracle:idcs:extension:userCredentials:User';

export interface User extends AnyObject {
  userName?: string;
  active?: boolean;
  externalId?: string;
  tags?: { key: string; value: string }[];
  groups?: { value: string; display?: string }[];
  [USER_EXTENSION]?: {
    serviceUser?: boolean;
    appRoles?: { value?: string; display?: string; adminRole?: boolean; appName?: string }[];
  };
  [CREDENTIALS_EXTENSION]?: Readonly<Record<string, readonly { value: string }[] | undefined>>;
}

export interface Group extends AnyObject {
  displayName?: string;
  externalId?: string;
  members?: { value: string; type?: string; name?: string }[];
}

export interface DynamicGroup extends AnyObject {
  displayName?: string;
  description?: string;
  matchingRule?: string;
  tags?: { key: string; value: string }[];
}

export interface IdentityPropagationTrust extends AnyObject {
  name?: string;
  type?: string;
  active?: boolean;
  issuer?: string;
  publicKeyEndpoint?: string;
  publicCertificate?: string;
  description?: string;
  subjectType?: 'User' | 'Resource';
  subjectClaimName?: string;
  subjectMappingAttribute?: string;
  clientClaimName?: string;
  clientClaimValues?: string[];
  oauthClients?: string[];
  allowImpersonation?: boolean;
  impersonatingResource?: string;
  impersonationServiceUsers?: { rule: string; value: string; ocid?: string }[];
  claimPropagations?: string[];
  claimValidations?: { name: string; value: string }[];
  clockSkewSeconds?: number;
}

export interface DomainSettings extends AnyObject {
  issuer?: string;
  prevIssuer?: string;
  accountAlwaysTrustScope?: boolean;
  signingCertPublicAccess?: boolean;
}

export interface Grant extends AnyObject {
  grantee?: { value: string; type: string };
  app?: { value: string; display?: string };
  entitlement?: { attributeName: string; attributeValue: string };
}

export interface ScimObjects {
  Apps: App;
  Users: User;
  Groups: Group;
  DynamicResourceGroups: DynamicGroup;
  IdentityPropagationTrusts: IdentityPropagationTrust;
  Settings: DomainSettings;
  Grants: Grant;
}
