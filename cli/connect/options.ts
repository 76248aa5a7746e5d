// The options of every command that say with which credentials it connects. The variables are those of the OCI CLI.
import type { OptionRules, OptionValues } from '../command.ts';

const group = 'Credentials';

export const CONNECTION_OPTIONS = {
  profile: {
    group,
    type: 'string',
    value: 'name',
    env: 'OCI_CLI_PROFILE',
    default: 'DEFAULT',
    help: 'Profile of the OCI config file',
  },
  'config-file': {
    group,
    type: 'string',
    value: 'path',
    env: 'OCI_CLI_CONFIG_FILE',
    default: '~/.oci/config',
    help: 'OCI config file',
  },
  auth: {
    group,
    type: 'string',
    value: 'kind',
    choices: ['api_key', 'security_token', 'oci-cli', 'bearer'],
    help: 'Default: what the profile holds. oci-cli sends requests through `oci raw-request`, with any kind that the OCI CLI knows',
  },
  region: {
    group,
    type: 'string',
    value: 'name',
    env: 'OCI_CLI_REGION',
    help: 'Region of the OCI requests. Default: that of the profile',
  },
  'token-file': {
    group,
    type: 'string',
    value: 'path',
    env: 'OCI_WIF_TOKEN_FILE',
    help: 'File with the access token for --auth bearer; - for standard input. Without it, OCI_WIF_TOKEN is read',
  },
} as const satisfies OptionRules;

export type ConnectionOptions = OptionValues<typeof CONNECTION_OPTIONS>;
