import { defineCommand, optionsBelow } from '../command.ts';
import { LOGIN_OPTIONS } from '../login/command.ts';

const { format: _format, 'minimum-lifetime-seconds': _lifetime, ...login } = LOGIN_OPTIONS;

/** Those of a login that change what it requests or writes. */
export const DOCTOR_OPTIONS = {
  ...login,
  json: optionsBelow('Output').flag('Print one JSON document'),
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
    0: 'No check failed',
    1: 'Error in the options',
    2: 'A check failed',
  },
  async run(context, options) {
    const { runDoctor } = await import('./doctor.ts');
    return runDoctor(context, options);
  },
});
