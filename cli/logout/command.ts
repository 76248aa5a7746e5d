import { defineCommand, optionsBelow } from '../command.ts';

const profile = optionsBelow('Profile');

export const LOGOUT_OPTIONS = {
  profile: profile.text('name', 'Profile of the login. Default: DEFAULT, unless --aws-profile is given'),
  'config-file': profile.text('path', 'OCI config file', { default: '~/.oci/config' }),
  'aws-profile': profile.text('name', 'Profile in the files of AWS, for a login without a session of OCI'),
  'all-jobs': profile.flag('Also remove logins of other jobs to this profile, even while they run'),
} as const;

export const command = defineCommand({
  name: 'logout',
  summary: 'Remove what login has written, and restore what was there before',
  usage: '[options]',
  isFor: 'jobs',
  options: LOGOUT_OPTIONS,
  examples: [
    ['The profile DEFAULT of ~/.oci/config', 'logout'],
    ['Another one', 'logout --profile ci'],
  ],
  exitCodes: {
    0: 'Removed, or nothing to remove',
    1: 'Something could not be removed: run it again',
  },
  async run(context, options) {
    const { logOut } = await import('./logout.ts');
    return logOut(context, options);
  },
});
