// What a rule of the audit consists of. A rule is a pure function of the data that was read. It reports every object with its fault.
import type { Severity } from './finding.ts';
import type { AuditContext, SourceName, Sources } from './snapshot.ts';

export interface Found {
  object: string;
  key: string;
  evidence: string;
  fix: string;
  /** Default: the severity of the rule. */
  severity?: Severity;
}

export interface Rule<Name extends SourceName = SourceName> {
  id: string;
  severity: Severity;
  /** The fault, as a sentence without a full stop. */
  title: string;
  /** What can happen. One or two sentences. */
  why: string;
  /** The sources without which the rule is not evaluated. */
  needs: readonly Name[];
  /** Sources that the rule uses if they were read. If they were not, the report says so. */
  uses?: readonly SourceName[];
  /** Set if the fault is a missing object: an object that could not be read must not count as missing. */
  requiresAll?: true;
  check(data: Pick<Sources, Name> & Partial<Sources>, context: AuditContext): Found[];
}

/** For the type of `data`. */
export function defineRule<const Name extends SourceName>(rule: Rule<Name>): Rule<Name> {
  return rule;
}
