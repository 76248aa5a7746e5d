// The texts of which a login warns are those that the OCI CLI and the AWS CLI reject.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FAULTY, READABLE } from '../unit/profiles/config-texts.ts';
import { installed } from './install.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/read_config.py');

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'config-texts-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each(['oci', 'aws'])('the library of the CLI of %s rejects the faulty texts, and no others', (client) => {
  const files = [...READABLE, ...FAULTY].map(([what, text]) => {
    const file = path.join(directory, what);
    writeFileSync(file, text, 'latin1');
    return file;
  });
  const python = installed(client, 'bin/python');
  const printed = execFileSync(python, [PROGRAM, ...files], { encoding: 'utf8', env: { PYTHONUTF8: '1' } });
  const texts = [...READABLE, ...FAULTY].map(([what]) => what);
  const read = texts.filter((_what, at) => (JSON.parse(printed) as boolean[])[at]);
  expect(read).toEqual(READABLE.map(([what]) => what));
});
