import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/secret.ts';

const VALUE = 'correct horse battery staple';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it('is returned by reveal()', () => {
    expect(secret.reveal()).toBe(VALUE);
  });

  const circular: Record<string, unknown> = { secret };
  circular['self'] = circular;

  it.each<[string, string]>([
    ['a template', `${secret}`],
    ['concatenation', `x${String(secret)}`],
    ['a primitive', String(Object.assign({}, { value: `${[secret]}` }).value)],
    ['JSON', JSON.stringify({ secret, list: [secret] })],
    ['inspect', inspect(secret)],
    ['inspect of hidden members', inspect({ deep: { secret } }, { showHidden: true, depth: null })],
    ['inspect without custom printers', inspect(secret, { customInspect: false, showHidden: true })],
    ['inspect of a cycle', inspect(circular)],
    ['format', format('%s %o %O %j', secret, secret, secret, secret)],
    ['names of members', Object.getOwnPropertyNames(secret).join()],
    ['members', JSON.stringify(Object.entries(secret))],
    ['for in', JSON.stringify({ ...secret })],
    ['a structured clone', inspect(structuredClone({ secret }))],
    ['a serialised form', serialize({ secret }).toString('latin1')],
    ['an error message', String(new Error(`failed with ${secret}`))],
    ['an error cause', inspect(new Error('failed', { cause: secret }))],
  ])('does not show in %s', (_title, text) => {
    expect(text).not.toContain(VALUE);
  });

  it('is shown as [redacted]', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      '[redacted]',
      '"[redacted]"',
      '[redacted]',
    ]);
  });
});
