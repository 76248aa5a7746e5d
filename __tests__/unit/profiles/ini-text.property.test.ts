import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendSection,
  lineEndOf,
  listSections,
  removeSection,
  replaceSection,
  type Section,
  toBytes,
  toText,
} from '../../../src/profiles/ini-text.ts';
import { renderSection } from '../../../src/profiles/oci-profile.ts';
import { ownerOf } from '../../../src/profiles/section-target.ts';
import { appendix, fileWithSection, foreignFile, PROFILE, runs } from './arbitraries.ts';
import { readLikeGo } from './ini-readers.ts';

const values = {
  tenancy: 'ocid1.tenancy.oc1..aaaa',
  region: 'eu-frankfurt-1',
  fingerprint: '00:11:22:33',
  keyFile: '/home/x/.oci/sessions/P/oci_api_key.pem',
  tokenFile: '/home/x/.oci/sessions/P/token',
};

function blockFor(text: string, name = PROFILE, loginId = 'a1'): string {
  return renderSection(name, { loginId, jobId: 'b2' }, values, lineEndOf(text));
}

function sectionIn(text: string, name = PROFILE): Section {
  const [section, ...more] = listSections(text).filter((one) => one.name === name);
  if (section === undefined || more.length > 0) throw new Error(`[${name}] is there ${more.length} times`);
  return section;
}

describe('a section added to any file', () => {
  it('comes off again without a trace', () => {
    fc.assert(
      fc.property(foreignFile, (text) => {
        const added = appendSection(text, blockFor(text));
        expect(added.text.startsWith(text)).toBe(true);
        expect(removeSection(added.text, sectionIn(added.text), added.addedNewline)).toBe(text);
      }),
      runs(500),
    );
  });

  it('shows the login that wrote it, and leaves all others as clients read them', () => {
    fc.assert(
      fc.property(foreignFile, (text) => {
        const { text: added } = appendSection(text, blockFor(text));
        const { start, end } = sectionIn(added);
        expect(ownerOf(added.slice(start, end))?.loginId).toBe('a1');
        // A byte order mark hides the first header from Go, whatever we do: of that the author is warned.
        const [before, after] = [text, added].map((one) => readLikeGo(one.replace(/^\xef\xbb\xbf/, '')));
        expect(after?.get(PROFILE)?.get('tenancy')).toBe(values.tenancy);
        after?.delete(PROFILE);
        expect(after).toEqual(before);
      }),
      runs(300),
    );
  });

  it('leaves whatever another program has added behind it, in its place', () => {
    fc.assert(
      fc.property(foreignFile, appendix, (text, tail) => {
        const added = appendSection(text, blockFor(text));
        const grown = added.text + tail;
        expect(removeSection(grown, sectionIn(grown), added.addedNewline)).toBe(
          text + added.addedNewline + tail,
        );
      }),
      runs(500),
    );
  });

  it('comes off again below others that came later and went earlier', () => {
    const names = ['P', 'Q', 'R', 'S'];
    fc.assert(
      fc.property(foreignFile, fc.integer({ min: 1, max: names.length }), (text, count) => {
        const newlines: string[] = [];
        let grown = text;
        for (const name of names.slice(0, count)) {
          const added = appendSection(grown, blockFor(grown, name));
          newlines.push(added.addedNewline);
          grown = added.text;
        }
        for (const name of names.slice(0, count).toReversed()) {
          grown = removeSection(grown, sectionIn(grown, name), newlines.pop() ?? '');
        }
        expect(grown).toBe(text);
      }),
      runs(200),
    );
  });
});

describe('a section that takes the place of another', () => {
  it('stands where the other stood, and nothing else moves', () => {
    fc.assert(
      fc.property(fileWithSection, ({ before, section, after }) => {
        const text = before + section + after;
        const { text: replaced } = replaceSection(text, sectionIn(text), blockFor(text));
        expect(replaced).toBe(before + blockFor(text) + after);
        expect(listSections(replaced).filter(({ name }) => name === PROFILE)).toHaveLength(1);
      }),
      runs(500),
    );
  });

  it('gives its place back byte for byte', () => {
    fc.assert(
      fc.property(fileWithSection, ({ before, section, after }) => {
        const text = before + section + after;
        const found = sectionIn(text);
        const kept = text.slice(found.start, found.end);
        const { text: replaced } = replaceSection(text, found, blockFor(text));
        expect(replaceSection(replaced, sectionIn(replaced), kept).text).toBe(text);
      }),
      runs(500),
    );
  });

  it('gives its place back when others have added sections meanwhile', () => {
    fc.assert(
      fc.property(fileWithSection, appendix, ({ before, section, after }, tail) => {
        const text = before + section + after;
        const found = sectionIn(text);
        const kept = text.slice(found.start, found.end);
        const grown = replaceSection(text, found, blockFor(text)).text + tail;
        const { text: restored } = replaceSection(grown, sectionIn(grown), kept);
        expect(restored.startsWith(text)).toBe(true);
        expect(restored.endsWith(tail)).toBe(true);
        expect(restored.slice(text.length, -tail.length)).toMatch(/^(\r?\n)?$/);
      }),
      runs(300),
    );
  });
});

describe('a file as text', () => {
  it('is the same file in bytes again, whatever its encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        expect(Buffer.from(toBytes(toText(content)))).toEqual(Buffer.from(content));
      }),
      runs(200),
    );
  });

  it('is covered by its sections in order, without overlap', () => {
    fc.assert(
      fc.property(fileWithSection, ({ before, section, after }) => {
        const text = before + section + after;
        let last = 0;
        for (const { start, end } of listSections(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
      runs(200),
    );
  });
});
