// AWS IAM, as the commands use it, with the credentials of the AWS CLI.

export interface OidcProvider {
  arn: string;
  url: string;
  clientIds: string[];
  tags: Readonly<Record<string, string>>;
}

export interface Role {
  arn: string;
  name: string;
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
}

export interface AwsIam {
  /** @returns undefined for NoSuchEntity */
  provider(arn: string): Promise<OidcProvider | undefined>;
  providers(): Promise<string[]>;
  createProvider(url: string, clientIds: readonly string[]): Promise<OidcProvider>;
  addClientId(arn: string, clientId: string): Promise<void>;
  role(name: string): Promise<Role | undefined>;
  roles(): Promise<Role[]>;
  createRole(name: string, trustPolicy: PolicyDocument): Promise<Role>;
  /** No ETag: the last write wins. */
  updateTrustPolicy(name: string, trustPolicy: PolicyDocument): Promise<void>;
  attachedPolicies(name: string): Promise<string[]>;
  deleteRole(name: string): Promise<void>;
}
