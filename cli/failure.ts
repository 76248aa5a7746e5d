// How a command fails: a code, what happened, what to do, the request ID, and the exit code.
import { type ErrorCode, helpPath } from '../src/errors/codes.ts';
import { Failure } from '../src/errors/failure.ts';
import { COMMAND_CODES, COMMAND_HELP, type CommandCode } from './codes.ts';

interface FailureDetails {
  /** What to do. Default: the remedy of the code. */
  remedy?: string;
  requestId?: string | undefined;
  /** Status of the response. */
  status?: number;
  /** The error code of the service: `messageId` of a domain, `code` of IAM, `Code` of AWS. */
  serviceCode?: string | undefined;
  /** The words of the service, made safe by `quote`. */
  serviceText?: string | undefined;
  /** Default 1. */
  exitCode?: number;
}

export class CommandError extends Failure<CommandCode> {
  override readonly name = 'CommandError';
  readonly details: FailureDetails;

  constructor(code: CommandCode, message: string, details: FailureDetails = {}) {
    const { requestId, remedy = COMMAND_CODES[code].remedy } = details;
    super(code, message, { remedy, requestId });
    this.details = details;
  }
}

/** For `catch`: the same error, with this remedy if it is a refusal with one of the statuses. */
export const withRemedy =
  (statuses: readonly number[], remedy: string) =>
  (error: unknown): never => {
    if (!(error instanceof CommandError) || !statuses.includes(error.details.status ?? 0)) throw error;
    throw new CommandError(error.code, error.message, { ...error.details, remedy });
  };

const REPOSITORY = 'https://github.com/org/oci-wif-action/blob/main';

/** The address of the heading that helps with the error; undefined if none does. */
export function helpUrl({ code }: Failure): string | undefined {
  const heading = Object.hasOwn(COMMAND_CODES, code)
    ? COMMAND_HELP[code as CommandCode]
    : helpPath(code as ErrorCode);
  return heading && `${REPOSITORY}/${heading}`;
}
