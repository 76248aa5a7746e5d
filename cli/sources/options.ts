// The options that name a source of ID tokens.
import type { SystemId } from '../ci/systems.ts';
import { type OptionRules, optionsBelow } from '../command.ts';

/** The systems that give a job its ID tokens by variables or by an agent. */
export const SOURCE_SYSTEMS = [
  'github',
  'forgejo',
  'gitlab',
  'bitbucket',
  'azure-devops',
  'circleci',
  'buildkite',
  'hcp-terraform',
] as const satisfies readonly SystemId[];

export type SourceSystem = (typeof SOURCE_SYSTEMS)[number];

const token = optionsBelow('ID token');

/** At most one of the first four is given. */
export const SOURCE_OPTIONS = {
  'id-token-from': token.text(
    'system',
    'CI system that gives the ID token. Default: the system whose variables are set',
    { choices: SOURCE_SYSTEMS },
  ),
  'id-token-file': token.text(
    'path',
    'File with the ID token, read again for each exchange, such as a projected volume of Kubernetes',
  ),
  'id-token-variable': token.text('name', 'Environment variable that holds the ID token'),
  'id-token-command': token.text(
    'json',
    'Command that prints an ID token, as a JSON array of strings. It runs for each exchange, without a shell, for at most 30 s',
  ),
  'azure-service-connection': token.text(
    'id',
    'Azure DevOps: the service connection that the ID token is for. Default: the pipeline itself',
    { env: 'AZURESUBSCRIPTION_SERVICE_CONNECTION_ID' },
  ),
} as const satisfies OptionRules;
