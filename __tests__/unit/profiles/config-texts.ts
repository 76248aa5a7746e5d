// Config texts, one character per byte, that Python reads and that it rejects.

export const READABLE: readonly [what: string, text: string][] = [
  ['nothing', ''],
  ['comments before the first section', '# a\n; b\n\n[P]\na=1\n'],
  ['Windows line ends', '[P]\r\na=1\r\n\r\n[Q]\r\na=1\r\n'],
  ['a colon after a key', '[P]\na: 1\n'],
  ['an empty value', '[P]\na=\n'],
  ['UTF-8', '[P]\na=\xc3\xa4\n'],
  ['the same key in two sections', '[P]\na=1\n[Q]\na=1\n'],
  ['names that differ in case', '[P]\n[p]\n'],
  ['[DEFAULT] twice', '[DEFAULT]\na=1\n[P]\n[DEFAULT]\nb=1\n'],
  ['text after a header', '[P] # mine\na=1\n'],
  ['a value of several lines', '[P]\ns3 =\n  a = 1\n\n  a = 2\nb=1\n'],
  ['an indented section', '  [P]\n  a=1\n  b=2\n'],
];

export const FAULTY: readonly [what: string, text: string, line: number, fault: string][] = [
  ['a line before the first section', '\na=1\n[P]\n', 2, 'is before the first section'],
  ['a header without an end', '[P\n', 1, 'is before the first section'],
  ['a byte order mark', '\xef\xbb\xbf[P]\na=1\n', 1, 'begins with a byte order mark'],
  ['Latin-1 in a comment', '[P]\n# \xe4\n', 2, 'is not UTF-8'],
  ['Latin-1 in a value', '[P]\na=\xe4\n', 2, 'is not UTF-8'],
  ['a section twice', '[P]\na=1\n[Q]\n[P]\n', 4, 'repeats [P]'],
  ['a key twice', '[P]\na=1\nb=1\na=2\n', 4, 'repeats a of [P]'],
  ['a key twice in different case', '[P]\na=1\nA: 2\n', 3, 'repeats a of [P]'],
  ['a key twice in [DEFAULT]', '[DEFAULT]\na=1\n[DEFAULT]\na=2\n', 4, 'repeats a of [DEFAULT]'],
  ['a word', '[P]\na\n', 2, 'is neither a section nor a key with a value'],
  ['a value without a key', '[P]\n=1\n', 2, 'is neither a section nor a key with a value'],
  [
    'a word after a value of several lines',
    '[P]\na=1\n b\nc\n',
    4,
    'is neither a section nor a key with a value',
  ],
];
