import { expect, it } from '@jest/globals';
import { failureLines } from '../../../cli/session/messages.ts';
import { SESSION_OPTIONS } from '../../../cli/session/options.ts';
import { ActionError } from '../../../src/errors/action-error.ts';

it('a rule to paste stays as it is when its subject has the name of an input; messages name options', () => {
  const text = 'sub eq repo:acme/infra:ref:refs/heads/`region`';
  const snippets = [{ title: 'Rule, as for `region`', language: 'text', text, isFolded: false } as const];
  const details = ['`region` may be wrong.'];
  const error = new ActionError('OCI_NO_RULE_MATCHED', 'Refused.', { snippets, details });
  const [, ...lines] = failureLines(error, SESSION_OPTIONS);
  expect(lines.slice(0, 3)).toEqual(['Rule, as for --region:', `  ${text}`, '- --region may be wrong.']);
});
