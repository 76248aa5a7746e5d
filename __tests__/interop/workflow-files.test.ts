// The workflows and the actions' descriptions before those who know GitHub's rules: they find nothing, and they look.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { installed } from './install.ts';
import { good, refused } from './login.ts';
import { rowsOf } from './matrix.ts';
import { stepsOf } from './step.ts';

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
/** What both know. */
const IN_WORKFLOWS: Mistake[] = [
  { right: 'runs-on:', wrong: 'run-on:', finding: /run-on/ },
  { right: 'needs: build', wrong: 'needs: bild', finding: /bild/ },
  { right: 'vars.OCI_REGION', wrong: 'var.OCI_REGION', finding: /\bvar\b/ },
].map((mistake) => ({ file: EXAMPLE, ...mistake }));
/** What only knows who knows the action. */
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
  return stepsOf({ env: () => env, workspace: directory }, {})(file, args);
};

function withMistake({ file, right, wrong }: Mistake): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  expect(text).toContain(right);
  const broken = path.join(directory, path.basename(file));
  writeFileSync(broken, text.replace(right, wrong));
  return broken;
}

rowsOf('actionlint')(
  { door: 'workflows', remark: 'nothing to find; mistakes made on purpose are found' },
  async () => {
    // Whether a machine has those two shall not decide what is found.
    const lint = (files: readonly string[]) =>
      run(installed('actionlint', 'actionlint'), ['-shellcheck=', '-pyflakes=', '-oneline', ...files]);
    expect(good(await lint(WORKFLOWS))).toBe('');
    for (const mistake of IN_WORKFLOWS) {
      expect(refused(await lint([withMistake(mistake)]))).toMatch(mistake.finding);
    }
  },
);

rowsOf('@actions/languageservice')(
  { door: 'workflows, `action.yml`', remark: 'nothing to find; mistakes made on purpose are found' },
  async () => {
    const validate = async (files: readonly string[]) => {
      const program = path.join(root, '__tests__/interop/programs/validate.ts');
      return good(await run(process.execPath, [program, installed('languageservice', ''), ...files]));
    };
    expect(await validate([...WORKFLOWS, ...ACTIONS])).toBe('');
    for (const mistake of [...IN_WORKFLOWS, ...IN_ACTIONS]) {
      expect(await validate([withMistake(mistake)])).toMatch(mistake.finding);
    }
  },
);
