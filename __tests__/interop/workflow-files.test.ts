// Linters find no mistake in the workflows and the action.yml files, and do find deliberate ones.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { installed } from './install.ts';
import { failureOf, stdoutOf } from './login.ts';
import { rowsOf } from './matrix.ts';
import { stepIn } from './step.ts';

const root = path.join(import.meta.dirname, '../..');
const WORKFLOWS = globSync('{examples,.github/workflows,__tests__/interop/workflows}/*.yml', {
  cwd: root,
}).map((file) => path.join(root, file));
const ACTIONS = ['action.yml', 'doctor/action.yml'].map((file) => path.join(root, file));

interface Mistake {
  file: string;
  right: string;
  wrong: string;
  finding: RegExp;
}

const EXAMPLE = 'examples/oci-cli.yml';
/** Mistakes that both linters find. */
const IN_WORKFLOWS: Mistake[] = [
  { right: 'runs-on:', wrong: 'run-on:', finding: /run-on/ },
  { right: 'needs: build', wrong: 'needs: bild', finding: /bild/ },
  { right: 'vars.OCI_REGION', wrong: 'var.OCI_REGION', finding: /\bvar\b/ },
].map((mistake) => ({ file: EXAMPLE, ...mistake }));
/** Mistakes that need knowledge of actions. */
const IN_ACTIONS: Mistake[] = [
  { file: EXAMPLE, right: 'domain-url:', wrong: 'domain-uri:', finding: /domain-uri/ },
  { file: 'action.yml', right: 'using: node24', wrong: 'using: node25', finding: /node25/ },
  { file: 'doctor/action.yml', right: 'description:', wrong: 'descripton:', finding: /descripton/ },
];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'mistakes-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (file: string, args: readonly string[]) => {
  const env = { PATH: process.env['PATH'] ?? '' };
  return stepIn({ env: () => env, workspace: directory }, {})(file, args);
};

function withMistake({ file, right, wrong }: Mistake): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  expect(text).toContain(right);
  const broken = path.join(directory, path.basename(file));
  writeFileSync(broken, text.replace(right, wrong));
  return broken;
}

rowsOf('actionlint')(
  { access: 'workflows', remark: 'no findings; deliberate mistakes are found' },
  async () => {
    // The result must not depend on whether shellcheck and pyflakes are installed.
    const lint = (files: readonly string[]) =>
      run(installed('actionlint', 'actionlint'), ['-shellcheck=', '-pyflakes=', '-oneline', ...files]);
    expect(stdoutOf(await lint(WORKFLOWS))).toBe('');
    for (const mistake of IN_WORKFLOWS) {
      expect(failureOf(await lint([withMistake(mistake)]))).toMatch(mistake.finding);
    }
  },
);

rowsOf('@actions/languageservice')(
  { access: 'workflows, `action.yml`', remark: 'no findings; deliberate mistakes are found' },
  async () => {
    const validate = async (files: readonly string[]) => {
      const program = path.join(root, '__tests__/interop/programs/validate.ts');
      return stdoutOf(await run(process.execPath, [program, installed('languageservice', ''), ...files]));
    };
    expect(await validate([...WORKFLOWS, ...ACTIONS])).toBe('');
    for (const mistake of [...IN_WORKFLOWS, ...IN_ACTIONS]) {
      expect(await validate([withMistake(mistake)])).toMatch(mistake.finding);
    }
  },
);
