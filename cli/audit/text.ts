// The report for people: findings by severity, each with what, where, why, and the command that fixes it.
import { groupBy } from '../group.ts';
import { plain, type Style } from '../terminal.ts';
import { type AuditResult, type Finding, type NotEvaluated, SEVERITIES, type Severity } from './finding.ts';
import { RULES } from './rules/rules.ts';

type Styled = (style: Style, text: string) => string;

const COLORS: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
};

export function reportText(result: AuditResult, styled: Styled): string {
  const { findings, notEvaluated, notRequested } = result;
  const sections = SEVERITIES.flatMap((severity) => {
    const some = findings.filter((one) => one.severity === severity);
    if (some.length === 0) return [];
    const heading = styled(COLORS[severity], styled('bold', `${severity} (${some.length})`));
    return [[heading, ...some.map((one) => findingText(one, styled))].join('\n\n')];
  });
  return [
    ...sections,
    ...(notEvaluated.length === 0 ? [] : [notEvaluatedText(notEvaluated, styled)]),
    ...(notRequested.length === 0
      ? []
      : [`AWS was not audited (${notRequested.join(', ')}). Name the account with --aws-account.`]),
    summaryOf(result),
  ].join('\n\n');
}

function findingText({ rule: id, object, evidence, fix }: Finding, styled: Styled): string {
  const { title = '', why = '' } = RULES.find((one) => one.id === id) ?? {};
  const line = (name: string, text: string) => `  ${styled('dim', name.padEnd(7))}${plain(text)}`;
  return [
    `${styled('bold', id)}  ${title}`,
    line('where', object),
    line('found', evidence),
    line('why', why),
    ...fix.split('\n').map((text, at) => line(at === 0 ? 'fix' : '', text)),
  ].join('\n');
}

/** One line for all rules with the same reason. */
function notEvaluatedText(all: readonly NotEvaluated[], styled: Styled): string {
  const byReason = groupBy(all, ({ reason }) => reason);
  const lines = [...byReason].map(([reason, some]) => {
    return `  ${some.map(({ rule }) => rule).join(', ')}\n    ${plain(reason)}`;
  });
  return [styled('bold', 'not evaluated, or only in part'), ...lines].join('\n');
}

function summaryOf({ findings, notEvaluated, notRequested }: AuditResult): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const open = new Set(notEvaluated.map(({ rule }) => rule));
  const withFindings = new Set(findings.map(({ rule }) => rule));
  const passed = RULES.filter(
    ({ id }) => !open.has(id) && !withFindings.has(id) && !notRequested.includes(id),
  ).length;
  const found = counts.length === 0 ? 'No findings' : `Findings: ${counts.join(', ')}`;
  const rest = [
    open.size === 0 ? '' : `, ${open.size} not evaluated or only in part`,
    notRequested.length === 0 ? '' : `, ${notRequested.length} not requested`,
  ].join('');
  return `${found}. Rules: ${passed} of ${RULES.length} passed${rest}.`;
}
