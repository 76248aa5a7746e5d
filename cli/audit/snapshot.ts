// What an audit has read, source by source. The rules see nothing else.
import type { OidcProvider, Role } from '../aws/aws.ts';
import type {
  App,
  DomainSettings,
  DynamicGroup,
  Grant,
  Group,
  IdentityPropagationTrust,
  User,
} from '../domain/objects.ts';
import type { Environment, Repository, SecretInfo, SubjectCustomization } from '../github/github.ts';
import type { IdentityDomain, Policy } from '../iam/iam.ts';
import type { TrustRuleEntry } from './trust-rules.ts';

export interface Source<Data> {
  /** Undefined when nothing could be read. */
  data?: Data;
  /** Why something is missing: a sentence for each thing. Empty when the data is complete. */
  gaps: readonly string[];
}

/** By the name that a rule uses: `owner/name`. */
type ByRepository<State> = ReadonlyMap<string, State>;

/** A repository as GitHub knows it; `gone` when nobody has the name of its owner any more. */
export type RepositoryState = Repository | 'gone';

/** `missing`: GitHub has no environment of this name. */
export type EnvironmentState = Environment | { name: string; missing: true };

export interface SecretState extends SecretInfo {
  repository: string;
  level: 'environment' | 'repository' | 'organization';
  environment?: string;
}

/** What each source consists of. */
export interface Sources {
  trusts: readonly IdentityPropagationTrust[];
  /** The impersonation rules of all trusts. */
  rules: readonly TrustRuleEntry[];
  /** All applications. */
  apps: readonly App[];
  /** All service users, and the users that rules name. */
  users: readonly User[];
  /** The groups of these users, and those of administrators. */
  groups: readonly Group[];
  /** All dynamic groups of the domain. */
  dynamicGroups: readonly DynamicGroup[];
  /** Of the applications and users above that have an administrator's role. */
  grants: readonly Grant[];
  settings: DomainSettings;
  domain: IdentityDomain;
  /** Of every compartment. */
  policies: readonly Policy[];
  repositories: ByRepository<RepositoryState>;
  subjects: ByRepository<SubjectCustomization>;
  /** Environments that rules name. */
  environments: ByRepository<readonly EnvironmentState[]>;
  secrets: readonly SecretState[];
  /** `issuer` of the domain's discovery document. */
  discovery: string;
  /** The OIDC providers for the domain. */
  providers: readonly OidcProvider[];
  /** The roles that trust one of these providers. */
  roles: readonly Role[];
  /** ARNs of the policies attached to these roles, by the name of the role. */
  attachments: ReadonlyMap<string, readonly string[]>;
}

export type SourceName = keyof Sources;

/** What the commands of a fix, and the age of a secret, depend on. */
export interface AuditContext {
  /** Milliseconds since the epoch. */
  now: number;
  /** Origin of the domain. */
  domainUrl: string;
  /** The host whose REST API is read: `github.com`, or that of GitHub Enterprise. */
  githubHost: string;
  /** Options of the OCI CLI that select the credentials of this run, for example `--profile ADMIN`. */
  ociOptions: string;
  /** Options of `oci-wif` that select domain and credentials. */
  selectors: string;
}

export interface Snapshot {
  context: AuditContext;
  sources: { readonly [Name in SourceName]: Source<Sources[Name]> };
  /** Whether an AWS account was given. */
  includesAws: boolean;
}
