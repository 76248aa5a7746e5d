// Text of others does not become markup in a job summary.
import { describe, expect, it } from '@jest/globals';
import { escapeMarkup, literal, snippetLines, tableOf } from '../../../src/report/markdown.ts';

describe('literal', () => {
  it.each([
    ['plain-1.2:x/y@z', 'plain-1.2:x/y@z'],
    ['a|b', 'a&#124;b'],
    ['<img src=x>', '&#60;img src=x&#62;'],
    ['&lt;', '&#38;lt;'],
    ['[x](y)', '&#91;x&#93;(y)'],
    ['`a` $b$', '&#96;a&#96; &#36;b&#36;'],
    ['_a_ *b* ~~c~~ \\', '&#95;a&#95; &#42;b&#42; &#126;&#126;c&#126;&#126; &#92;'],
    ['OCI_CLI_AUTH a_b __c__', 'OCI_CLI_AUTH a_b &#95;_c_&#95;'],
    ['two\nlines\r\n', 'two lines '],
  ])('returns %j as code without markup', (value, text) => {
    expect(literal(value)).toBe(`<code>${text}</code>`);
  });
});

describe('escapeMarkup', () => {
  it('keeps backticks and escapes tags, cells and links', () => {
    expect(escapeMarkup('`a` <b>|[c](d)\ne')).toBe('`a` &#60;b&#62;&#124;&#91;c](d) e');
    // GitHub decodes no reference between backticks.
    expect(escapeMarkup('`a || <b>` | `c` `')).toBe('<code>a &#124;&#124; &#60;b&#62;</code> &#124; `c` `');
  });
});

describe('tableOf', () => {
  it('returns a line for each row, and no lines without rows', () => {
    expect(tableOf([['a|b', literal('c|d')]])).toEqual([
      '| Name | Value |',
      '| --- | --- |',
      '| a&#124;b | <code>c&#124;d</code> |',
    ]);
    expect(tableOf([])).toEqual([]);
  });
});

describe('snippetLines', () => {
  const snippet = { title: 'A <title>', language: 'text', text: 'x' } as const;

  it.each([
    ['x', '```'],
    ['a\n```\n</details>', '````'],
    ['`````', '``````'],
  ])('encloses %j in the fence %j', (text, fence) => {
    const lines = snippetLines({ ...snippet, text, isFolded: false });
    expect(lines).toEqual(['A &#60;title&#62;:', '', `${fence}text`, text, fence, '']);
  });

  it('returns a folded block for a folded snippet', () => {
    const lines = snippetLines({ ...snippet, isFolded: true });
    expect(lines.slice(0, 3)).toEqual(['<details>', '<summary>A &#60;title&#62;</summary>', '']);
    expect(lines.slice(-2)).toEqual(['</details>', '']);
  });
});
