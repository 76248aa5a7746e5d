// The rules of the config format.
import { describe, expect, it } from '@jest/globals';
import {
  appendSection,
  encode,
  hasByteOrderMark,
  isReadable,
  lineEndOf,
  listSections,
  readKey,
  removeSection,
  replaceSection,
  sectionsNamed,
  toText,
} from '../../../src/profiles/ini-text.ts';

const BOM = '\xef\xbb\xbf';

/** Name and text of each section. */
function outline(text: string): string[][] {
  return listSections(text).map(({ name, start, end }) => [name, text.slice(start, end)]);
}

describe('the sections of a config', () => {
  it.each([
    ['an empty file has none', '', []],
    ['keys before any section belong to none', 'a=1\nb=2\n', []],
    ['a header alone is a section', '[P]', [['P', '[P]']]],
    ['the last line can lack its line end', '[P]\na=1', [['P', '[P]\na=1']]],
    ['blanks before the header are part of it', ' \t[P]\na=1\n', [['P', ' \t[P]\na=1\n']]],
    ['blanks inside the brackets are not part of the name', '[ P ]\n', [['P', '[ P ]\n']]],
    ['text after the bracket is part of the header', '[P] # mine\na=1\n', [['P', '[P] # mine\na=1\n']]],
    [
      'names are case-sensitive',
      '[p]\n[P]\n',
      [
        ['p', '[p]\n'],
        ['P', '[P]\n'],
      ],
    ],
    [
      'a name can be duplicate',
      '[P]\na=1\n[P]\nb=1\n',
      [
        ['P', '[P]\na=1\n'],
        ['P', '[P]\nb=1\n'],
      ],
    ],
    ['a comment is no header', '#[P]\n;[P]\n# [P]\n', []],
    ['a value with brackets is no header', '[A]\nx=[P]\n', [['A', '[A]\nx=[P]\n']]],
    ['an indented line continues a value', '[A]\nx=1\n  [\n', [['A', '[A]\nx=1\n  [\n']]],
    ['a byte order mark comes before the first header', `${BOM}[P]\na=1\n`, [['P', '[P]\na=1\n']]],
    [
      'line ends can be CRLF',
      '[P]\r\na=1\r\n[Q]\r\n',
      [
        ['P', '[P]\r\na=1\r\n'],
        ['Q', '[Q]\r\n'],
      ],
    ],
    [
      'blank lines after the last key are not part',
      '[P]\na=1\n\n \n[Q]\n',
      [
        ['P', '[P]\na=1\n'],
        ['Q', '[Q]\n'],
      ],
    ],
    [
      'comments after the last key are not part',
      '[P]\na=1\n# q\n;q\n[Q]\n',
      [
        ['P', '[P]\na=1\n'],
        ['Q', '[Q]\n'],
      ],
    ],
    [
      'comments after the last key are not part with CRLF',
      '[P]\r\na=1\r\n# q\r\n[Q]\r\n',
      [
        ['P', '[P]\r\na=1\r\n'],
        ['Q', '[Q]\r\n'],
      ],
    ],
    ['a comment without a line end is not part', '[P]\na=1\n# q', [['P', '[P]\na=1\n']]],
    ['comments between keys are part', '[P]\n# c\na=1\n', [['P', '[P]\n# c\na=1\n']]],
  ])('%s', (_title, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });
});

describe('a section of a name', () => {
  it.each([
    ['P', '[ P ]'],
    ['default', '[profile default]'],
    ['profile deploy', '[profile "deploy"]'],
    ['profile deploy', "[profile 'deploy']"],
    ['profile deploy', '[profile \t deploy]'],
    ['profile deploy', '[profile depl\\oy]'],
    ['profile deploy', '[profile.deploy]'],
    ['profile deploy', '[profile-x deploy]'],
  ])('%s can be written %s', (name, header) => {
    expect(sectionsNamed(`[x]\n${header}\n`, name)).toHaveLength(1);
  });

  it.each([
    ['default', '[DEFAULT]'],
    ['deploy', '[profile deploy]'],
    ['profile deploy', '[deploy]'],
    ['profile deploy', '[profile deploy x]'],
    ['profile deploy', '[sso-session deploy]'],
    ['profile default', '[default]'],
  ])('%s is not %s', (name, header) => {
    expect(sectionsNamed(`${header}\n`, name)).toEqual([]);
  });

  it('with a dot is found', () => {
    expect(sectionsNamed('[profile.x]\n', 'profile.x')).toHaveLength(1);
  });
});

describe('a key of a section', () => {
  it.each([
    ['is read without blanks', '[P]\n a \t=  v w \n', 'v w'],
    ['keeps a second equals sign', '[P]\na=b=c\n', 'b=c'],
    ['ends before a carriage return', '[P]\r\na=v\r\n', 'v'],
    ['is the last of several', '[P]\na=1\na=2\n', '2'],
    ['is not read from a comment', '[P]\n#a=1\n;a=2\n', undefined],
    ['is not read from another key', '[P]\nab=1\nxa=2\nb:a=3\n', undefined],
    ['can be empty', '[P]\na=\n', ''],
    ['can be in capitals, as for Python and Go', '[P]\nA=v\n', 'v'],
    ['can end in a colon, as for Python', '[P]\na : v=w\n', 'v=w'],
  ])('%s', (_title, text, expected) => {
    expect(readKey(text, 'a')).toBe(expected);
  });
});

describe('appendSection, replaceSection and removeSection', () => {
  const block = '[P]\nk=v\n';

  it.each([
    ['an empty file gets only the section', '', block],
    ['a byte order mark gets only the section', BOM, BOM + block],
    ['a last line with a line end is unchanged', 'a=1\n', `a=1\n${block}`],
    ['a last line without a line end gets one', 'a=1', `a=1\n${block}`],
    ['the line end is that of the file', '[A]\r\na=1', `[A]\r\na=1\r\n${block}`],
    ['blank lines at the end stay', 'a=1\n\n\n', `a=1\n\n\n${block}`],
    ['blanks at the end are a line', 'a=1\n  ', `a=1\n  \n${block}`],
  ])('%s', (_title, text, expected) => {
    expect(appendSection(text, block).text).toBe(expected);
  });

  it('add a line end when text follows a section without one', () => {
    const grown = `${block}[Q]\n`;
    const [first] = listSections(grown);
    expect(first && replaceSection(grown, first, '[P]\nold=1')).toEqual({
      text: '[P]\nold=1\n[Q]\n',
      addedNewline: '\n',
    });
  });

  it('keep the added line end when another section follows', () => {
    const { text, addedNewline } = appendSection('a=1', block);
    const grown = `${text}[Q]\n`;
    const [first] = listSections(grown);
    expect(first && removeSection(grown, first, addedNewline)).toBe('a=1\n[Q]\n');
  });
});

describe('a file', () => {
  it.each([
    ['', '\n'],
    ['no line end', '\n'],
    ['a\nb\r\n', '\n'],
    ['a\r\nb\n', '\r\n'],
    ['\r\n', '\r\n'],
    ['a\rb\n', '\n'],
  ])('with %j has the line end %j', (text, expected) => {
    expect(lineEndOf(text)).toBe(expected);
  });

  it('is unreadable only in UTF-16', () => {
    expect(isReadable(toText(Buffer.from('\ufeff[P]\r\n', 'utf16le')))).toBe(false);
    expect(isReadable(toText(Buffer.from('[P]\n# 日本\n', 'utf8')))).toBe(true);
    expect(isReadable(toText(Buffer.from('[P]\n# ä\n', 'latin1')))).toBe(true);
  });

  it('has a byte order mark only at its start', () => {
    expect([`${BOM}x`, `x${BOM}`, ''].map(hasByteOrderMark)).toEqual([true, false, false]);
  });

  it('gets text of the action in UTF-8', () => {
    expect(Buffer.from(encode('/home/jürgen'), 'latin1').toString('utf8')).toBe('/home/jürgen');
  });
});

describe('the line end added to a last line', () => {
  it.each(['\n', '\r\n'])(
    'is removed with the section when another program has written all line ends as %j',
    (end) => {
      const { text, addedNewline } = appendSection('[A]\nx=1', '[P]\ny=2\n');
      const rewritten = text.replaceAll('\n', end);
      const section = listSections(rewritten).find(({ name }) => name === 'P');
      expect(section && removeSection(rewritten, section, addedNewline)).toBe(`[A]${end}x=1`);
    },
  );
});
