// Generated config files for property tests, one character per byte.
import fc from 'fast-check';

/** Returns the number of cases per property: FUZZ_RUNS if it is set. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Number(process.env['FUZZ_RUNS']) || usual };
}

/** The section under test. Other generated sections have other names. */
export const PROFILE = 'P';

const BOM = '\xef\xbb\xbf';
const lineEnd = fc.constantFrom('\n', '\r\n');
const blanks = fc.constantFrom('', ' ', '\t', '  ');
/** Any bytes except line ends. */
const bytes = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 8,
});
const word = fc.stringMatching(/^[a-z_]{1,6}$/);

const blankLine = blanks;
const comment = fc.tuple(blanks, fc.constantFrom('#', ';'), bytes).map((parts) => parts.join(''));
const keyLine = fc.tuple(word, blanks, blanks, bytes).map(([key, a, b, value]) => `${key}${a}=${b}${value}`);
const continuation = fc.tuple(fc.constantFrom(' ', '\t'), word).map((parts) => parts.join(''));
const keyWithoutValue = word;
const otherName = fc.constantFrom('DEFAULT', 'A', 'B', 'p', 'PP', 'P2', 'a b', 'P.x');

export function headerOf(name: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const after = fc.constantFrom('', ' ', ' # text', 'x');
  return fc.tuple(blanks, name, after).map(([before, inside, end]) => `${before}[${inside}]${end}`);
}

const otherHeader = headerOf(otherName);
const bodyLine = fc.oneof(keyLine, keyLine, comment, blankLine, continuation, keyWithoutValue);
const anyLine = fc.oneof({ weight: 4, arbitrary: bodyLine }, { weight: 1, arbitrary: otherHeader });

function joined(lines: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return lines.chain((all) =>
    fc
      .array(lineEnd, { minLength: all.length, maxLength: all.length })
      .map((ends) => all.map((line, index) => line + ends[index]).join('')),
  );
}

function maybeWithoutLastLineEnd(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.boolean()).map(([whole, cut]) => (cut ? whole.replace(/\r?\n$/, '') : whole));
}

const start = fc.constantFrom('', BOM);
const lines = (line: fc.Arbitrary<string>, maxLength = 6) => joined(fc.array(line, { maxLength }));

/** A file without our section. It can have keys before any section, duplicate sections, and no last line end. */
export const foreignFile = fc
  .tuple(start, maybeWithoutLastLineEnd(lines(anyLine, 12)))
  .map((parts) => parts.join(''));

/** What another program can append: comments and blank lines, then sections. */
export const appendix = fc
  .tuple(
    lines(fc.oneof(comment, blankLine), 2),
    joined(otherHeader.map((header) => [header])),
    lines(anyLine),
  )
  .map((parts) => parts.join(''));

export interface FileWithSection {
  before: string;
  section: string;
  after: string;
}

const sectionName = fc.constantFrom(PROFILE, ` ${PROFILE}`, `${PROFILE} `);
const ourBody = joined(fc.array(bodyLine, { maxLength: 4 }));
const ourHead = joined(headerOf(sectionName).map((header) => [header]));
const lastKey = joined(keyLine.map((line) => [line]));

/** A file with one section of our name, which ends with a key, and any text before and after it. */
export const fileWithSection: fc.Arbitrary<FileWithSection> = fc
  .record({
    before: fc.tuple(start, lines(anyLine)).map((parts) => parts.join('')),
    section: fc.tuple(ourHead, ourBody, lastKey).map((parts) => parts.join('')),
    after: fc.oneof(fc.constant(''), appendix),
    cut: fc.boolean(),
  })
  .map(({ before, section, after, cut }) => ({
    before,
    section: cut && after === '' ? section.replace(/\r?\n$/, '') : section,
    after,
  }));
