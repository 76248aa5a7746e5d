// AWS IAM, as the commands use it, with the credentials of the AWS CLI.

/** Whose credentials these are. */
export interface AwsCaller {
  accountId: string;
  partition: string;
  arn: string;
}

export interface OidcProvider {
  arn: string;
  /** With `https://`. */
  url: string;
  clientIds: string[];
  tags: Readonly<Record<string, string>>;
}

export interface Role {
  arn: string;
  name: string;
  /** Seconds. */
  maxSessionDuration: number;
  trustPolicy: PolicyDocument;
  tags: Readonly<Record<string, string>>;
}

export interface PolicyStatement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action?: string | readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  [element: string]: unknown;
}

export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement | readonly PolicyStatement[];
  [element: string]: unknown;
}

/** Every member throws CommandError. What `create…` makes has the tag `managed-by`. */
export interface AwsIam {
  caller(): Promise<AwsCaller>;
  /** @returns undefined for NoSuchEntity */
  provider(arn: string): Promise<OidcProvider | undefined>;
  /** The ARNs. */
  providers(): Promise<string[]>;
  /** AWS reads the discovery document of the URL. */
  createProvider(url: string, clientIds: readonly string[]): Promise<OidcProvider>;
  /** Does nothing for a client ID that the provider has. */
  addClientId(arn: string, clientId: string): Promise<void>;
  /** @returns undefined for NoSuchEntity */
  role(name: string): Promise<Role | undefined>;
  /** Without tags: AWS lists none. */
  roles(): Promise<Role[]>;
  createRole(name: string, description: string, trustPolicy: PolicyDocument): Promise<Role>;
  /** There is no ETag: the last write wins. */
  updateTrustPolicy(name: string, trustPolicy: PolicyDocument): Promise<void>;
  /** The ARNs of the managed policies. */
  attachedPolicies(name: string): Promise<string[]>;
  /** AWS refuses it while the role has policies. */
  deleteRole(name: string): Promise<void>;
}
