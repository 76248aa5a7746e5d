// Writes the tables of docs/command.md and docs/audit.md from the options, exit codes, errors and rules of the command; with
// --check, fails when a committed page differs. The rest of the pages is written by hand.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RULES } from '../cli/audit/rules/rules.ts';
import { COMMAND_CODES } from '../cli/codes.ts';
import type { Command, OptionRule, OptionRules } from '../cli/command.ts';
import { CONNECTION_OPTIONS } from '../cli/connect/options.ts';
import { INPUTS } from '../src/inputs/schema.ts';
import { COMMANDS } from './commands.ts';

const commandsFor = (readers: Command['isFor']) => COMMANDS.filter(({ isFor }) => isFor === readers);

interface Row {
  name: string;
  rule: OptionRule;
  commands: string[];
}

/** The options of these commands. One that several commands have with the same rule is one row. */
function optionRows(commands: readonly Command[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { name: command, options, isFor } of commands)
    for (const [name, rule] of Object.entries(
      isFor === 'jobs' ? ownOptions(options) : { ...options, ...CONNECTION_OPTIONS },
    )) {
      const key = JSON.stringify([name, rule]);
      const row: Row = rows.get(key) ?? { name, rule, commands: [] };
      row.commands.push(command);
      rows.set(key, row);
    }
  return [...rows.values()];
}

/** Without those that an input of the action explains: it has the same name. */
const ownOptions = (options: OptionRules): OptionRules =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(INPUTS, name)));

/** A table for each group of the help, in the order of the help. */
function optionTables(commands: readonly Command[]): string {
  const groups = Map.groupBy(optionRows(commands), ({ rule }) => rule.group ?? 'Options');
  return [...groups].map(([group, rows]) => `### ${group}\n\n${optionTable(rows, commands)}`).join('\n\n');
}

function optionTable(rows: readonly Row[], commands: readonly Command[]): string {
  return table(
    ['option', 'command', 'meaning'],
    rows.map((row) => optionCells(row, commands.length)),
  );
}

function optionCells({ name, rule, commands }: Row, ofCommands: number): string[] {
  const value = rule.type === 'boolean' ? '' : ` <${rule.value ?? 'value'}>`;
  const where = commands.length === ofCommands ? 'all' : commands.join(', ');
  const facts: unknown[] = [
    rule.required && 'Required',
    rule.choices && `One of ${rule.choices.map((one) => code(one)).join(', ')}`,
    rule.multiple && 'May be repeated',
    rule.default !== undefined && `Default: ${code(rule.default)}`,
    rule.env !== undefined && `Or the variable ${code(rule.env)}`,
  ];
  const sentences = [rule.help, ...facts].filter((one) => typeof one === 'string');
  return [code(`--${name}${value}`), where, withCode(sentences.join('. '))];
}

function exitCodeTable(commands: readonly Command[]): string {
  const codes = commands.flatMap(({ exitCodes }) => Object.keys(exitCodes));
  const numbers = [...new Set(codes)].toSorted((one, other) => Number(one) - Number(other));
  const rows = numbers.map((number) => [
    number,
    ...commands.map(({ exitCodes }) => withCode(exitCodes[Number(number)] ?? '')),
  ]);
  return table(['exit code', ...commands.map(({ name }) => name)], rows);
}

function errorTable(): string {
  const rows = Object.entries(COMMAND_CODES).map(([name, { title, remedy }]) => [code(name), title, remedy]);
  return table(['code', 'meaning', 'what to do'], rows);
}

/** Options in a text for the terminal, as code unless they are. */
const withCode = (text: string) => text.replaceAll(/(?<![`\w-])--[a-z][a-z-]*/g, (option) => code(option));

const code = (text: string) => `\`${text}\``;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** For a cell: `<` would begin a tag, except in code. */
const escaped = (cell: string) =>
  cell
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '\\<')).replaceAll('|', '\\|'))
    .join('');

function ruleTable(): string {
  const rows = RULES.map(({ id, severity, title }) => [id, severity, title]);
  return table(['rule', 'severity', 'fault'], rows);
}

/** The generated parts of each page, by the names of their places. */
const PAGES: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/command.md': {
    options: () => optionTables(commandsFor('administrators')),
    'exit codes': () => exitCodeTable(commandsFor('administrators')),
    'options for jobs': () => optionTable(optionRows(commandsFor('jobs')), commandsFor('jobs')),
    'exit codes for jobs': () => exitCodeTable(commandsFor('jobs')),
    errors: errorTable,
  },
  'docs/audit.md': { rules: ruleTable },
};

/** @throws Error when the page lacks the place of a part */
function render(page: string, text: string): string {
  return Object.entries(PAGES[page] ?? {}).reduce((done, [name, make]) => {
    const [start, end] = [`<!-- ${name}: generated by "npm run docs" -->`, `<!-- end of ${name} -->`];
    const [from, to] = [done.indexOf(start), done.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${page} lacks ${start} or ${end}`);
    return `${done.slice(0, from + start.length)}\n\n${make()}\n\n${done.slice(to)}`;
  }, text);
}

for (const page of Object.keys(PAGES)) {
  const file = path.join(import.meta.dirname, '..', page);
  const committed = await readFile(file, 'utf8');
  const rendered = render(page, committed);
  if (!process.argv.includes('--check')) await writeFile(file, rendered);
  else if (committed !== rendered) {
    console.error(`${page} is stale: run "npm run docs" and commit the result.`);
    process.exitCode = 1;
  }
}
