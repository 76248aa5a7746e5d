// Generators of text and JSON as an attacker or a broken program sends them.
import fc from 'fast-check';

/** Text with a meaning for the runner, a shell, a terminal or a parser of INI, XML, JSON or URLs. */
const PIECES = [
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\t',
  '\x1b[2J',
  '\x7f',
  '\x85',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ud800',
  '🦊',
  'é',
  '::set-output name=a::b',
  '::error::x',
  '::add-mask::x',
  '::stop-commands::x',
  '##[error]x',
  '##[',
  ':::',
  '%0A::error::x',
  '\n[DEFAULT]\nkey_file=/x\n',
  ']',
  '[',
  '#',
  ';',
  '=',
  ' ',
  ',',
  '../',
  '/',
  '\\',
  '~/',
  '@',
  '?',
  '$HOME',
  '$(id)',
  '`id`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what an author may have left unexpanded
  '${{ secrets.X }}',
  '"',
  "'",
  '<a>',
  '&lt;',
  '&#10;',
  ']]>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '1e308',
  '-1',
  'a'.repeat(3000),
];

const piece = fc.constantFrom(...PIECES);

/** Any string, such as lone surrogates, runner commands and very long text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  piece,
  fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 6 }).map((parts) => parts.join('')),
);

/** Valid text with a change. */
export function mutated(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const what = fc.constantFrom('insert', 'replace', 'delete', 'cut', 'double', 'raise', 'pad');
  return fc
    .tuple(good, what, fc.nat(), fc.oneof(piece, fc.string({ minLength: 1, maxLength: 3 })))
    .map(([text, how, position, extra]) => {
      const at = position % (text.length + 1);
      const [before, after] = [text.slice(0, at), text.slice(at)];
      switch (how) {
        case 'insert':
          return before + extra + after;
        case 'replace':
          return before + extra + after.slice(extra.length);
        case 'delete':
          return before + after.slice(1);
        case 'cut':
          return before;
        case 'double':
          return text + text;
        case 'raise':
          return text.toUpperCase();
        default:
          return ` ${text} `;
      }
    });
}

/** JSON values that parsers often do not expect. */
const oddValue: fc.Arbitrary<unknown> = fc.constantFrom<unknown[]>(
  null,
  true,
  '',
  '0',
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[]],
  [null],
  { toString: null, valueOf: null },
  { length: 1 },
);

/** Any JSON value, with objects that override members of Object. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  oddValue,
  hostileText,
  fc.jsonValue({ maxDepth: 3 }),
);

/** JSON text of an object with missing, duplicate and mistyped members. */
export function hostileObject(
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<string> {
  const names = [...Object.keys(members), '__proto__', 'constructor', 'x'];
  const member = fc.constantFrom(...names).chain((name) => {
    const good = Object.hasOwn(members, name) ? members[name] : undefined;
    const value = good === undefined ? hostileValue : fc.oneof(good, hostileValue);
    return value.map((held) => `${JSON.stringify(name)}:${JSON.stringify(held)}`);
  });
  const all = Object.entries(members).map(([name, good]) =>
    good.map((held) => `${JSON.stringify(name)}:${JSON.stringify(held) ?? null}`),
  );
  return fc
    .tuple(fc.tuple(...all), fc.array(member, { maxLength: 3 }), fc.nat({ max: 20 }))
    .map(
      ([whole, extra, drop]) => `{${[...whole.filter((_, index) => index !== drop), ...extra].join(',')}}`,
    );
}

/** Deeply nested JSON, for parsers that recurse. */
export const deepJson: fc.Arbitrary<string> = fc
  .constantFrom(10, 500, 5000)
  .map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
