// Finds the source of ID tokens: the one that an option names, otherwise that of the CI system. Sends no request.
import { type IdTokenSource, parseIdToken } from '../../src/oci/id-token.ts';
import type { Environment } from '../../src/ports.ts';
import { parseJson } from '../../src/response.ts';
import { AZURE_AUDIENCE, CI_SYSTEMS, type CiSystem, systemsIn } from '../ci/systems.ts';
import { CommandError } from '../failure.ts';
import { type ActionsSpec, actionsSource, actionsSourceFrom } from './actions.ts';
import { type AzureSpec, azureSource, azureSourceFrom } from './azure-devops.ts';
import { type CommandSpec, commandSource, commandSourceFrom } from './command.ts';
import { type FileSpec, fileSource, fileSourceFrom, warningFor } from './file.ts';
import { SOURCE_SYSTEMS, type SourceSystem } from './options.ts';
import { TOKEN_VARIABLES, type VariableSpec, variableSource, variableSourceFrom } from './variable.ts';

export interface SourceContext {
  env: Environment;
  /** With the values of SOURCE_OPTIONS. */
  options: Readonly<Record<string, unknown>>;
  /** Gets warnings about the selected source. */
  warn?: (text: string) => void;
}

const EXPLICIT = ['id-token-from', 'id-token-file', 'id-token-variable', 'id-token-command'] as const;

/**
 * @throws CommandError OPTION_INVALID, ID_TOKEN_MISSING, ID_TOKEN_AMBIGUOUS; ActionError GITHUB_OIDC_UNAVAILABLE
 */
export function findIdTokens(context: SourceContext): IdTokenSource {
  const source = selectedSource(context);
  warnOfAudience(context, source.spec as Spec);
  return source;
}

/** Warns when the token has another audience than the option, and no request can change that. */
function warnOfAudience({ options, warn }: SourceContext, spec: Spec): void {
  const wanted = options['audience'];
  const actual = fixedAudience(spec);
  if (typeof wanted !== 'string' || actual === undefined || actual.split(',').includes(wanted)) return;
  const id = spec.kind === 'variable' ? spec.system : 'azure-devops';
  const system: CiSystem | undefined = id && CI_SYSTEMS[id];
  const origin = system?.audience ?? 'the program that requested it';
  warn?.(`--audience has no effect: the audience of the ID token comes from ${origin}.`);
}

/** Undefined for a token that is requested with an audience, or is not known yet. */
function fixedAudience(spec: Spec): string | undefined {
  if (spec.kind === 'azure-devops') return AZURE_AUDIENCE;
  return spec.kind === 'variable' ? parseIdToken(spec.token)?.claims['aud'] : undefined;
}

function selectedSource({ env, options, warn }: SourceContext): IdTokenSource {
  const given = EXPLICIT.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    const names = given.map((name) => `--${name}`).join(' and ');
    throw new CommandError('OPTION_INVALID', `${names} cannot be used together.`, {
      remedy: 'Name one source of ID tokens.',
    });
  }
  const value = (name: string) => (options[name] === undefined ? undefined : String(options[name]));
  const cwd = process.cwd();
  const file = value('id-token-file');
  if (file !== undefined) {
    const source = fileSource(nonEmpty('id-token-file', file), cwd);
    const warning = warningFor(file);
    if (warning !== undefined) warn?.(warning);
    return source;
  }
  const variable = value('id-token-variable');
  if (variable !== undefined) return variableSource(env, variableName(variable));
  const command = value('id-token-command');
  if (command !== undefined) return commandSource(wordsOf(command), cwd);
  const system = (value('id-token-from') as SourceSystem | undefined) ?? systemIn(env);
  return sourceOf(system, env, value('azure-service-connection') || undefined);
}

function sourceOf(system: SourceSystem, env: Environment, connection: string | undefined): IdTokenSource {
  switch (system) {
    case 'github':
    case 'forgejo':
      return actionsSource(env, system);
    case 'azure-devops':
      return azureSource(env, connection);
    case 'buildkite':
    case 'circleci':
      return commandSource(system, process.cwd());
    default:
      return variableSource(env, TOKEN_VARIABLES[system], system);
  }
}

const isSource = (id: string): id is SourceSystem => SOURCE_SYSTEMS.some((one) => one === id);

function systemIn(env: Environment): SourceSystem {
  const systems = systemsIn(env);
  const [system, other] = systems.filter(isSource);
  if (system === undefined) throw missing(systems.includes('jenkins'));
  if (other === undefined) return system;
  const [one, two] = [CI_SYSTEMS[system], CI_SYSTEMS[other]];
  const signs = [one, two].map(({ signs }) => signs.find((name) => env(name)) ?? '').join(' and ');
  const text = `The variables of ${one.name} and of ${two.name} are set (${signs}).`;
  const remedy = `Choose one: \`--id-token-from ${one.id}\` or \`--id-token-from ${two.id}\`.`;
  throw new CommandError('ID_TOKEN_AMBIGUOUS', text, { remedy });
}

function missing(isJenkins: boolean): CommandError {
  if (isJenkins)
    return new CommandError(
      'ID_TOKEN_MISSING',
      'Jenkins gives a job no ID token without the plugin oidc-provider.',
      {
        remedy: `Add ${CI_SYSTEMS.jenkins.setting}.`,
      },
    );
  return new CommandError(
    'ID_TOKEN_MISSING',
    'No ID token was found: no variable of a known CI system is set.',
    {
      remedy:
        'Name a source: `--id-token-file` (also for Kubernetes and Jenkins), `--id-token-variable`, `--id-token-command` or `--id-token-from`.',
    },
  );
}

function nonEmpty(option: string, text: string): string {
  if (text !== '') return text;
  throw new CommandError('OPTION_INVALID', `--${option} is empty.`);
}

function variableName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  const text = '--id-token-variable must be the name of an environment variable.';
  throw new CommandError('OPTION_INVALID', text, { remedy: 'Give the name, without `$`.' });
}

/** A word with a NUL character cannot be passed to a program. */
function wordsOf(json: string): readonly string[] {
  const words = parseJson(json);
  const isList = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((one) => typeof one === 'string' && !one.includes('\0'));
  if (isList(words) && words[0]) return words;
  throw new CommandError('OPTION_INVALID', '--id-token-command must be a JSON array of strings.', {
    remedy: `Write it like '["/usr/local/bin/id-token", "--audience", "https://cloud.oracle.com"]'.`,
  });
}

type Spec = ActionsSpec | AzureSpec | CommandSpec | FileSpec | VariableSpec;

/** Builds a source again, in the process that renews tokens. @param spec of a source that `findIdTokens` has returned */
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
