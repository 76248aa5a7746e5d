// What a rule of the audit consists of. A rule is pure: it sees what was read, and finds every instance of its fault.
import type { Severity } from './finding.ts';
import type { AuditContext, SourceName, Sources } from './snapshot.ts';

export interface Found {
  object: string;
  key: string;
  evidence: string;
  fix: string;
  /** Only when it differs from that of the rule. */
  severity?: Severity;
}

export interface Rule<Name extends SourceName = SourceName> {
  id: string;
  severity: Severity;
  /** The fault, as a sentence without a full stop. */
  title: string;
  /** What can happen. One or two sentences. */
  why: string;
  /** The rule is evaluated when these were read. Other sources may be undefined. */
  needs: readonly Name[];
  /** Read as far as possible. A gap in them is reported, too. */
  uses?: readonly SourceName[];
  /** For a fault that consists in an absence: what could not be read may be what is missing. */
  requiresAll?: true;
  check(data: Pick<Sources, Name> & Partial<Sources>, context: AuditContext): Found[];
}

/** For the type of `data`. */
export function defineRule<const Name extends SourceName>(rule: Rule<Name>): Rule<Name> {
  return rule;
}
