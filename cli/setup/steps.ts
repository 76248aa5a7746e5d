// Makes the steps that change nothing.
import type { Step } from './part.ts';
import type { Operation, PlannedAction } from './plan-types.ts';

type Subject = Pick<PlannedAction, 'system' | 'object' | 'name'>;

const silent =
  (op: Operation) =>
  (subject: Subject, text: string, details?: readonly string[]): Step => ({
    action: { ...subject, op, text, ...(details && { details }) },
  });

/** The object is as wanted. */
export const keep = silent('keep');
/** The administrator should know. */
export const warn = silent('warn');
/** The plan cannot be applied. The text says what to do. */
export const refuse = silent('refuse');

/** The object, or a part of it, is removed. */
export const removal = (
  subject: Subject,
  text: string,
  apply: NonNullable<Step['apply']>,
  op: Operation = 'remove',
): Step => ({ action: { ...subject, op, text }, apply });

/** For example `1 rule`, `2 rules`. */
export const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
