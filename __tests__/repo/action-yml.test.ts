// action.yml, the input schema, the README and doctor/action.yml say the same.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { EXPORT_TARGETS, INPUTS, type InputRule } from '../../src/inputs/schema.ts';

interface Metadata {
  description: string;
  inputs: Record<string, { description: string; required: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string; post: string };
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const action = parse(read('action.yml')) as Metadata;
const doctor = parse(read('doctor/action.yml')) as Metadata;

/** The cells of each row of the tables below a heading. */
function tableUnder(heading: string, page = 'README.md'): string[][] {
  const section =
    read(page)
      .split(new RegExp(`^#+ ${heading}$`, 'm'))[1]
      ?.split(/^#+ /m)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const unquoted = (cell: string | undefined) => /^`(.*)`$/.exec(cell ?? '')?.[1];

describe('action.yml', () => {
  it('declares exactly the inputs of the schema, with their defaults', () => {
    const rules: [string, InputRule<unknown>][] = Object.entries(INPUTS);
    const expected = rules.map(([name, rule]) => ({
      name,
      required: rule.required ?? false,
      default: rule.default,
    }));
    const declared = Object.entries(action.inputs).map(([name, input]) => {
      return { name, required: input.required, default: input.default };
    });
    expect(declared).toEqual(expected);
  });

  it('has a description that the Marketplace accepts, and one line for each input and output', () => {
    expect(action.description.length).toBeLessThan(125);
    const all = [...Object.values(action.inputs), ...Object.values(action.outputs)];
    expect(all.filter(({ description }) => description.includes('\n'))).toEqual([]);
  });

  it('starts programs that exist', () => {
    expect(action.runs.using).toBe('node24');
    for (const entry of [action.runs.main, action.runs.post]) expect(read(entry)).not.toBe('');
  });
});

/** Inputs for what a login leaves; the doctor leaves nothing. */
const NOT_FOR_THE_DOCTOR = [
  'output-credentials',
  'refresh',
  'minimum-lifetime-seconds',
  'cleanup',
  'summary',
];

describe('doctor/action.yml', () => {
  it('declares the same inputs as action.yml, except those for what a login leaves', () => {
    const names = Object.keys(action.inputs).filter((name) => !NOT_FOR_THE_DOCTOR.includes(name));
    // Every job downloads this file, so it does not repeat the descriptions.
    const expected = names.map((name) => [name, { ...action.inputs[name], description: 'As in the login.' }]);
    expect(Object.entries(doctor.inputs)).toEqual(expected);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(NOT_FOR_THE_DOCTOR));
  });

  it('starts a program that exists, and no post step', () => {
    expect(doctor.runs).toEqual({ using: 'node24', main: '../dist/doctor.js' });
    expect(read(path.join('doctor', doctor.runs.main))).not.toBe('');
    expect(Object.keys(doctor.outputs)).toEqual(['result']);
  });
});

describe('README', () => {
  /** The headings of the input tables. The table for AWS is folded below the last one. */
  const INPUT_GROUPS = ['OCI', 'Profile and later steps', 'Lifetime, network and reports'];

  it('lists the inputs of action.yml with their defaults', () => {
    const tables = INPUT_GROUPS.flatMap((heading) => tableUnder(heading));
    const rows = tables.map(([name, preset]) => {
      return { name: unquoted(name), default: preset === 'required' ? 'required' : unquoted(preset) };
    });
    const expected = Object.entries(action.inputs).map(([name, input]) => {
      return { name, default: input.required ? 'required' : input.default };
    });
    expect(rows).toEqual(expected);
  });

  it('lists the outputs of action.yml', () => {
    const names = tableUnder('Outputs').flatMap(([cell = '']) => cell.split(', ').map(unquoted));
    expect(names).toEqual(Object.keys(action.outputs));
  });
});

describe('docs/export-targets.md', () => {
  it('lists the export targets', () => {
    const listed = tableUnder('Environment of later steps', 'docs/export-targets.md').map(([target]) =>
      unquoted(target),
    );
    expect(listed).toEqual(EXPORT_TARGETS);
  });
});
