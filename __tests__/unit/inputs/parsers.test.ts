import { describe, expect, it } from '@jest/globals';
import * as rule from '../../../src/inputs/parsers.ts';
import { tables } from './parser-cases.ts';

describe.each(tables)('the parser of %s', (_title, parse, valid, invalid) => {
  it.each(valid)('accepts %j', (raw, value) => {
    expect(parse(raw)).toEqual(value);
  });

  it.each(invalid)('rejects %j', (raw) => {
    expect(() => parse(raw)).toThrow(rule.InputError);
  });
});

describe('the error of a parser', () => {
  it('is one short line for any value', () => {
    for (const [, parse] of tables) {
      const raw = `\n::error::\x7f\x85\u2028${'x'.repeat(5000)}\r\0]`;
      let message = '';
      try {
        parse(raw);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(message.length).toBeGreaterThan(0);
      expect(message.length).toBeLessThan(300);
    }
  });

  it.each(['https://user:hunter2@idcs.example', 'https://user:hunter2@idcs.example:99999/'])(
    'does not contain the password of %s',
    (raw) => {
      expect(() => rule.domainUrl(raw)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
      );
    },
  );

  it.each(['/etc/sessions', '/etc/sessions/repo', '/etc/sessions/P', '/etc'])(
    'is thrown for a config file whose keys would lie in the checkout %s or around it',
    (workspace) => {
      expect(() => rule.configFile('/etc/oci', { home: '/home/x', workspace })).toThrow(rule.InputError);
    },
  );

  it('does not contain a client secret', () => {
    expect(() => rule.singleLine('hunter2\nhunter2')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });
});
