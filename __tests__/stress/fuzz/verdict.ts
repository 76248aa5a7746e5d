// Every failure has a known code, can be printed, and contains no secret.
import { expect } from '@jest/globals';
import { ActionError, type ErrorCode } from '../../../src/errors/action-error.ts';
import { CODES } from '../../../src/errors/codes.ts';

export const LINE_BREAKERS = /[\p{Cc}\u2028\u2029]/u;
export const COMMANDS = /::|##\[/;

/** Returns the encodings in which a server can repeat a secret. */
export function encodingsOf(secret: string): string[] {
  return [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
  ];
}

/** Runs the work and returns what it threw, which must be an ActionError with a code that has a remedy. */
export async function failureOf(work: () => unknown): Promise<ActionError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    expect(Object.keys(CODES)).toContain(error.code);
    expect(typeof error.remedy).toBe('string');
    return error;
  }
}

export interface Limits {
  codes: readonly ErrorCode[];
  secrets: readonly string[];
  longest: number;
}

/** Expects one of these codes, one line, no commands and no secret in any encoding. */
export function expectPrintable(failure: ActionError, { codes, secrets, longest }: Limits): void {
  const texts = [failure.message, failure.requestId ?? '', ...Object.values(failure.facts)];
  expect(codes).toContain(failure.code);
  for (const text of texts) {
    expect(text.length).toBeLessThanOrEqual(longest);
    if (LINE_BREAKERS.test(text)) throw new Error(`more than a line: ${JSON.stringify(text)}`);
    if (COMMANDS.test(text.replace(/\barn:[a-z-]+:iam::/g, 'arn:')))
      throw new Error(`a command: ${JSON.stringify(text)}`);
    for (const encoding of secrets.flatMap(encodingsOf)) {
      if (text.includes(encoding)) throw new Error(`a secret: ${JSON.stringify(text)}`);
    }
  }
  expect(failure.requestId ?? 'x').toMatch(/^[\x21-\x7e]{1,200}$/);
}
