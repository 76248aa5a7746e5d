// Prints the matrix after all tests, and fails the run when results.md has another one. With `--updateSnapshot` it writes
// results.md, and its summary in docs/interop.md. In JavaScript, because Jest does not transform reporters.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { differences, linesOf, matrixIn, withMatrix, withSummary } from './page.ts';

const RESULTS = path.join(import.meta.dirname, 'results.md');
const PAGE = path.join(import.meta.dirname, '../../docs/interop.md');

export default class MatrixReporter {
  #directory = '';
  #config;
  #error;
  #script;

  /** @param options `script` is the one of `npm run` */
  constructor(config, { script = 'interop' } = {}) {
    this.#config = config;
    this.#script = script;
  }

  onRunStart() {
    this.#directory = mkdtempSync(path.join(tmpdir(), 'matrix-'));
    process.env['INTEROP_MATRIX'] = path.join(this.#directory, 'matrix.jsonl');
    writeFileSync(process.env['INTEROP_MATRIX'], '');
  }

  onRunComplete(_contexts, { numFailedTests, numFailedTestSuites }) {
    const rows = readFileSync(path.join(this.#directory, 'matrix.jsonl'), 'utf8').split('\n');
    rmSync(this.#directory, { recursive: true });
    const found = linesOf(rows.filter((row) => row !== '').map((row) => JSON.parse(row)));
    process.stdout.write(`\n${found.join('\n')}\n`);
    const { nonFlagArgs, testNamePattern, updateSnapshot } = this.#config;
    const whole = nonFlagArgs.length === 0 && !testNamePattern;
    const results = readFileSync(RESULTS, 'utf8');
    if (updateSnapshot === 'all' && whole && numFailedTests + numFailedTestSuites === 0) {
      const written = withMatrix(results, found, this.#script);
      writeFileSync(RESULTS, written);
      writeFileSync(PAGE, withSummary(readFileSync(PAGE, 'utf8'), matrixIn(written)));
      return;
    }
    const wrong = differences(results, found, whole, this.#script);
    if (wrong.length === 0) return;
    this.#error = new Error(`results.md differs: npm run ${this.#script} -- --updateSnapshot`);
    process.stdout.write(`\n${this.#error.message}\n  ${wrong.join('\n  ')}\n`);
  }

  getLastError() {
    return this.#error;
  }
}
