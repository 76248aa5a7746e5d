import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { VERSIONS } from '../interop/clients.ts';
import { differences, matrixIn, withMatrix, withSummary } from '../interop/page.ts';

const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../..', name), 'utf8');
const page = read('docs/interop.md');
const results = matrixIn(read('__tests__/interop/results.md'));

it('the results have the pinned version of each client, and no failure', () => {
  const rows = results.map((line) => line.split(' | '));
  const versions = rows.map(([client = '', version = '']) => [client.replace('| ', ''), version]);
  expect(Object.fromEntries(versions)).toEqual(VERSIONS);
  expect([...new Set(rows.map(([, , , result]) => result))].toSorted()).toEqual(['does not', 'works']);
});

it('docs/interop.md has the summary of the results', () => {
  expect(page).toBe(withSummary(page, results));
  expect(page).toContain('| kubectl | ');
});

it('reports rows that only the page or only the run has', () => {
  const rows = ['| a | 1 | cli | works | r |', '| b | 1 | cli | works | r |'];
  const [a = '', b = ''] = rows;
  const page = '<!-- matrix -->\nhead\n---\n| old | 1 |\n| Helm | 3 |\n<!-- /matrix -->\nafter\n';
  const kept = withMatrix(page, rows);
  expect(matrixIn(kept)).toEqual(['| Helm | 3 |', ...rows]);
  expect(differences(kept, rows, true)).toEqual([]);
  expect(differences(kept, [a], true)).toHaveLength(1);
  expect(differences(kept, [a], false)).toEqual([]);
  expect(differences(kept, [a, b.replace('works', 'FAILED')], false)).toHaveLength(1);
});
