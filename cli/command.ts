// What a command of `oci-wif` consists of, and what it gets. `main.ts` parses the arguments and builds the context.
import type { Clock, Environment, Http } from '../src/ports.ts';
import type { AwsIam } from './aws/aws.ts';
import type { OciConnection } from './connect/connection.ts';
import type { Observer } from './connect/observed.ts';
import type { Scim } from './domain/scim.ts';
import type { GitHub } from './github/github.ts';
import type { Iam } from './iam/iam.ts';
import type { Terminal } from './terminal.ts';

export interface OptionRule {
  type: 'string' | 'boolean';
  /** One sentence for the help, without a full stop. */
  help: string;
  /** What the value is, for the help: `ocid`, `name`. */
  value?: string;
  /** The heading in the help. */
  group?: string;
  /** The environment variable that applies without the option. */
  env?: string;
  choices?: readonly string[];
  default?: string;
  required?: true;
  /** May be given several times. */
  multiple?: true;
}

/** Makes options below one heading of the help. */
export const optionsBelow = (group: string) => ({
  flag: (help: string) => ({ group, type: 'boolean', help }) as const,
  /** @param value what it is, for the help: `ocid`, `name` */
  text: <const More extends Partial<OptionRule>>(value: string, help: string, more?: More) =>
    ({ group, type: 'string', value, help, ...more }) as TextRule & More,
});

type TextRule = { group: string; type: 'string'; value: string; help: string };

export type OptionRules = Readonly<Record<string, OptionRule>>;

type OptionValue<Rule extends OptionRule> = Rule extends { type: 'boolean' }
  ? boolean
  : Rule extends { multiple: true }
    ? readonly string[]
    : Rule extends { required: true } | { default: string }
      ? string
      : string | undefined;

/** By the names of the options, as they are written: `options['domain-url']`. */
export type OptionValues<Rules extends OptionRules> = {
  readonly [Name in keyof Rules]: OptionValue<Rules[Name]>;
};

/** Each client is created when it is first asked for, with the credentials that the options name. */
export interface Clients {
  /** @throws CommandError CREDENTIALS_UNUSABLE */
  oci(): Promise<OciConnection>;
  scim(domain: URL): Promise<Scim>;
  /** @throws CommandError CREDENTIALS_UNUSABLE also for a bearer token, which IAM does not accept */
  iam(): Promise<Iam>;
  /** @param repository `owner/name` */
  github(repository: string): Promise<GitHub>;
  /** With the credentials of the AWS CLI. */
  aws(): Promise<AwsIam>;
  /** For public documents, such as discovery documents and keys: without credentials. */
  http: Http;
  /** From now on, `observer` gets every request of these clients that changes something: wrap connections by `observed`. */
  observe(observer: Observer): void;
}

export interface CommandContext {
  env: Environment;
  /** All variables that this program was started with. */
  variables: Readonly<Record<string, string | undefined>>;
  terminal: Terminal;
  clock: Clock;
  clients: Clients;
  /** Absolute path of this program: other tools start it, too. */
  script: string;
  /** What follows `--` on the command line. */
  operands: readonly string[];
  /** Adds lines to what an interruption by Ctrl-C prints, such as the path of the journal. */
  onInterrupt(hint: () => string): void;
}

export interface Command<Rules extends OptionRules = OptionRules> {
  name: string;
  /** One line for the list of commands, without a full stop. */
  summary: string;
  /** What follows the name in the first line of the help. */
  usage: string;
  /**
   * A command for administrators has the options of `connect/options.ts` as well, and an interruption ends it. A command for
   * jobs logs in by itself, and handles signals itself.
   */
  isFor: 'administrators' | 'jobs';
  /** Whether a command line may follow, after `--`. */
  hasOperands?: true;
  options: Rules;
  /** What it does, and the command line without `oci-wif`. */
  examples: readonly (readonly [what: string, line: string])[];
  /** What each exit code means. */
  exitCodes: Readonly<Record<number, string>>;
  /** The exit code of an error that has none. Default: 1. */
  failureExitCode?: number;
  /** Import what is large in here. @returns the exit code. @throws Failure */
  run(context: CommandContext, options: OptionValues<Rules>): Promise<number>;
}

/** For the types of its options. */
export function defineCommand<const Rules extends OptionRules>(command: Command<Rules>): Command<Rules> {
  return command;
}
