import { defineCommand, optionsBelow } from '../command.ts';
import { SELECTORS } from '../setup/selectors.ts';
import { SEVERITIES } from './finding.ts';

const report = optionsBelow('Report');
const aws = optionsBelow('AWS');

export const AUDIT_OPTIONS = {
  repo: {
    ...SELECTORS.repo,
    help: 'Audit only this repository. Default: all repositories that the rules name',
  },
  environment: { ...SELECTORS.environment, help: 'With --repo: audit this environment, too' },
  'domain-url': SELECTORS['domain-url'],
  'aws-account': aws.text(
    'id',
    'Audit the roles of this account that trust the domain. Without --aws-account or --aws-role, AWS is not audited',
  ),
  'aws-role': aws.text('name', 'Audit only this role'),
  format: report.text('name', 'Form of the report. sarif is for code scanning on GitHub', {
    default: 'text',
    choices: ['text', 'json', 'sarif'],
  }),
  'fail-on': report.text('severity', 'Exit with 2 for findings of this severity or above', {
    default: 'high',
    choices: SEVERITIES,
  }),
  workflow: report.text(
    'path',
    'Workflow to which SARIF attaches the results. Default: the first that uses the action',
  ),
} as const;

export const command = defineCommand({
  name: 'audit',
  summary: 'Find faults in trusts, applications, users, policies, settings and repositories',
  isFor: 'administrators',
  usage: '[options]',
  options: AUDIT_OPTIONS,
  examples: [
    ['Everything in the only domain of the tenancy, with all repositories that it trusts', 'audit'],
    ['One repository, and the AWS account', 'audit --repo acme/infra --aws-account 123456789012'],
    ['For code scanning on GitHub', 'audit --format sarif > audit.sarif'],
  ],
  exitCodes: {
    0: 'No finding at or above --fail-on, and everything was read',
    1: 'Error',
    2: 'Findings at or above --fail-on',
    3: 'Something could not be read, and there is no finding at or above --fail-on',
  },
  async run(context, options) {
    const { audit } = await import('./audit.ts');
    return audit(context, options);
  },
});
