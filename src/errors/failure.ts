interface FailureContext {
  remedy: string;
  /** What supports `whatHappened`: the text of a service, the claims of a token. */
  evidence?: string | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** A failure that a user can meet: a code, what happened, what to do. Never holds a secret. */
export class Failure<Code extends string = string> extends Error {
  readonly code: Code;
  readonly whatHappened: string;
  readonly remedy: string;
  readonly evidence: string | undefined;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  readonly requestId: string | undefined;

  constructor(code: Code, whatHappened: string, { remedy, evidence, requestId, cause }: FailureContext) {
    const message = evidence === undefined ? whatHappened : `${whatHappened} ${evidence}`;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.whatHappened = whatHappened;
    this.remedy = remedy;
    this.evidence = evidence;
    this.requestId = requestId;
  }
}

/** One line: what happened and what to do, then the evidence. */
export function describeFailure({ code, whatHappened, remedy, evidence, requestId }: Failure): string {
  const id = requestId === undefined ? undefined : `Request ID: ${requestId}.`;
  return [`${code}: ${whatHappened}`, remedy, evidence, id].filter((part) => part !== undefined).join(' ');
}
