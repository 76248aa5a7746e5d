import { describeError, type ErrorCode } from './codes.ts';

export type { ErrorCode };

/** A text to read or to paste as it stands. Made of claims, inputs and environment that are no secret. */
export interface Snippet {
  title: string;
  language: 'text' | 'json' | 'sh' | 'hcl' | 'yaml';
  text: string;
  /** Whether the job summary shows it folded. */
  isFolded: boolean;
}

type ContextMember = 'remedy' | 'requestId' | 'status' | 'facts' | 'details' | 'snippets' | 'cause';

/** What an error holds besides its code and its message. */
export type ErrorContext = { [M in ContextMember]?: ActionError[M] | undefined };

/** A failure that a workflow author can meet: a code, what happened, what to do. Never holds a secret. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly code: ErrorCode;
  /** Default: the remedy of the code. */
  readonly remedy: string;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  /** Names and values that help a human and are no secret, such as the claims of the job's token. */
  readonly facts: Readonly<Record<string, string>>;
  /** For the job summary: sentences, and texts to paste, in the order in which to read them. */
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
  if (thrown instanceof Contention) return new ActionError('CONFIG_LOCKED', `${thrown.message}.`);
  const isError = thrown instanceof Error;
  const text = isError ? `${thrown.name}: ${thrown.message}` : 'something that is not an Error was thrown';
  return new ActionError('UNEXPECTED', /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}

/** Another program is writing the same file without our lock. `Lock.hold` waits and runs its work again. */
export class Contention extends Error {
  override readonly name = 'Contention';
}
