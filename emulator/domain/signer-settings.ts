// Settings of token exchanges that are authenticated by a signature instead of a client secret. Where the behaviour of a domain is
// unknown, the default is the one that is hardest for clients.

export type SignerKind = 'user' | 'resource' | 'instance' | 'workload' | 'api-key';

export interface SignerSettings {
  /** Whose signature an exchange of a JWT accepts. Only instances are documented. */
  exchangeSigners: readonly SignerKind[];
  /** Whose signature an exchange without a subject token accepts, for an access token. */
  accessTokenSigners: readonly SignerKind[];
  /**
   * Matching rules by name of the dynamic group. Undefined for the group `runners` of all instances in the instance's compartment.
   * In a domain of `untouchedDomain`, its own dynamic groups count instead.
   */
  dynamicGroups: Readonly<Record<string, string>> | undefined;
  /** Statements of policies. In a domain of `untouchedDomain`, those of `world.iam` count instead. */
  exchangePolicies: readonly string[];
  /** Whether the permission for a resource session suffices for that of a user: which one it needs is not documented. */
  upstBySignature: boolean;
  /** How the domain denies the permission: unknown. */
  exchangeDenial: { status: 401 | 403; form: 'oauth' | 'scim' };
  /** Whether a trust with `oauthClients` admits signers, too: unknown. */
  trustOfClientsAdmitsSigners: boolean;
  /** Whether a trust without `oauthClients` admits every client of the domain: unknown. */
  trustWithoutClientsAdmitsClients: boolean;
  /** Whether a signature may cover `x-date` instead of `date`: a domain refused that, for a cause that is not confirmed. */
  exchangeAcceptsXDate: boolean;
  /** OCIDs of the users that may have the scope of AWS without a client; what grants it is unknown. */
  accessTokenUsers: 'all' | readonly string[];
  /** What a user's access token has as `sub`: sources disagree. `client-id` is a user with the name of a client. */
  accessTokenSubject: 'userName' | 'id' | 'ocid' | 'absent' | 'client-id';
  /** Whose `sub` the default role requires. `any` accepts every `sub`, a common mistake. */
  roleSubject: 'client' | 'user' | 'any';
  /** Whether the application that is the resource server of AWS is active. */
  awsResourceActive: boolean;
  /** Whether a user's access token ends with the session that signed: unknown. */
  accessTokenEndsWithSession: boolean;
}

export function signerDefaults(): SignerSettings {
  return {
    exchangeSigners: ['instance', 'workload'],
    accessTokenSigners: ['user'],
    dynamicGroups: undefined,
    exchangePolicies: [
      "Allow dynamic-group 'Default'/'runners' to {GET_RPST} in tenancy",
      "Allow any-user to {GET_RPST} in tenancy where request.principal.type = 'workload'",
    ],
    upstBySignature: false,
    exchangeDenial: { status: 401, form: 'oauth' },
    trustOfClientsAdmitsSigners: false,
    trustWithoutClientsAdmitsClients: false,
    exchangeAcceptsXDate: false,
    accessTokenUsers: 'all',
    accessTokenSubject: 'userName',
    roleSubject: 'client',
    awsResourceActive: true,
    accessTokenEndsWithSession: true,
  };
}
