// Makes a step that removes something.
import type { Step } from '../setup/part.ts';
import type { Operation, PlannedAction } from '../setup/plan-types.ts';

export const removal = (
  object: Pick<PlannedAction, 'system' | 'object' | 'name'>,
  text: string,
  apply: NonNullable<Step['apply']>,
  op: Operation = 'remove',
): Step => ({ action: { ...object, op, text }, apply });
