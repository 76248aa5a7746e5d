// The options by which every command says which jobs it is about.
import { type OptionRules, optionsBelow } from '../command.ts';

const jobs = optionsBelow('Jobs');

export const SELECTORS = {
  repo: jobs.text('owner/name', 'Repository whose jobs log in'),
  environment: jobs.text('name', 'GitHub environment that the jobs name with `environment:`'),
  branch: jobs.text('name', 'Instead of --environment: jobs on this branch that name no environment'),
  'domain-url': jobs.text(
    'url',
    'URL of the identity domain, https://idcs-….identity.oraclecloud.com. Default: the only domain of the tenancy',
  ),
  app: jobs.text(
    'name',
    'Confidential application that the jobs use. Choose a different one for each environment',
    { default: 'github-actions' },
  ),
  name: jobs.text(
    'name',
    'Name of the service user and of the group. Default: github-<owner>-<repo>-<environment>',
  ),
  policy: jobs.text('name', 'Name of the policy', { default: 'github-actions' }),
  issuer: jobs.text('url', 'Issuer of the ID tokens. Change it if your enterprise has its own', {
    default: 'https://token.actions.githubusercontent.com',
  }),
} as const satisfies OptionRules;
