import { defineCommand, optionsBelow } from '../command.ts';
import { SELECTORS } from '../setup/selectors.ts';
import { SEVERITIES } from './finding.ts';

const report = optionsBelow('Report');
const aws = optionsBelow('AWS');

export const AUDIT_OPTIONS = {
  repo: {
    ...SELECTORS.repo,
    help: 'Only this repository. Default: all that the rules name',
  },
  environment: { ...SELECTORS.environment, help: 'With --repo: this environment, too' },
  'domain-url': SELECTORS['domain-url'],
  'aws-account': aws.text('id', 'Also audit the roles of this account'),
  'aws-role': aws.text('name', 'Only this role'),
  format: report.text('name', 'Form of the report', {
    default: 'text',
    choices: ['text', 'json', 'sarif'],
  }),
  'fail-on': report.text('severity', 'Lowest severity that makes the exit code 2', {
    default: 'high',
    choices: SEVERITIES,
  }),
  workflow: report.text('path', 'Workflow for the results in SARIF'),
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
    0: 'No finding at or above --fail-on',
    1: 'Error',
    2: 'Findings at or above --fail-on',
    3: 'As 0, but something could not be read',
  },
  async run(context, options) {
    const { audit } = await import('./audit.ts');
    return audit(context, options);
  },
});
