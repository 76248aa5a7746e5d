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
  'repository-id': jobs.text(
    'number',
    'ID of a repository that was deleted. Rules in the immutable form have it after the last @',
  ),
  subject: jobs.text('sub', 'The --subject that you gave to setup, if any'),
  compartment: jobs.text('ocid', 'Compartment of the policy. Default: all compartments are searched'),
  'aws-account': {
    ...account,
    help: 'AWS account of the role, 12 digits. Without it, nothing in AWS is removed',
  },
  'aws-role': { ...role, help: 'The --aws-role that you gave to setup' },
  apply: apply.flag('Apply the plan after a confirmation'),
  yes: apply.flag('Do not ask for a confirmation'),
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
    0: 'Nothing to do, or everything is removed',
    1: 'Error',
    2: 'Removals are planned',
    3: 'Refused: a line with x, or no confirmation',
    4: 'Removed in part; the message names the journal',
  },
  async run(context, options) {
    const { remove } = await import('./remove.ts');
    return remove(context, options);
  },
});
