// The code of the failure that some work ends in; whatever else it throws is a failure of the test.
import { ActionError } from '../../src/errors/action-error.ts';

/** 'none' for work that succeeds. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ActionError) return error.code;
    throw error;
  }
  return 'none';
}
