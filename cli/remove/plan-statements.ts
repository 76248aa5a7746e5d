// Plans the removal of statements from a policy. Pure functions.
import type { Policy } from '../iam/iam.ts';
import type { Step } from '../setup/part.ts';
import { count } from '../setup/steps.ts';
import { removeStatements } from './remove-objects.ts';

export function planPolicy(policy: Policy, isOwn: (statement: string) => boolean): Step[] {
  const own = policy.statements.filter(isOwn);
  if (own.length === 0) return [];
  const object = { system: 'iam', object: 'policy', name: policy.name } as const;
  const kept = policy.statements.length - own.length;
  const statements = count(own.length, 'statement');
  const text = kept > 0 ? `- ${statements}; ${kept} kept` : `with its ${statements}`;
  const op = kept > 0 ? 'change' : 'remove';
  return [
    {
      action: { ...object, op, text, before: policy.statements, details: own },
      apply: (run) => removeStatements(run, policy.id, own, kept === 0),
    },
  ];
}
