import { defineCommand, optionsBelow } from '../command.ts';
import {
  AWS_PROFILE_OPTIONS,
  DOMAIN_OPTIONS,
  NETWORK_OPTIONS,
  SESSION_OPTIONS,
  TARGET_OPTIONS,
} from '../session/options.ts';
import { SOURCE_OPTIONS } from '../sources/options.ts';

const session = optionsBelow('Session');

export const command = defineCommand({
  name: 'exec',
  summary: 'Log in, run a command with the session, and remove the session',
  usage: '[options] -- command [arguments]',
  isFor: 'jobs',
  hasOperands: true,
  options: {
    ...DOMAIN_OPTIONS,
    ...SOURCE_OPTIONS,
    ...SESSION_OPTIONS,
    ...TARGET_OPTIONS,
    refresh: session.text('mode', 'Renew tokens while the command runs', {
      default: 'true',
      choices: ['true', 'false'],
    }),
    profile: session.text('name', 'Profile in the OCI config file of the session', { default: 'DEFAULT' }),
    ...AWS_PROFILE_OPTIONS,
    ...NETWORK_OPTIONS,
  },
  examples: [
    ['The OCI CLI, with the ID token of the CI system', 'exec -- oci os ns get'],
    [
      'Terraform, and kubectl in a script',
      'exec --for terraform-session,kubectl --oke-cluster ocid1.cluster… -- ./deploy.sh',
    ],
    ['A line of a shell', "exec -- sh -c 'oci os bucket list | jq .data'"],
  ],
  exitCodes: {
    0: 'The command succeeded. Other codes are those of the command',
    125: 'Error before the command was started',
    126: 'The command cannot be started',
    127: 'The command does not exist',
  },
  failureExitCode: 125,
  async run(context, options) {
    const { exec } = await import('./exec.ts');
    return exec(context, options);
  },
});
