// The options of every command that say with which credentials it connects. The variables are those of the OCI CLI.

import { type OptionRules, type OptionValues, optionsBelow } from '../command.ts';
import type { OciAuth } from './connection.ts';

const credentials = optionsBelow('Credentials');

export const CONNECTION_OPTIONS = {
  profile: credentials.text('name', 'Profile of the OCI config file. Default: DEFAULT', {
    env: 'OCI_CLI_PROFILE',
  }),
  'config-file': credentials.text('path', 'OCI config file. Default: ~/.oci/config', {
    env: 'OCI_CLI_CONFIG_FILE',
  }),
  auth: credentials.text('kind', 'Kind of credentials. Default: that of the profile', {
    choices: ['api_key', 'security_token', 'oci-cli', 'bearer'],
  }),
  region: credentials.text('name', 'Region. Default: that of the profile', {
    env: 'OCI_CLI_REGION',
  }),
  'token-file': credentials.text(
    'path',
    'With --auth bearer: file of the token, or - for standard input. Default: the variable OCI_WIF_TOKEN',
    { env: 'OCI_WIF_TOKEN_FILE' },
  ),
} as const satisfies OptionRules;

type Values = OptionValues<typeof CONNECTION_OPTIONS>;
export type ConnectionOptions = Omit<Values, 'auth'> & { readonly auth: OciAuth | undefined };
