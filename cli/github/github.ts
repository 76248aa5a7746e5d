// The REST API of GitHub for one repository, as the commands use it.
import type { Secret } from '../../src/secret.ts';

export interface Repository {
  id: number;
  /** As GitHub spells it, after renames. */
  fullName: string;
  ownerId: number;
  defaultBranch: string;
}

/** @see REST API endpoints for GitHub Actions OIDC */
export interface SubjectCustomization {
  useDefault: boolean;
  includeClaimKeys: string[];
  useImmutableSubject: boolean | undefined;
  /** `repo:O/R` or `repo:O@1/R@2`; outranks `useImmutableSubject`. */
  subClaimPrefix: string | undefined;
}

export interface Environment {
  name: string;
  /** Null: any branch may deploy. */
  branchPolicy: { protectedBranches: boolean; customBranches: boolean } | null;
  /** Patterns of those that may deploy, if the policy lists them. */
  branches: string[] | undefined;
  hasReviewers: boolean;
}

export interface SecretInfo {
  name: string;
  updatedAt: string;
}

export interface GitHub {
  repository(): Promise<Repository>;
  /** Whether an account has the name of the repository's owner. Unlike a repository, no account is hidden. */
  ownerExists(): Promise<boolean>;
  subjectCustomization(): Promise<SubjectCustomization>;
  useImmutableSubject(): Promise<void>;
  /** @returns undefined for 404 */
  environment(name: string): Promise<Environment | undefined>;
  /** Only for an environment that does not exist: a PUT may reset protection rules. */
  createEnvironment(name: string, branch: string | undefined): Promise<void>;
  /** Lets a branch deploy, if the policy lists branches. */
  allowBranch(environment: string, branch: string): Promise<void>;
  /** `environment` undefined: of the repository. */
  secrets(environment: string | undefined): Promise<SecretInfo[]>;
  organizationSecrets(): Promise<SecretInfo[]>;
  /** Through `gh secret set` on standard input. */
  setSecret(environment: string | undefined, name: string, value: Secret): Promise<void>;
  deleteSecret(environment: string | undefined, name: string): Promise<void>;
  variables(environment: string | undefined): Promise<Readonly<Record<string, string>>>;
  setVariable(environment: string | undefined, name: string, value: string): Promise<void>;
  deleteVariable(environment: string | undefined, name: string): Promise<void>;
}
