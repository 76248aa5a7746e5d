// The report as SARIF 2.1.0, for code scanning on GitHub. @see SARIF support for code scanning (GitHub documentation)
import { createHash } from 'node:crypto';
import type { AuditResult, Finding, NotEvaluated, Severity } from './finding.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules/rules.ts';

export interface SarifOptions {
  version: string;
  /** Where results are shown: the workflow that logs in, relative to the repository, and the line of its step. */
  workflow: { path: string; line: number };
}

/** GitHub shows `security-severity` as critical from 9.0, high from 7.0, medium from 4.0, else low. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};
const LEVELS: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

const HELP = 'https://github.com/org/oci-wif-action/blob/main/docs/audit.md';

/**
 * GitHub closes an alert that an upload no longer contains. So a rule that was not evaluated is a result of its own: an
 * alert that stays open until the rule can be read.
 */
const NOT_EVALUATED = 'not-evaluated';

export function reportSarif({ findings, notEvaluated }: AuditResult, options: SarifOptions) {
  const { version, workflow } = options;
  const fingerprint = fingerprinter();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'oci-wif',
            semanticVersion: version,
            informationUri: HELP,
            rules: [...RULES.map(descriptorOf), notEvaluatedDescriptor()],
          },
        },
        automationDetails: { id: 'oci-wif-audit/' },
        results: [
          ...findings.map((one) => ({
            ...resultOf(one, workflow),
            partialFingerprints: fingerprint(one.rule, one.key),
          })),
          ...notEvaluated.map((one) => ({
            ...notEvaluatedResult(one, workflow),
            partialFingerprints: fingerprint(NOT_EVALUATED, one.rule),
          })),
        ],
      },
    ],
  };
}

function descriptorOf({ id, severity, title, why }: Rule) {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${title}. ${why}`, markdown: `**${title}.** ${why}` },
    helpUri: HELP,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { 'security-severity': SCORES[severity], tags: ['security'] },
  };
}

function notEvaluatedDescriptor() {
  const text =
    'A rule could not be evaluated, so it has neither passed nor failed. The message says what was not readable.';
  return {
    id: NOT_EVALUATED,
    name: NOT_EVALUATED,
    shortDescription: { text: 'A rule could not be evaluated' },
    fullDescription: { text },
    help: { text },
    helpUri: HELP,
    defaultConfiguration: { level: 'note' },
  };
}

function resultOf({ rule, severity, object, evidence, fix }: Finding, workflow: SarifOptions['workflow']) {
  const title = RULES.find(({ id }) => id === rule)?.title ?? rule;
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: `${withoutLinks(`${title}: ${object}: ${evidence}`)}.\n\nTo fix it:\n${fix}` },
    locations: [locationOf(workflow)],
    properties: { severity, object, evidence, fix },
  };
}

function notEvaluatedResult({ rule, reason }: NotEvaluated, workflow: SarifOptions['workflow']) {
  return {
    ruleId: NOT_EVALUATED,
    level: 'note',
    message: { text: `${rule} was not evaluated, or only in part: ${reason}` },
    locations: [locationOf(workflow)],
    properties: { rule, reason },
  };
}

/** Text in brackets before parentheses would be a link. @see SARIF 2.1.0 section 3.11.6 */
const withoutLinks = (text: string) => text.replaceAll('](', '] (');

/** Without a location GitHub refuses the file. The path is encoded, as it is a URI reference. */
function locationOf({ path, line }: SarifOptions['workflow']) {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri },
      region: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
    },
  };
}

/**
 * GitHub recognises an alert by this name alone, and would compute the same value for all results of a rule. Two rules of a
 * trust can be equal: the number tells them apart.
 */
function fingerprinter() {
  const counts = new Map<string, number>();
  return (rule: string, key: string) => {
    const digest = createHash('sha256').update(`${rule}\n${key}`).digest('hex').slice(0, 32);
    const count = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, count);
    return { primaryLocationLineHash: `${digest}:${count}` };
  };
}
