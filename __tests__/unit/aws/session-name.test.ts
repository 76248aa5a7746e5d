import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionNameOf } from '../../../src/login/aws-session.ts';

const nameOf = (values: Record<string, string>) => sessionNameOf((name) => values[name]);
const run = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);

describe('sessionNameOf', () => {
  it('always returns a name that STS accepts and that ends with the whole run', () => {
    const repository = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));
    fc.assert(
      fc.property(repository, run, fc.integer({ min: 1, max: 9999 }), (GITHUB_REPOSITORY, id, attempt) => {
        const env = { GITHUB_REPOSITORY, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: String(attempt) };
        const name = nameOf(env);
        expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
        expect(name.endsWith(`@${id}.${attempt}`)).toBe(true);
      }),
    );
  });

  it('always returns a name that STS accepts, for any environment', () => {
    const text = fc.option(fc.string({ maxLength: 200 }), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, (GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT) => {
        const values = { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT };
        const name = sessionNameOf((one) => values[one as keyof typeof values]);
        expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it('names repository, run and attempt', () => {
    const env = { GITHUB_REPOSITORY: 'acme/infra', GITHUB_RUN_ID: '12', GITHUB_RUN_ATTEMPT: '3' };
    expect([nameOf(env), nameOf({})]).toEqual(['acme-infra@12.3', 'job@0.0']);
  });
});
