// Applies the rules to what was read.
import { type AuditResult, type Finding, type NotEvaluated, SEVERITIES } from './finding.ts';
import type { Rule } from './rule.ts';
import { isAboutAws, RULES } from './rules/rules.ts';
import type { Snapshot, SourceName, Sources } from './snapshot.ts';

/** Findings by severity, then by rule. A rule whose sources have a gap never counts as passed. */
export function evaluate(
  { sources, context, includesAws }: Snapshot,
  rules: readonly Rule[] = RULES,
): AuditResult {
  const isRequested = (rule: Rule) => includesAws || !isAboutAws(rule);
  const data = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, source.data]),
  ) as unknown as Sources;
  const findings: Finding[] = [];
  const notEvaluated: NotEvaluated[] = [];
  for (const rule of rules.filter(isRequested)) {
    const names: readonly SourceName[] = [...rule.needs, ...(rule.uses ?? [])];
    const gaps = names.flatMap((name) => sources[name].gaps);
    for (const reason of new Set(gaps)) notEvaluated.push({ rule: rule.id, reason });
    const isReadable = rule.needs.every((name) => sources[name].data !== undefined);
    if (!isReadable || (rule.requiresAll === true && gaps.length > 0)) continue;
    for (const found of rule.check(data, context))
      findings.push({ rule: rule.id, severity: rule.severity, ...found });
  }
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return {
    findings: findings.toSorted((one, other) => rank(one) - rank(other)),
    notEvaluated,
    notRequested: rules.filter((rule) => !isRequested(rule)).map(({ id }) => id),
  };
}
