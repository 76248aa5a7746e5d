// The pieces of the job summary, held against text that would break out of them.
import { describe, expect, it } from '@jest/globals';
import { codeCell, exhibitLines, prose, table } from '../../src/runner/markdown.ts';

describe('a cell', () => {
  it.each([
    ['main', '`main`'],
    ['a|b', '`a\\|b`'],
    ['a\n| b', '`a \\| b`'],
    ['<b>&amp;', '`<b>&amp;`'],
    ['`', '`` ` ``'],
    ['a``b', '```a``b```'],
    ['[x](https://example.com)', '`[x](https://example.com)`'],
  ])('of %j is %j', (text, cell) => {
    expect(codeCell(text)).toBe(cell);
  });

  it('stands in a table, and none in no table', () => {
    expect(table([['ref', 'main']])).toEqual(['| what | value |', '| --- | --- |', '| ref | `main` |', '']);
    expect(table([])).toEqual([]);
  });
});

describe('an exhibit', () => {
  const exhibit = { title: 'A <title>', language: 'text', text: 'x' } as const;

  it.each([
    ['x', '```'],
    ['a\n```\n</details>', '````'],
    ['`````', '``````'],
  ])('of %j is fenced by %j', (text, fence) => {
    const lines = exhibitLines({ ...exhibit, text, isFolded: false });
    expect(lines).toEqual(['A &#60;title&#62;:', '', `${fence}text`, text, fence, '']);
  });

  it('can be folded', () => {
    const lines = exhibitLines({ ...exhibit, isFolded: true });
    expect(lines.slice(0, 3)).toEqual(['<details>', '<summary>A &#60;title&#62;</summary>', '']);
    expect(lines.slice(-2)).toEqual(['</details>', '']);
  });
});

it('a sentence opens no tag and no cell, and keeps to one line', () => {
  expect(prose('a <b> | `c`\n& d')).toBe('a &#60;b&#62; &#124; `c` &#38; d');
});
