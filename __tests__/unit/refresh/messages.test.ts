// What goes between main, the waiting process, the one that renews, and post: read back as it was written, and nothing
// taken for it that is not.
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import type { OciConfig } from '../../../src/inputs/config.ts';
import { journalLine, readJournal, unfinished } from '../../../src/refresh/log.ts';
import { readResult, resultLine } from '../../../src/refresh/result.ts';
import { type Order, readOrder, readTerms, without, writeOrder } from '../../../src/refresh/spec.ts';
import { Secret } from '../../../src/secret.ts';

const client = toClientCredentials('app', new Secret('client-secret'));
const term = { issuedAt: 1, expiresAt: 2 };
const config = {
  region: 'r',
  audience: 'a',
  tenancy: undefined,
  verifyEndpoint: undefined,
} as unknown as OciConfig;
const order: Order = {
  loginId: 'a1',
  directory: '/tmp/oci-wif-action-a1',
  sessionDirectory: '/home/x/.oci/sessions/P',
  identity: { url: new URL('https://github.example/?a=b'), requestToken: new Secret('bearer') },
  audience: 'a',
  domainUrl: new URL('https://domain.example'),
  policy: { maxAttempts: 5, requestTimeoutMs: 1, timeoutMs: 2 },
  lastChanceAt: 3,
  charges: {
    session: {
      ...term,
      config,
      client,
      publicKey: { publicKeyBase64: 'k', publicJwk: { n: 'n', e: 'e' } },
      tokenFiles: [
        { file: '/s/token', keyFile: '/s/key', lock: '/l' },
        { file: '/t/token', keyFile: '/t/key', lock: null },
      ],
    },
    'id-token': { ...term, file: '/t/id' },
    'access-token': { ...term, file: '/t/aws', client, scope: '/', audience: 's' },
  },
};

describe('an order', () => {
  it('is read as it was written, its secrets in their wrapping', () => {
    const read = readOrder(writeOrder(order).reveal());
    const shown = (one: Order) => JSON.parse(JSON.stringify(one)) as unknown;
    expect(shown(read)).toEqual(shown(order));
    expect(read.identity?.requestToken.reveal()).toBe('bearer');
    expect(read.charges.session?.client.clientSecret.reveal()).toBe('client-secret');
    expect(read.charges['access-token']?.client.basic.reveal()).toBe(client.basic.reveal());
  });

  it('cannot be printed by accident', () => {
    const written = writeOrder(order);
    for (const text of [
      String(written),
      JSON.stringify(written),
      inspect(written),
      inspect(readOrder(written.reveal())),
    ])
      expect(text).not.toMatch(/bearer|client-secret/);
  });

  it('is none when it is something else', () => {
    expect(() => readOrder('[]')).toThrow('no order');
  });

  it('says what is kept fresh, and until when', () => {
    expect(readTerms(writeOrder(order).reveal())).toMatchObject({
      loginId: 'a1',
      lastChanceAt: 3,
      terms: { session: term, 'id-token': term, 'access-token': term },
      keeps: ['/s/token', '/t/token', '/t/id', '/t/aws'],
    });
  });

  it.each([
    [[], ['session', 'id-token', 'access-token']],
    [
      ['/s/token', '/t/id'],
      ['session', 'access-token'],
    ],
    [['/s/token', '/t/token', '/t/aws'], ['id-token']],
    [['/s/token', '/t/token', '/t/id', '/t/aws'], []],
  ])('without what is kept already (%j) has %j', (kept, names) => {
    const charges = without(order.charges, kept);
    expect(Object.keys(charges)).toEqual(names);
    expect(charges.session?.tokenFiles.map(({ file }) => file) ?? []).not.toContain(kept[0]);
  });
});

describe('the log', () => {
  const began = { at: '2026', kind: 'began', text: 'b', pid: 7, keeps: ['/x'] } as const;
  const line = { at: '2027', kind: 'line', text: 'l' } as const;
  const ended = { at: '2028', kind: 'ended', text: 'e' } as const;
  const textOf = (...entries: Parameters<typeof journalLine>[0][]) => entries.map(journalLine).join('');

  it('is read as it was written', () => {
    expect(readJournal(textOf(began, line, ended))).toEqual({ entries: [began, line, ended], stray: [] });
  });

  it('of a process that was killed is unfinished', () => {
    expect(unfinished(readJournal(textOf(began, line)))).toEqual({ pid: 7, lastSign: '2027', keeps: ['/x'] });
    expect(unfinished(readJournal(textOf(began, line, ended)))).toBeUndefined();
    expect(unfinished(readJournal(''))).toBeUndefined();
  });

  it.each([
    ['a trace of Node', 'Error: x\n    at y'],
    ['half a line', '{"at":"2026","kind":"li'],
    ['a kind that is none', '{"at":"2026","kind":"x","text":""}'],
    ['a group of processes', '{"at":"2026","kind":"began","text":"","pid":-7}'],
    ['no process', '{"at":"2026","kind":"began","text":"","pid":"7"}'],
  ])('shows %s, and believes nothing of it', (_what, text) => {
    const { entries, stray } = readJournal(`${textOf(line)}${text}\n`);
    expect(entries).toEqual([line]);
    expect(stray).toHaveLength(text.split('\n').length);
  });

  it('cannot speak to the runner', () => {
    const { entries, stray } = readJournal(
      `${textOf({ ...line, text: 'a\n::error::b ##[x]' })}::add-mask::x\n##[group]\n`,
    );
    for (const text of [...entries.map((entry) => entry.text), ...stray])
      expect(text).not.toMatch(/^::|##\[|\n/);
  });
});

describe('a result', () => {
  const run =
    (...lines: string[]) =>
    async (take: (line: string) => void) => {
      for (const one of lines) take(one.trimEnd());
      return 'exit code 1';
    };

  it('is read behind the lines for the log', async () => {
    const logged: string[] = [];
    const said = [resultLine({ log: 'again' }), resultLine({ text: 'done', term })];
    expect(await readResult(run(...said), (text) => logged.push(text))).toEqual({ text: 'done', term });
    expect(logged).toEqual(['again']);
  });

  it.each([
    ['says nothing', []],
    ['prints something else', ['x', '[]', '{"log":"a"}']],
  ])('of a process that %s is a failure', async (_what, lines) => {
    expect(await readResult(run(...lines), () => {})).toEqual({
      term: undefined,
      text: 'the process that renews ended without a word (exit code 1).',
    });
  });

  it.each([null, {}, { issuedAt: 1 }, { issuedAt: 1, expiresAt: '2' }])(
    'with %j for times is a failure',
    async (times) => {
      expect(await readResult(run(JSON.stringify({ text: 't', term: times })), () => {})).toMatchObject({
        term: undefined,
      });
    },
  );
});
