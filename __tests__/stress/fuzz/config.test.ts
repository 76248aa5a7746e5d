// Logins with generated config files, and their post steps: everything else in the file stays byte for byte.
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { appendix, foreignFile, PROFILE } from '../../unit/profiles/arbitraries.ts';
import { readLikeGo, readLikePython, readLikeTypeScript } from '../../unit/profiles/ini-readers.ts';
import { holds } from './fuzz.ts';
import { anyText, CONFIG, diskWith, install, ownName, textOf, withFiles } from './sessions.ts';
import { failureOf } from './verdict.ts';

const KEYS = ['fingerprint', 'key_file', 'region', 'security_token_file', 'tenancy'];

describe('one session', () => {
  holds('install and remove leave every byte as it was', 10_000, withFiles, async (held) => {
    const disk = diskWith(held);
    const before = disk.snapshot();
    const failure = await failureOf(async () => {
      const undo = await install(disk);
      expect(disk.snapshot()).not.toEqual(before);
      await undo();
    });
    if (failure !== undefined) {
      expect(['PROFILE_AMBIGUOUS', 'CONFIG_UNREADABLE']).toContain(failure.code);
      expect(held.text).toMatch(/\0|\[[^\]]*P[^\]]*\][\s\S]*\[[^\]]*P[^\]]*\]/);
    }
    expect(disk.snapshot()).toEqual(before);
  });

  holds(
    'clients read five keys in the section, and the other sections as before',
    8000,
    foreignFile,
    async (text) => {
      const disk = diskWith({ text, token: null });
      await install(disk);
      const added = textOf(disk).slice(text.length);
      for (const read of [readLikeGo, readLikePython, readLikeTypeScript]) {
        const section = read(added).get(PROFILE);
        expect([...(section?.keys() ?? [])].toSorted()).toEqual(KEYS);
      }
      const [before, after] = [text, textOf(disk)].map((one) => readLikeGo(one.replace(/^\xef\xbb\xbf/, '')));
      expect([...(after?.get(PROFILE)?.keys() ?? [])].toSorted()).toEqual(KEYS);
      after?.delete(PROFILE);
      expect(after).toEqual(before);
    },
  );
});

const trimmedEnd = (text: string) => text.replace(/[\r\n]+$/, '');
const withoutComments = (text: string) =>
  text
    .split(/(?<=\n)/)
    .filter((line) => !/^\s*[#;]/.test(line))
    .join('');
const inOneStyle = (end: string) => (text: string) => text.replace(/\r?\n/g, end);

/** Changes by other programs to a file with a session. */
const EDITS: [what: string, edit: (text: string) => string][] = [
  ['drops comments', withoutComments],
  ['writes LF', inOneStyle('\n')],
  ['writes CRLF', inOneStyle('\r\n')],
  ['drops comments and writes LF', (text) => inOneStyle('\n')(withoutComments(text))],
];

/** A carriage return that ends no line is part of the text after it, for this action as for clients. */
const withoutLoneReturns = (text: string) => text.replace(/\r(?!\n)/g, '');
/** As an editor writes a file: one kind of line end, no byte order mark. */
const plain = fc
  .tuple(foreignFile, fc.constantFrom('\n', '\r\n'))
  .map(([text, end]) => inOneStyle(end)(withoutLoneReturns(text)).replace(/^\xef\xbb\xbf/, ''));

describe('another program between login and post step', () => {
  const edited = fc.tuple(plain, fc.constantFrom(...EDITS));
  holds('that rewrites the file keeps its text', 8000, edited, async ([text, [, edit]]) => {
    const disk = diskWith({ text, token: null });
    const undo = await install(disk);
    disk.write(CONFIG, edit(textOf(disk)));
    await undo();
    expect(trimmedEnd(textOf(disk))).toBe(trimmedEnd(edit(text)));
  });

  holds(
    'that adds sections keeps them',
    8000,
    fc.tuple(anyText.map(withoutLoneReturns), appendix),
    async ([text, tail]) => {
      const disk = diskWith({ text, token: null });
      const failure = await failureOf(async () => {
        const undo = await install(disk);
        const found = textOf(disk);
        disk.write(CONFIG, found + (/[^\n]$/.test(found) ? '\n' : '') + tail);
        await undo();
      });
      if (failure !== undefined) return expect(textOf(disk)).toBe(text);
      const left = textOf(disk);
      expect(left.startsWith(text) && left.endsWith(tail)).toBe(true);
      expect(left.slice(text.length, -tail.length)).toMatch(/^(\r?\n)?$/);
    },
  );

  const others = fc.tuple(foreignFile, fc.array(foreignFile, { maxLength: 3 }));
  holds(
    'that removes the section or all sections keeps what it wrote',
    5000,
    others,
    async ([text, [replacement]]) => {
      const disk = diskWith({ text, token: null });
      const undo = await install(disk);
      disk.write(CONFIG, replacement ?? text);
      await undo();
      expect(textOf(disk)).toBe(replacement ?? text);
      expect(Object.keys(disk.snapshot()).filter((name) => name.includes('sessions'))).toEqual([]);
    },
  );
});

interface Step {
  profile: string;
  configFile: string;
  /** Index of the session to remove before, if any. */
  removes: number | null;
}

const BESIDE = path.join(path.dirname(CONFIG), 'config2');
const wheres: Pick<Step, 'profile' | 'configFile'>[] = [
  { profile: PROFILE, configFile: CONFIG },
  { profile: 'Q', configFile: CONFIG },
  { profile: 'DEFAULT', configFile: CONFIG },
  { profile: 'R', configFile: BESIDE },
];
const step: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...wheres), fc.option(fc.nat({ max: 5 })))
  .map(([where, removes]) => ({ ...where, removes }));
const logins = fc.record({
  held: fc.record({
    text: fc.option(fc.oneof(foreignFile, ownName)),
    token: fc.option(fc.constant('theirs')),
  }),
  steps: fc.array(step, { minLength: 2, maxLength: 5 }),
  order: fc.array(fc.nat({ max: 100 }), { minLength: 5, maxLength: 5 }),
});

describe('several logins of a job', () => {
  holds(
    'in any order of login and post step leave every byte as it was',
    5000,
    logins,
    async ({ held, steps, order }) => {
      const disk = diskWith(held);
      const before = disk.snapshot();
      const undos: (() => Promise<void>)[] = [];
      const remove = async (which: number) => {
        const [undo] = undos.splice(which % Math.max(1, undos.length), 1);
        await undo?.();
      };
      const failure = await failureOf(async () => {
        for (const [index, { removes, ...login }] of steps.entries()) {
          if (removes !== null) await remove(removes);
          undos.push(await install(disk, { ...login, loginId: `a${index}` }));
        }
      });
      expect(failure?.code ?? 'PROFILE_AMBIGUOUS').toBe('PROFILE_AMBIGUOUS');
      for (const which of order) await remove(which);
      expect(disk.snapshot()).toEqual(before);
    },
  );
});
