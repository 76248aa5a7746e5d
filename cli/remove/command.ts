import { defineCommand, type OptionValues, optionsBelow } from '../command.ts';
import { AWS_OPTIONS } from '../setup/aws/selection.ts';
import { SELECTORS } from '../setup/selectors.ts';

const jobs = optionsBelow('Jobs');
const apply = optionsBelow('Plan and apply');
const { repo, environment, branch, 'domain-url': domainUrl, name } = SELECTORS;
const { 'aws-account': account, 'aws-role': role } = AWS_OPTIONS;

const REMOVE_OPTIONS = {
  repo,
  environment,
  branch,
  'domain-url': domainUrl,
  name,
  'repository-id': jobs.text('number', 'ID of a deleted repository, after the last @ in its rules'),
  subject: jobs.text('sub', 'The --subject of setup'),
  compartment: jobs.text('ocid', 'Compartment of the policy. Default: all'),
  'aws-account': {
    ...account,
    help: 'AWS account of the role',
  },
  'aws-role': { ...role, help: 'The --aws-role of setup' },
  apply: apply.flag('Apply the plan after a confirmation'),
  yes: apply.flag('Do not ask'),
  json: apply.flag('Print the plan and the result as JSON'),
} as const;

export type RemoveOptions = OptionValues<typeof REMOVE_OPTIONS>;

export const command = defineCommand({
  name: 'remove',
  summary: 'Plan the removal of what setup made for a repository, and apply it with --apply',
  isFor: 'administrators',
  usage: '--repo <owner/name> --environment <name> [options]',
  options: REMOVE_OPTIONS,
  examples: [
    ['Show the plan. Nothing is changed', 'remove --repo acme/infra --environment prod'],
    ['Show the plan, ask, and apply it', 'remove --repo acme/infra --environment prod --apply'],
  ],
  exitCodes: {
    0: 'Removed, or nothing to do',
    1: 'Error',
    2: 'Removals are planned',
    3: 'Refused: a line with x, or no confirmation',
    4: 'Removed in part',
  },
  async run(context, options) {
    const { remove } = await import('./remove.ts');
    return remove(context, options);
  },
});
