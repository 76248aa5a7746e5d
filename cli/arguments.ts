// Parses the arguments of a command by the rules of its options. All faults are reported together.
import { parseArgs } from 'node:util';
import { nearestNames } from '../src/inputs/regions.ts';
import type { Environment } from '../src/ports.ts';
import type { OptionRule, OptionRules, OptionValues } from './command.ts';
import { CommandError } from './failure.ts';

type Given = Map<string, (string | true)[]>;

export const HELP_OPTION = { type: 'boolean', help: 'Show this help' } as const satisfies OptionRule;

/** Whether the help is asked for. Then nothing else has to be right. */
export function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((one) => one === '--help' || one === '-h');
}

/**
 * @param args those after the name of the command
 * @throws CommandError OPTION_INVALID with every fault
 */
export function parseOptions<Rules extends OptionRules>(
  rules: Rules,
  args: readonly string[],
  env: Environment,
): OptionValues<Rules> {
  const { given, faults } = readTokens(rules, args);
  const values = Object.entries(rules).map(([name, rule]) => {
    const { value, fault } = readOption(name, rule, given.get(name) ?? [], env);
    if (fault !== undefined) faults.push(fault);
    return [name, value];
  });
  if (faults.length > 0) throw new CommandError('OPTION_INVALID', faults.join(' '));
  return Object.fromEntries(values) as OptionValues<Rules>;
}

function readTokens(rules: OptionRules, args: readonly string[]): { given: Given; faults: string[] } {
  const options = Object.fromEntries(Object.entries(rules).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given: Given = new Map();
  const faults: string[] = [];
  let afterUnknown = -1;
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index !== afterUnknown)
      faults.push(`${JSON.stringify(token.value)} is not an option. Quote a value that contains spaces.`);
    if (token.kind !== 'option') continue;
    const rule = Object.hasOwn(rules, token.name) ? rules[token.name] : undefined;
    if (rule === undefined) {
      faults.push(unknownOption(token.rawName, Object.keys(rules)));
      afterUnknown = token.index + 1; // probably its value
    } else if (rule.type === 'boolean' && token.value !== undefined) {
      faults.push(`${token.rawName} takes no value.`);
    } else if (rule.type === 'string' && (token.value === undefined || isOption(token))) {
      faults.push(`${token.rawName} needs a value.`);
    } else given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? true]);
  }
  return { given, faults };
}

/** `--profile --apply`: the value was forgotten. `--profile=--apply` is taken as it is written. */
function isOption({ value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined }) {
  return inlineValue !== true && value?.startsWith('--') === true;
}

function unknownOption(rawName: string, names: readonly string[]): string {
  const typed = rawName.replace(/^-+/, '');
  const longer = names.filter((name) => name.startsWith(`${typed}-`));
  const near = (longer.length === 1 ? longer : nearestNames(typed, names)).map((name) => `--${name}`);
  return `${rawName} is unknown.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`;
}

function readOption(name: string, rule: OptionRule, given: readonly (string | true)[], env: Environment) {
  if (rule.type === 'boolean') return { value: given.length > 0 };
  if (rule.multiple === true) return { value: given, fault: missing(name, rule, given[0]) };
  const fromEnv = rule.env === undefined ? undefined : env(rule.env) || undefined;
  const value = given[0] ?? fromEnv ?? rule.default;
  if (given.length > 1) return { value, fault: `--${name} is given ${given.length} times.` };
  return { value, fault: missing(name, rule, value) ?? wrongChoice(name, rule, value) };
}

function missing(name: string, { required, env }: OptionRule, value: unknown): string | undefined {
  if (required !== true || value !== undefined) return undefined;
  return `--${name} is missing${env === undefined ? '' : `, and ${env} is not set`}.`;
}

function wrongChoice(name: string, { choices }: OptionRule, value: unknown): string | undefined {
  if (choices === undefined || value === undefined || choices.includes(String(value))) return undefined;
  return `--${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}.`;
}
