// How a command fails: a code, what happened, what to do, the request ID, and the exit code.
import type { CommandCode } from './codes.ts';

export interface FailureDetails {
  /** One action. Without it, that of the code applies. */
  remedy?: string;
  requestId?: string | undefined;
  status?: number;
  /** The error code of the service: `messageId` of a domain, `code` of IAM, `Code` of AWS. */
  serviceCode?: string | undefined;
  /** The words of the service, made safe by `quote`. */
  serviceText?: string | undefined;
}

export class CommandError extends Error {
  readonly code: CommandCode;
  readonly details: FailureDetails;

  constructor(code: CommandCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.details = details;
  }
}
