// Builds a source of ID tokens from its `spec`, in the process that renews tokens.
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import { type ActionsSpec, actionsSourceFrom } from './actions.ts';
import { type AzureSpec, azureSourceFrom } from './azure-devops.ts';
import { type CommandSpec, commandSourceFrom } from './command.ts';
import { type FileSpec, fileSourceFrom } from './file.ts';
import { type VariableSpec, variableSourceFrom } from './variable.ts';

type Spec = ActionsSpec | AzureSpec | CommandSpec | FileSpec | VariableSpec;

/** @param spec of a source that `findIdTokens` has returned */
export function idTokensFrom(spec: unknown): IdTokenSource {
  const known = spec as Spec;
  switch (known.kind) {
    case 'actions':
      return actionsSourceFrom(known);
    case 'azure-devops':
      return azureSourceFrom(known);
    case 'command':
      return commandSourceFrom(known);
    case 'file':
      return fileSourceFrom(known);
    case 'variable':
      return variableSourceFrom(known);
  }
}
