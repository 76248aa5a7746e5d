// What the administrator wants: the options of `setup`, checked and completed with names.

export interface Selection {
  /** `owner/name`, as given. */
  repository: string;
  /** Either an environment or a branch decides the subject. */
  environment: string | undefined;
  branch: string | undefined;
  /** Undefined: that of the trust that exists, else the URL of the domain. */
  audience: string | undefined;
  /** Replaces the subject that GitHub reports. */
  subject: string | undefined;
  /** Issuer of the ID tokens. */
  issuer: string;
  names: { app: string; user: string; group: string; policy: string };
  compartment: string | undefined;
  /** For example `read buckets`. */
  allow: readonly string[];
  /** For the variable `OCI_REGION`. */
  region: string | undefined;
  activate: boolean;
  rotateSecret: boolean;
  immutableSubject: boolean;
  changeDomainSettings: boolean;
}
