// The options of every command that say with which credentials it connects. The variables are those of the OCI CLI.

import type { OptionRules, OptionValues } from '../command.ts';
import type { OciAuth } from './connection.ts';

const group = 'Credentials';

export const CONNECTION_OPTIONS = {
  profile: {
    group,
    type: 'string',
    value: 'name',
    env: 'OCI_CLI_PROFILE',
    help: 'Profile of the OCI config file. Default: DEFAULT',
  },
  'config-file': {
    group,
    type: 'string',
    value: 'path',
    env: 'OCI_CLI_CONFIG_FILE',
    help: 'OCI config file. Default: ~/.oci/config',
  },
  auth: {
    group,
    type: 'string',
    value: 'kind',
    choices: ['api_key', 'security_token', 'oci-cli', 'bearer'],
    help: 'Kind of credentials. Default: the kind that the profile has. oci-cli sends every request through `oci raw-request`',
  },
  region: {
    group,
    type: 'string',
    value: 'name',
    env: 'OCI_CLI_REGION',
    help: 'Region of the OCI requests. Default: the region of the profile',
  },
  'token-file': {
    group,
    type: 'string',
    value: 'path',
    env: 'OCI_WIF_TOKEN_FILE',
    help: 'File with the access token for --auth bearer, or - for standard input. Default: the token in the variable OCI_WIF_TOKEN',
  },
} as const satisfies OptionRules;

type Values = OptionValues<typeof CONNECTION_OPTIONS>;
export type ConnectionOptions = Omit<Values, 'auth'> & { readonly auth: OciAuth | undefined };
