// The texts of `--help`.
import type { Command, OptionRule, OptionRules } from './command.ts';

const WIDTH = 100;

const ABOUT = `Logs CI jobs, programs and people in to Oracle Cloud Infrastructure with their own identity.
Sets up the identity domain, the policy and the repository for this, and checks what is there.`;

/** @param bold marks headings */
export function overviewHelp(commands: readonly Command[], bold: (text: string) => string): string {
  const listFor = (readers: Command['isFor']) =>
    commands.filter(({ isFor }) => isFor === readers).map(({ name, summary }) => entry(name, summary, 10));
  return [
    ABOUT,
    `${bold('Usage')}\n  oci-wif <command> [options]`,
    `${bold('Commands for jobs')}\n${listFor('jobs').join('\n')}`,
    `${bold('Commands for administrators')}\n${listFor('administrators').join('\n')}`,
    `${bold('Options')}\n${entry('--help', 'Show the help of a command: oci-wif setup --help', 12)}\n${entry('--version', 'Show the version', 12)}`,
    'Documentation: https://github.com/org/oci-wif-action/blob/main/docs/command.md',
  ].join('\n\n');
}

/** @param shared the options of the connection */
export function commandHelp(command: Command, shared: OptionRules, bold: (text: string) => string): string {
  const rules = Object.entries({ ...command.options, ...shared });
  const groups = [...new Set(rules.map(([, { group = 'Options' }]) => group))];
  const sections = groups.map((group) => {
    const members = rules.filter(([, rule]) => (rule.group ?? 'Options') === group);
    return `${bold(group)}\n${members.map(([name, rule]) => optionEntry(name, rule)).join('\n')}`;
  });
  const examples = command.examples.map(([what, line]) => `  # ${what}\n  oci-wif ${line}`);
  const codes = Object.entries(command.exitCodes).map(([code, meaning]) => entry(code, meaning, 4));
  return [
    `${command.summary}.`,
    `${bold('Usage')}\n  oci-wif ${command.name} ${command.usage}`,
    ...(examples.length > 0 ? [`${bold('Examples')}\n${examples.join('\n\n')}`] : []),
    ...sections,
    `${bold('Exit codes')}\n${codes.join('\n')}`,
  ].join('\n\n');
}

function optionEntry(name: string, rule: OptionRule): string {
  const title = rule.type === 'boolean' ? `--${name}` : `--${name} <${rule.value ?? 'value'}>`;
  const facts = [
    rule.choices && `One of ${rule.choices.join(', ')}`,
    rule.multiple && 'May be repeated',
    rule.required && 'Required',
    rule.env && `Variable: ${rule.env}`,
    rule.default !== undefined && `Default: ${rule.default}`,
  ].filter(Boolean);
  return entry(title, `${[rule.help, ...facts].join('. ')}.`, 28);
}

/** A title, and its text in a column beside it, or below it if the title is long. */
function entry(title: string, text: string, column: number): string {
  const lines = wrap(text, WIDTH - column - 2);
  const indent = ' '.repeat(column + 2);
  const isShort = title.length < column;
  const first = isShort ? [`  ${title.padEnd(column)}${lines.shift() ?? ''}`] : [`  ${title}`];
  return [...first, ...lines.map((line) => indent + line)].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
