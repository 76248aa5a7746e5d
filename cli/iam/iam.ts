// OCI IAM, as the commands use it.

export interface IdentityDomain {
  id: string;
  compartmentId: string;
  /** The name in policy statements. */
  displayName: string;
  url: string;
  homeRegion: string;
  /** For example `free`, `oracle-apps`, `premium`. */
  licenseType: string;
}

export interface Compartment {
  id: string;
  name: string;
  compartmentId: string;
}

export interface Policy {
  id: string;
  compartmentId: string;
  name: string;
  description: string;
  statements: string[];
  lifecycleState: string;
  freeformTags: Readonly<Record<string, string>>;
  etag: string | undefined;
}

export interface Iam {
  tenancy: string;
  /** Where IAM accepts changes. */
  homeRegion(): Promise<string>;
  domain(ocid: string): Promise<IdentityDomain>;
  /** Those of one compartment; the tenancy is the root compartment. */
  domains(compartmentId: string): Promise<IdentityDomain[]>;
  /** The tenancy itself and all compartments below it. */
  compartments(): Promise<Compartment[]>;
  policies(compartmentId: string): Promise<Policy[]>;
  policy(ocid: string): Promise<Policy | undefined>;
  /** In the home region. Waits until the policy is active. */
  createPolicy(
    details: Pick<Policy, 'compartmentId' | 'name' | 'description' | 'statements' | 'freeformTags'>,
  ): Promise<Policy>;
  /** Replaces all statements. @param etag sent as `if-match` */
  updatePolicy(ocid: string, statements: readonly string[], etag: string | undefined): Promise<Policy>;
  deletePolicy(ocid: string, etag: string | undefined): Promise<void>;
}
