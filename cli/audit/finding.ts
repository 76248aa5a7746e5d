// The result of an audit.

export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface Finding {
  /** For example `T01`. */
  rule: string;
  severity: Severity;
  /** The object and its name, for example `trust github-actions, rule 2`. */
  object: string;
  /** What was read, without secrets. */
  evidence: string;
  /** The command that mends it, or one instruction. */
  fix: string;
}

/** A rule whose sources could not be read. It has neither passed nor failed. */
export interface NotEvaluated {
  rule: string;
  reason: string;
}

export interface AuditResult {
  findings: readonly Finding[];
  notEvaluated: readonly NotEvaluated[];
}
