// The options by which every command says which jobs it is about.
import type { OptionRules } from '../command.ts';

const group = 'Jobs';

export const SELECTORS = {
  repo: { group, type: 'string', value: 'owner/name', help: 'Repository of the jobs' },
  environment: { group, type: 'string', value: 'name', help: 'Environment of GitHub that the jobs name' },
  branch: {
    group,
    type: 'string',
    value: 'name',
    help: 'Instead of an environment: jobs on this branch, without an environment',
  },
  'domain-url': {
    group,
    type: 'string',
    value: 'url',
    help: 'Identity domain, https://idcs-….identity.oraclecloud.com. Default: the only one of the tenancy',
  },
  app: {
    group,
    type: 'string',
    value: 'name',
    default: 'github-actions',
    help: 'Confidential application whose secret the jobs have; a different one for each environment',
  },
  name: {
    group,
    type: 'string',
    value: 'name',
    help: 'Name of service user and group. Default: github-<owner>-<repo>-<environment>',
  },
  policy: { group, type: 'string', value: 'name', default: 'github-actions', help: 'Name of the policy' },
  issuer: {
    group,
    type: 'string',
    value: 'url',
    default: 'https://token.actions.githubusercontent.com',
    help: 'Issuer of the ID tokens, if an enterprise has its own',
  },
} as const satisfies OptionRules;
