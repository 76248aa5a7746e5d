// What exists before the set-up, as it was read.
import type {
  App,
  DomainSettings,
  DynamicGroup,
  Group,
  IdentityPropagationTrust,
  User,
} from '../domain/objects.ts';
import type { Environment, Repository, SecretInfo, SubjectCustomization } from '../github/github.ts';
import type { IdentityDomain, Policy } from '../iam/iam.ts';

export interface Snapshot {
  /** Origin of the identity domain, without `:443`. */
  domainUrl: string;
  /** Region of the administrator's profile. */
  profileRegion: string | undefined;
  settings: DomainSettings;
  /** Undefined without access to IAM. */
  domain: IdentityDomain | undefined;
  repository: Repository;
  customization: SubjectCustomization;
  /** Undefined when it does not exist, and with `--branch`. */
  environment: Environment | undefined;
  /** Undefined: the environment does not exist yet. */
  secrets: readonly SecretInfo[] | undefined;
  variables: Readonly<Record<string, string>>;
  app: App | undefined;
  /** Names of the applications that count against the limit. */
  ownApps: readonly string[];
  /** Of the runners; undefined with a client secret, too. */
  dynamicGroup: DynamicGroup | undefined;
  user: User | undefined;
  group: Group | undefined;
  /** Of the compartment; undefined without `--allow` or without access to IAM. */
  policies: readonly Policy[] | undefined;
  trust: IdentityPropagationTrust | undefined;
}
