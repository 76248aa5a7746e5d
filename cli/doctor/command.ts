import { defineCommand, optionsBelow } from '../command.ts';
import {
  AWS_OPTIONS,
  DOMAIN_OPTIONS,
  NETWORK_OPTIONS,
  SESSION_OPTIONS,
  TARGET_OPTIONS,
} from '../session/options.ts';
import { SOURCE_OPTIONS } from '../sources/options.ts';

const session = optionsBelow('Session');

export const DOCTOR_OPTIONS = {
  json: {
    type: 'boolean',
    group: 'Report',
    help: 'Print one JSON document, with the trust in all its forms',
  },
  ...DOMAIN_OPTIONS,
  ...SOURCE_OPTIONS,
  ...SESSION_OPTIONS,
  ...TARGET_OPTIONS,
  profile: session.text('name', 'Profile that a login would write', { default: 'DEFAULT' }),
  'config-file': session.text('path', 'OCI config file that a login would write. Default: ~/.oci/config'),
  ...AWS_OPTIONS,
  ...NETWORK_OPTIONS,
} as const;

export const command = defineCommand({
  name: 'doctor',
  summary: 'Check each step of a login, and show the trust that this job needs. Writes nothing',
  isFor: 'jobs',
  usage: '[options]',
  options: DOCTOR_OPTIONS,
  examples: [
    ['In a job, with its variables and the options of its login', 'doctor'],
    [
      'On a laptop: what can be checked without a job',
      'doctor --domain-url https://idcs-….identity.oraclecloud.com',
    ],
    ['Only the rule of the trust', 'doctor --json | jq -r .trust.rule'],
  ],
  exitCodes: {
    0: 'No check failed. There may be warnings',
    1: 'Error in the options',
    2: 'A check failed',
  },
  async run(context, options) {
    const { runDoctor } = await import('./doctor.ts');
    return runDoctor(context, options);
  },
});
