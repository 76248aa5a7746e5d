import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VERSIONS } from '../interop/clients.ts';
import type { Row } from '../interop/matrix.ts';
import { differences, linesOf, matrixIn, withMatrix } from '../interop/page.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/interop.md'), 'utf8');

describe('docs/interop.md', () => {
  it('has the versions that are pinned, and no failure', () => {
    const rows = matrixIn(page).map((line) => line.split(' | '));
    const versions = rows.map(([client = '', version = '']) => [client.replace('| ', ''), version]);
    expect(Object.fromEntries(versions)).toEqual(VERSIONS);
    expect(new Set(versions.map(String)).size).toBe(Object.keys(VERSIONS).length);
    expect([...new Set(rows.map(([, , , result]) => result))].toSorted()).toEqual(['does not', 'works']);
  });
});

describe('the matrix', () => {
  const row = (client: string): Row => ({ client, version: '1', door: 'd', result: 'works', remark: 'r' });
  const [a = '', b = '', c = ''] = ['a', 'b', 'c'].flatMap((client) => linesOf([row(client)]));
  const kept = withMatrix('before\n<!-- matrix -->\nold\n<!-- /matrix -->\nafter\n', [a, b]);

  it('is a table in one order', () => {
    expect(linesOf([row('b'), row('a')])).toEqual(['| a | 1 | d | works | r |', '| b | 1 | d | works | r |']);
  });

  it('replaces what stands between the markers, and nothing else', () => {
    expect(kept).toMatch(
      /^before\n<!-- matrix -->\n\| client [\s\S]*\| b [^\n]*\n<!-- \/matrix -->\nafter\n$/,
    );
    expect(kept).not.toContain('old');
    expect(matrixIn(kept)).toEqual([a, b]);
    expect(withMatrix(page, matrixIn(page))).toBe(page);
  });

  it('differs from a page with too much, too little or other rows', () => {
    expect(differences(kept, [a, b], true)).toEqual([]);
    expect(differences(kept, [a], true)).toEqual([`on the page, not found: ${b}`]);
    expect(differences(kept, [a], false)).toEqual([]);
    expect(differences(kept, [a, b, c], false)).toEqual([`found, not on the page: ${c}`]);
    expect(differences(kept, [a, b.replace('works', 'FAILED')], true)).toHaveLength(2);
  });
});
