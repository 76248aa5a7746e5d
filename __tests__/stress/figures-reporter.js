// Prints the table of figures after all tests. In JavaScript, because Jest does not transform reporters.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export default class FiguresReporter {
  #directory = '';

  onRunStart() {
    this.#directory = mkdtempSync(path.join(tmpdir(), 'figures-'));
    process.env['STRESS_FIGURES'] = path.join(this.#directory, 'figures.jsonl');
    writeFileSync(process.env['STRESS_FIGURES'], '');
  }

  onRunComplete() {
    const lines = readFileSync(path.join(this.#directory, 'figures.jsonl'), 'utf8').split('\n');
    const figures = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    rmSync(this.#directory, { recursive: true });
    for (const [suite, rows] of Object.entries(Object.groupBy(figures, ({ suite }) => suite)).toSorted()) {
      process.stdout.write(`\n${suite}\n`);
      for (const { what, value } of rows ?? []) process.stdout.write(`  ${what.padEnd(72)} ${value}\n`);
    }
  }
}
