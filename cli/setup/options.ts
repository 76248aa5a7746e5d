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
    help: 'Compartment of the policy, in which the jobs get their permissions',
  },
  allow: {
    group: permissions,
    type: 'string',
    value: 'verb type',
    multiple: true,
    help: "What the jobs may do, for example 'read buckets'. Nothing without it",
  },
  audience: {
    group: trust,
    type: 'string',
    value: 'text',
    help: 'Audience of the ID tokens. Default: that of the trust, else the URL of the domain',
  },
  subject: {
    group: trust,
    type: 'string',
    value: 'sub',
    help: 'The whole `sub` of the jobs, if the repository customises it',
  },
  'immutable-subject': {
    group: trust,
    type: 'boolean',
    help: 'Switch the repository to subjects with IDs, which survive a rename; for all of its jobs',
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
    help: 'Do not ask. Settings of the whole domain are asked for nevertheless',
  },
  'change-domain-settings': {
    group: apply,
    type: 'boolean',
    help: 'Change settings that concern every user of the domain',
  },
  out: { group: apply, type: 'string', value: 'path', help: 'Write the plan into a file' },
  plan: {
    group: apply,
    type: 'string',
    value: 'path',
    help: 'With --apply: refuse if the plan differs from the one in this file',
  },
  emit: {
    group: apply,
    type: 'string',
    value: 'form',
    choices: ['terraform'],
    help: 'Print the same as Terraform, with import blocks for what exists. Nothing is changed',
  },
  json: { group: apply, type: 'boolean', help: 'Print JSON' },
  explain: { group: apply, type: 'boolean', help: 'Print what is assumed about the services, and stop' },
} as const satisfies OptionRules;
