// The result of an audit.

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  /** For example `T01`. */
  rule: string;
  severity: Severity;
  /** The object and its name, for example `trust github-actions, rule 2`. */
  object: string;
  /** Identifies the finding among those of its rule, in this audit and in later ones: ids, not positions. */
  key: string;
  /** What was read, without secrets. */
  evidence: string;
  /** The command that removes the fault, or one instruction. */
  fix: string;
}

/** A rule whose sources could not be read, or only in part. It has not passed. */
export interface NotEvaluated {
  rule: string;
  reason: string;
}

export interface AuditResult {
  findings: readonly Finding[];
  notEvaluated: readonly NotEvaluated[];
  /** The rules about AWS, when no account is given. */
  notRequested: readonly string[];
}
