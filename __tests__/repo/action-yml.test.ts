// Holds action.yml, the table in src/config and the README's tables to each other.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { EXPORT_TARGETS, INPUTS, type InputRule } from '../../src/inputs/schema.ts';
import { variablesOfDoors } from './workflow-text.ts';

interface Metadata {
  inputs: Record<string, { description: string; required: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string; post: string };
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const action = parse(read('action.yml')) as Metadata;
const doctor = parse(read('doctor/action.yml')) as Metadata;

/** Rows of the first table below a heading of a page, as lists of their cells. */
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
  it('declares exactly the inputs of the table in src/config, with their defaults', () => {
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

  it('describes every input and output', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/^[A-Z].{15,}\.$/s);
    }
  });

  it('starts the bundles that exist', () => {
    expect(action.runs.using).toBe('node24');
    for (const entry of [action.runs.main, action.runs.post]) expect(read(entry)).not.toBe('');
  });
});

/** What a login does with its session; the doctor has none at the end. */
const NOT_FOR_THE_DOCTOR = [
  'export-for',
  'output-credentials',
  'refresh',
  'minimum-lifetime-seconds',
  'cleanup',
  'summary',
];

describe('doctor/action.yml', () => {
  it('declares the inputs of the login word for word, but for those that say what to leave', () => {
    const expected = Object.entries(action.inputs).filter(([name]) => !NOT_FOR_THE_DOCTOR.includes(name));
    expect(Object.entries(doctor.inputs)).toEqual(expected);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(NOT_FOR_THE_DOCTOR));
  });

  it('starts the bundle that exists, and no post step', () => {
    expect(doctor.runs).toEqual({ using: 'node24', main: '../dist/doctor.js' });
    expect(read(path.join('doctor', doctor.runs.main))).not.toBe('');
    expect(Object.keys(doctor.outputs)).toEqual(['result']);
  });
});

describe('README', () => {
  it('lists the inputs of action.yml with their defaults', () => {
    const rows = tableUnder('Inputs').map(([name, preset]) => {
      return { name: unquoted(name), default: preset === 'required' ? 'required' : unquoted(preset) };
    });
    const expected = Object.entries(action.inputs).map(([name, input]) => {
      return { name, default: input.required ? 'required' : input.default };
    });
    expect(rows).toEqual(expected);
  });

  it('lists the outputs of action.yml', () => {
    expect(tableUnder('Outputs').map(([name]) => unquoted(name))).toEqual(Object.keys(action.outputs));
  });
});

describe('docs/doors.md', () => {
  it('lists the doors with the variables that each exports', () => {
    const listed = tableUnder('Environment of later steps', 'docs/doors.md').map(([door, names = '']) => {
      return [unquoted(door), names === '' ? [] : names.split(' ').map(unquoted)];
    });
    expect(listed).toEqual(Object.entries(variablesOfDoors()));
    expect(listed.map(([door]) => door)).toEqual(EXPORT_TARGETS);
  });
});
