import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionNameOf } from '../../../src/login/aws-session.ts';

const nameOf = (values: Record<string, string>) => sessionNameOf((name) => values[name]);
const run = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);

describe('the name of a session', () => {
  it('always fits STS, holds the run whole, and begins with the repository', () => {
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

  it('always fits STS, whatever the environment says or does not say', () => {
    const text = fc.option(fc.string({ maxLength: 200 }), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, (GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT) => {
        const values = { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT };
        const name = sessionNameOf((one) => values[one as keyof typeof values]);
        expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it('can be told by anybody who reads an audit log', () => {
    const env = { GITHUB_REPOSITORY: 'acme/infra', GITHUB_RUN_ID: '12', GITHUB_RUN_ATTEMPT: '3' };
    expect([nameOf(env), nameOf({})]).toEqual(['acme-infra@12.3', 'job@0.0']);
  });
});
