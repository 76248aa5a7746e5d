interface FailureContext {
  remedy: string;
  requestId?: string | undefined;
  cause?: unknown;
}

/** A failure that a user can meet: a code, what happened, what to do. Never holds a secret. */
export class Failure<Code extends string = string> extends Error {
  readonly code: Code;
  readonly remedy: string;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  readonly requestId: string | undefined;

  constructor(code: Code, whatHappened: string, { remedy, requestId, cause }: FailureContext) {
    super(whatHappened, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    this.requestId = requestId;
  }
}
