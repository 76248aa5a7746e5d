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
  'id-token-from': token.text('system', 'CI system of the ID token. Default: found by its variables', {
    choices: SOURCE_SYSTEMS,
  }),
  'id-token-file': token.text('path', 'File with the ID token, read for each exchange'),
  'id-token-variable': token.text('name', 'Environment variable that holds the ID token'),
  'id-token-command': token.text('json', 'Command, as a JSON array, that prints an ID token. Limit: 30 s'),
  'azure-service-connection': token.text('id', 'Service connection of the ID token. Default: the pipeline', {
    env: 'AZURESUBSCRIPTION_SERVICE_CONNECTION_ID',
  }),
} as const satisfies OptionRules;
