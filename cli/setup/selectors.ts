// The options by which every command says which jobs it is about.
import type { OptionRules } from '../command.ts';

const group = 'Jobs';

export const SELECTORS = {
  repo: { group, type: 'string', value: 'owner/name', help: 'Repository whose jobs log in' },
  environment: {
    group,
    type: 'string',
    value: 'name',
    help: 'GitHub environment that the jobs name with `environment:`',
  },
  branch: {
    group,
    type: 'string',
    value: 'name',
    help: 'Instead of --environment: jobs on this branch that name no environment',
  },
  'domain-url': {
    group,
    type: 'string',
    value: 'url',
    help: 'URL of the identity domain, https://idcs-….identity.oraclecloud.com. Default: the only domain of the tenancy',
  },
  app: {
    group,
    type: 'string',
    value: 'name',
    default: 'github-actions',
    help: 'Confidential application that the jobs use. Choose a different one for each environment',
  },
  name: {
    group,
    type: 'string',
    value: 'name',
    help: 'Name of the service user and of the group. Default: github-<owner>-<repo>-<environment>',
  },
  policy: { group, type: 'string', value: 'name', default: 'github-actions', help: 'Name of the policy' },
  issuer: {
    group,
    type: 'string',
    value: 'url',
    default: 'https://token.actions.githubusercontent.com',
    help: 'Issuer of the ID tokens. Change it if your enterprise has its own',
  },
} as const satisfies OptionRules;
