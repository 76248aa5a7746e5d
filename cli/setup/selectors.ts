// The options by which every command says which jobs it is about.
import { type OptionRules, optionsBelow } from '../command.ts';

const jobs = optionsBelow('Jobs');

export const SELECTORS = {
  repo: jobs.text('owner/name', 'Repository whose jobs log in'),
  environment: jobs.text('name', 'GitHub environment of the jobs'),
  branch: jobs.text('name', 'Instead of --environment: jobs on this branch without an environment'),
  'domain-url': jobs.text('url', 'URL of the identity domain. Default: the only domain of the tenancy'),
  app: jobs.text('name', 'Application of the jobs. Choose another for each environment', {
    default: 'github-actions',
  }),
  name: jobs.text('name', 'Name of service user and group. Default: github-<owner>-<repo>-<environment>'),
  policy: jobs.text('name', 'Name of the policy', { default: 'github-actions' }),
  issuer: jobs.text('url', 'Issuer of the ID tokens', {
    default: 'https://token.actions.githubusercontent.com',
  }),
} as const satisfies OptionRules;
