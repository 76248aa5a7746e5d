// The options of `setup`.
import type { OptionRules } from '../command.ts';
import { AWS_OPTIONS } from './aws/selection.ts';
import { SELECTORS } from './selectors.ts';

const [permissions, trust, apply] = ['Permissions', 'Trust', 'Plan and apply'];

export const SETUP_OPTIONS = {
  ...SELECTORS,
  compartment: {
    group: permissions,
    type: 'string',
    value: 'ocid',
    help: 'Compartment in which the jobs get their permissions',
  },
  allow: {
    group: permissions,
    type: 'string',
    value: 'verb type',
    multiple: true,
    help: "What the jobs may do there, for example 'read buckets'. Without it, they may do nothing",
  },
  audience: {
    group: trust,
    type: 'string',
    value: 'text',
    help: 'Audience of the ID tokens. Default: the audience of the existing trust, else the URL of the domain',
  },
  subject: {
    group: trust,
    type: 'string',
    value: 'sub',
    help: 'The whole `sub` of the jobs. Needed only if the repository customises it',
  },
  'immutable-subject': {
    group: trust,
    type: 'boolean',
    help: 'Switch all jobs of the repository to subjects with IDs, which survive a rename',
  },
  activate: { group: trust, type: 'boolean', help: 'Activate an inactive trust, application or user' },
  ...AWS_OPTIONS,
  'rotate-secret': {
    group: apply,
    type: 'boolean',
    help: 'Make a new client secret; jobs with the old one are refused at once',
  },
  apply: { group: apply, type: 'boolean', help: 'Apply the plan after a confirmation' },
  yes: {
    group: apply,
    type: 'boolean',
    help: 'Do not ask for a confirmation, except for settings of the whole domain',
  },
  'change-domain-settings': {
    group: apply,
    type: 'boolean',
    help: 'Allow changes of settings that concern everybody who uses the domain',
  },
  out: {
    group: apply,
    type: 'string',
    value: 'path',
    help: 'Write the plan into this file, for a later --plan',
  },
  plan: {
    group: apply,
    type: 'string',
    value: 'path',
    help: 'With --apply: apply only if the plan is the one in this file',
  },
  emit: {
    group: apply,
    type: 'string',
    value: 'form',
    choices: ['terraform'],
    help: 'Print the set-up as Terraform code, with import blocks for what exists. Nothing is changed',
  },
  json: { group: apply, type: 'boolean', help: 'Print the plan and the result as JSON' },
  explain: {
    group: apply,
    type: 'boolean',
    help: 'Print what setup assumes about the services, and change nothing',
  },
} as const satisfies OptionRules;
