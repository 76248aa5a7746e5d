import { describeError, type ErrorCode } from './codes.ts';

export type { ErrorCode };

/** A text to read or to paste as it stands. Made of claims, inputs and environment that are no secret. */
export interface Snippet {
  title: string;
  language: 'text' | 'json' | 'sh' | 'hcl' | 'yaml';
  text: string;
  /** Whether it is to be unfolded first. */
  isFolded: boolean;
}

export interface ErrorContext {
  /** Default: the remedy of the code. */
  remedy?: string;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  requestId?: string | undefined;
  status?: number | undefined;
  /** Names and values that help a human and are no secret, such as the claims of the job's token. */
  facts?: Readonly<Record<string, string>> | undefined;
  /** For the job summary: sentences, and texts to paste, in the order in which to read them. */
  details?: readonly string[] | undefined;
  snippets?: readonly Snippet[] | undefined;
  cause?: unknown;
}

/** A failure that a workflow author can meet: a code, what happened, what to do. Never holds a secret. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly facts: Readonly<Record<string, string>>;
  readonly details: readonly string[];
  readonly snippets: readonly Snippet[];

  constructor(code: ErrorCode, whatHappened: string, context: ErrorContext = {}) {
    super(whatHappened, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.remedy = context.remedy ?? describeError(code).remedy;
    this.requestId = context.requestId;
    this.status = context.status;
    this.facts = context.facts ?? {};
    this.details = context.details ?? [];
    this.snippets = context.snippets ?? [];
  }
}

/** Whatever was thrown, as an `ActionError`; what nobody foresaw becomes `UNEXPECTED`. */
export function toActionError(thrown: unknown): ActionError {
  if (thrown instanceof ActionError) return thrown;
  const isError = thrown instanceof Error;
  const text = isError ? `${thrown.name}: ${thrown.message}` : 'something that is not an Error was thrown';
  return new ActionError('UNEXPECTED', /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}

/** Another program is at work on the same file, without our lock. `Lock.hold` waits and runs its work again. */
export class Contention extends Error {
  override readonly name = 'Contention';
}
