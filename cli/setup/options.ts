// The options of `setup`.
import { type OptionRules, optionsBelow } from '../command.ts';
import { AWS_OPTIONS } from './aws/selection.ts';
import { SELECTORS } from './selectors.ts';

const permissions = optionsBelow('Permissions');
const runners = optionsBelow('Runners in OCI');
const trust = optionsBelow('Trust');
const apply = optionsBelow('Plan and apply');

export const SETUP_OPTIONS = {
  ...SELECTORS,
  compartment: permissions.text('ocid', 'Compartment in which the jobs get their permissions'),
  allow: permissions.text(
    'verb type',
    "What the jobs may do there, for example 'read buckets'. Without it, they may do nothing",
    { multiple: true },
  ),
  'client-auth': runners.text(
    'mode',
    'What the jobs authenticate with: a client secret, or the OCI instance that runs them',
    { choices: ['secret', 'instance-principal'], default: 'secret' },
  ),
  runners: runners.text(
    'ocid',
    'Compartment of these instances, or one instance. Their jobs may call the token exchange',
    { multiple: true },
  ),
  'token-type': runners.text(
    'type',
    'With instance-principal: rpst makes the jobs a resource, upst a service user, which is experimental. Default: rpst',
    { choices: ['rpst', 'upst'] },
  ),
  audience: trust.text(
    'text',
    'Audience of the ID tokens. Default: the audience of the existing trust, else the URL of the domain',
  ),
  subject: trust.text('sub', 'The whole `sub` of the jobs. Needed only if the repository customises it'),
  'immutable-subject': trust.flag(
    'Switch all jobs of the repository to subjects with IDs, which survive a rename',
  ),
  activate: trust.flag('Activate an inactive trust, application or user'),
  ...AWS_OPTIONS,
  'rotate-secret': apply.flag('Make a new client secret; jobs with the old one are refused at once'),
  apply: apply.flag('Apply the plan after a confirmation'),
  yes: apply.flag('Do not ask for a confirmation, except for settings of the whole domain'),
  'change-domain-settings': apply.flag(
    'Allow changes of settings that concern everybody who uses the domain',
  ),
  out: apply.text('path', 'Write the plan into this file, for a later --plan'),
  plan: apply.text('path', 'With --apply: apply only if the plan is the one in this file'),
  emit: apply.text(
    'form',
    'Print the set-up as Terraform code, with import blocks for what exists. Nothing is changed',
    { choices: ['terraform'] },
  ),
  json: apply.flag('Print the plan and the result as JSON'),
  explain: apply.flag('Print what setup assumes about the services, and change nothing'),
} as const satisfies OptionRules;
