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
  compartment: permissions.text('ocid', 'Compartment of the permissions'),
  allow: permissions.text('verb type', "What the jobs may do there, for example 'read buckets'", {
    multiple: true,
  }),
  'client-auth': runners.text('mode', 'What authenticates the jobs', {
    choices: ['secret', 'instance-principal'],
    default: 'secret',
  }),
  runners: runners.text('ocid', 'Compartment of the instances, or one instance', { multiple: true }),
  'token-type': runners.text('type', 'With instance-principal: rpst (default), or upst (experimental)', {
    choices: ['rpst', 'upst'],
  }),
  audience: trust.text(
    'text',
    'Audience of the ID tokens. Default: that of the trust, else the URL of the domain',
  ),
  subject: trust.text('sub', 'The whole `sub` of the jobs, if the repository customises it'),
  'immutable-subject': trust.flag('Switch the repository to subjects with IDs'),
  activate: trust.flag('Activate an inactive trust, application or user'),
  ...AWS_OPTIONS,
  'rotate-secret': apply.flag('Replace the client secret. The old one is invalid at once'),
  apply: apply.flag('Apply the plan after a confirmation'),
  yes: apply.flag('Do not ask, except for settings of the whole domain'),
  'change-domain-settings': apply.flag('Allow changes of settings of the whole domain'),
  out: apply.text('path', 'Write the plan into this file'),
  plan: apply.text('path', 'With --apply: refuse if the plan differs from this file'),
  emit: apply.text('form', 'Print the set-up as code, and change nothing', { choices: ['terraform'] }),
  json: apply.flag('Print the plan and the result as JSON'),
  explain: apply.flag('Print what it assumes about the services'),
} as const satisfies OptionRules;
