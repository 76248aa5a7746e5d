// What the commands read of objects, so that a change or a Terraform file states all that others have set. Never the secret.
import { USER_EXTENSION } from './objects.ts';

const list = (names: string) => names.split(' ');

export const APP_ATTRIBUTES = list(
  'name displayName description active isOAuthClient clientType allowedGrants trustScope isOAuthResource audience ' +
    'scopes allowedScopes grantedAppRoles isOPCService tags meta',
);

export const USER_ATTRIBUTES = list(
  `userName displayName name active externalId tags ocid ${USER_EXTENSION}:serviceUser meta`,
);

/** `members` are returned on request only, and can be thousands. */
export const GROUP_ATTRIBUTES = list('displayName externalId members ocid meta');

/** `matchingRule` is returned on request only. */
export const DYNAMIC_GROUP_ATTRIBUTES = list('displayName description matchingRule tags ocid meta');

/** A list of trusts does not return every attribute: read each by its id. */
export const TRUST_ATTRIBUTES = list(
  'name description active type issuer publicKeyEndpoint publicCertificate subjectType subjectClaimName ' +
    'subjectMappingAttribute allowImpersonation clientClaimName clientClaimValues oauthClients ' +
    'impersonationServiceUsers impersonatingResource claimValidations claimPropagations clockSkewSeconds domainOcid meta',
);

/** `prevIssuer` is returned on request only. */
export const SETTINGS_ATTRIBUTES = list(
  'issuer prevIssuer signingCertPublicAccess accountAlwaysTrustScope csrAccess domainOcid meta',
);
