import { describeError, type ErrorCode } from './codes.ts';
import { Failure } from './failure.ts';

export type { ErrorCode };

/** A text to read or to paste as it stands. Made of claims, inputs and environment that are no secret. */
export interface Snippet {
  title: string;
  language: 'text' | 'json' | 'sh' | 'hcl' | 'yaml';
  text: string;
  /** Whether the job summary shows it folded. */
  isFolded: boolean;
}

type ContextMember =
  | 'remedy'
  | 'evidence'
  | 'logOnly'
  | 'requestId'
  | 'status'
  | 'facts'
  | 'details'
  | 'snippets'
  | 'cause';

/** What an error holds besides its code and its message. */
export type ErrorContext = { [M in ContextMember]?: ActionError[M] | undefined };

/** A failure of the action. Its code is in docs/troubleshooting.md. */
export class ActionError extends Failure<ErrorCode> {
  override readonly name = 'ActionError';
  readonly status: number | undefined;
  /** The part of `evidence` that the job summary shows in another form: a table or a snippet. */
  readonly logOnly: string;
  /** Names and values that help a human and are no secret, such as the claims of the job's token. */
  readonly facts: Readonly<Record<string, string>>;
  /** For the job summary: sentences, and texts to paste, in the order in which to read them. */
  readonly details: readonly string[];
  readonly snippets: readonly Snippet[];

  constructor(code: ErrorCode, whatHappened: string, context: ErrorContext = {}) {
    super(code, whatHappened, { ...context, remedy: context.remedy ?? describeError(code).remedy });
    this.status = context.status;
    this.logOnly = context.logOnly ?? '';
    this.facts = context.facts ?? {};
    this.details = context.details ?? [];
    this.snippets = context.snippets ?? [];
  }
}

/** A failure that the title of its code describes. @param evidence sentences: what was requested, and the response */
export function titled(code: ErrorCode, evidence: string, context: ErrorContext = {}): ActionError {
  return new ActionError(code, describeError(code).title, { ...context, evidence });
}

/** Whatever was thrown, as an `ActionError`; what nobody foresaw becomes `UNEXPECTED`. */
export function toActionError(thrown: unknown): ActionError {
  if (thrown instanceof ActionError) return thrown;
  if (thrown instanceof Contention) return new ActionError('CONFIG_LOCKED', `${thrown.message}.`);
  const isError = thrown instanceof Error;
  const text = isError ? `${thrown.name}: ${thrown.message}` : 'something that is not an Error was thrown';
  return new ActionError('UNEXPECTED', /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}

/** Whatever was thrown, for a log: a `Failure` of any program, or an `ActionError`. */
export function toFailure(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : toActionError(thrown);
}

/** Another program is writing the same file without our lock. `Lock.hold` waits and runs its work again. */
export class Contention extends Error {
  override readonly name = 'Contention';
}
