import { defineCommand, optionsBelow } from '../command.ts';
import {
  AWS_PROFILE_OPTIONS,
  DOMAIN_OPTIONS,
  NETWORK_OPTIONS,
  SESSION_OPTIONS,
  TARGET_OPTIONS,
} from '../session/options.ts';
import { SOURCE_OPTIONS } from '../sources/options.ts';
import { FORMATS } from './formats.ts';

const profile = optionsBelow('Profile');
const aws = optionsBelow('AWS');
const output = optionsBelow('Output');

export const LOGIN_OPTIONS = {
  ...DOMAIN_OPTIONS,
  ...SOURCE_OPTIONS,
  profile: profile.text('name', 'Profile to write', { default: 'DEFAULT' }),
  'config-file': profile.text('path', 'OCI config file', { default: '~/.oci/config' }),
  'overwrite-profile': profile.flag(
    'Replace a profile that was not written by this program. logout restores it',
  ),
  'minimum-lifetime-seconds': profile.text(
    'n',
    'Keep the session of an earlier login of this job if it lasts this long. Default: renew it',
  ),
  ...SESSION_OPTIONS,
  ...TARGET_OPTIONS,
  ...AWS_PROFILE_OPTIONS,
  'aws-profile': aws.text('name', 'Profile to write in the files of AWS. Required with --aws-role-arn'),
  ...NETWORK_OPTIONS,
  format: output.text('name', 'Format of the result, which has no secret', {
    default: 'text',
    choices: FORMATS,
  }),
  json: output.flag('The same as --format json'),
} as const;

export const command = defineCommand({
  name: 'login',
  summary: 'Log in and write a profile, which stays until logout',
  usage: '[options]',
  isFor: 'jobs',
  options: LOGIN_OPTIONS,
  examples: [
    ['The profile DEFAULT of ~/.oci/config', 'login'],
    [
      'Variables for the commands of a shell',
      'login --profile ci --format sh > session.env && . ./session.env',
    ],
    ['With the ID token of a program', `login --id-token-command '["my-issuer", "token"]' --profile dev`],
  ],
  exitCodes: {
    0: 'Logged in',
    1: 'Error',
    '130': 'Interrupted; 143 by SIGTERM',
  },
  async run(context, options) {
    const { logIn } = await import('./login.ts');
    return logIn(context, options);
  },
});
