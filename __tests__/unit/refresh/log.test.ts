import { describe, expect, it } from '@jest/globals';
import { formatEntry, parseLog, unfinishedProcess } from '../../../src/refresh/log.ts';

const started = { at: '2026', kind: 'started', text: 's', pid: 7, files: ['/x'] } as const;
const info = { at: '2027', kind: 'info', text: 'i' } as const;
const textOf = (...entries: Parameters<typeof formatEntry>[0][]) => entries.map(formatEntry).join('');

describe('parseLog', () => {
  it('returns the entries that were formatted', () => {
    expect(parseLog(textOf(started, info))).toEqual({ entries: [started, info], otherLines: [] });
  });

  it.each([
    ['a stack trace of Node', 'Error: x\n    at y'],
    ['half an entry', '{"at":"2026","kind":"inf'],
    ['an unknown kind', '{"at":"2026","kind":"x","text":""}'],
    ['a process group', '{"at":"2026","kind":"started","text":"","pid":-7}'],
    ['a process id that is text', '{"at":"2026","kind":"started","text":"","pid":"7"}'],
  ])('keeps %s apart from the entries', (_what, text) => {
    const { entries, otherLines } = parseLog(`${textOf(info)}${text}\n`);
    expect(entries).toEqual([info]);
    expect(otherLines).toHaveLength(text.split('\n').length);
  });

  it('returns nothing that the runner reads as a command', () => {
    const { entries, otherLines } = parseLog(
      `${textOf({ ...info, text: 'a\n::error::b ##[x]' })}::add-mask::x\n##[group]\n`,
    );
    for (const text of [...entries.map((entry) => entry.text), ...otherLines])
      expect(text).not.toMatch(/^::|##\[|\n/);
  });
});

describe('unfinishedProcess', () => {
  it('returns the process when the log does not end with its end', () => {
    const unfinished = { pid: 7, files: ['/x'], lastEntryAt: '2027' };
    expect(unfinishedProcess(parseLog(textOf(started, info)))).toEqual(unfinished);
  });

  it.each(['completed', 'stopped'] as const)('returns undefined when the last entry is %s', (kind) => {
    expect(unfinishedProcess(parseLog(textOf(started, { ...info, kind })))).toBeUndefined();
  });

  it('returns undefined when the log is empty', () => {
    expect(unfinishedProcess(parseLog(''))).toBeUndefined();
  });
});
