// Why a request to AWS failed.
import { ActionError } from '../../src/errors/action-error.ts';
import { TransportError } from '../../src/errors/transport-error.ts';
import { isPrintable, isRetryableStatus, quote, toText } from '../../src/response.ts';
import type { CommandCode } from '../codes.ts';
import { CommandError } from '../failure.ts';

const LOG_IN = 'Log in with the AWS CLI (`aws sso login` or `aws configure`), or set AWS_PROFILE.';

/** By the error code of AWS. Others are SERVICE_REFUSED. @see Common errors (IAM API Reference) */
const CODES: Readonly<Record<string, readonly [CommandCode, remedy?: string]>> = {
  AccessDenied: ['NOT_PERMITTED'],
  UnauthorizedOperation: ['NOT_PERMITTED'],
  ExpiredToken: ['CREDENTIALS_UNUSABLE', LOG_IN],
  IncompleteSignature: ['CREDENTIALS_UNUSABLE', LOG_IN],
  InvalidClientTokenId: ['CREDENTIALS_UNUSABLE', LOG_IN],
  SignatureDoesNotMatch: ['CREDENTIALS_UNUSABLE', LOG_IN],
  NoSuchEntity: ['NOT_FOUND'],
  EntityAlreadyExists: ['CONFLICT'],
  ConcurrentModification: ['CONFLICT'],
  Throttling: ['RATE_LIMITED'],
  DeleteConflict: ['SERVICE_REFUSED', 'Detach the policies of the role, then run the command again.'],
  OpenIdIdpCommunicationError: [
    'SERVICE_REFUSED',
    'AWS could not read the discovery document of the domain. Run the command again in a minute.',
  ],
};

/** The SDK takes name and message of its errors from the response, unchecked. */
interface SdkError {
  /** Of a refusal only. */
  $fault?: 'client' | 'server';
  name?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** @param action what failed, as the beginning of a sentence */
export function awsFailure(error: unknown, action: string): CommandError {
  if (error instanceof CommandError) return error;
  const { $fault, name, message, $metadata = {} } = error as SdkError;
  if (error instanceof TransportError)
    return new CommandError('SERVICE_UNREACHABLE', `${action} failed: ${error.message}.`);
  if (error instanceof ActionError) return new CommandError('RESPONSE_MALFORMED', error.message);
  const text = quote(toText(message), []);
  const requestId = isPrintable($metadata.requestId) ? $metadata.requestId : undefined;
  const { httpStatusCode: status = 0 } = $metadata;
  const serviceCode = quote(toText(name), []).replace(/Exception$/, '');
  // Without an error code in the response, the SDK throws what its parser threw, or names the code unknown.
  if ($fault === undefined || /^(|Unknown|UnknownError)$/.test(serviceCode)) {
    // The search for credentials throws errors with such names, without a response.
    if (status === 0 && /Credentials|Token|Config/.test(serviceCode))
      return new CommandError('CREDENTIALS_UNUSABLE', `No AWS credentials: ${text}.`, { remedy: LOG_IN });
    const unreadable = `${action} failed: the response of AWS cannot be read.`;
    return new CommandError('RESPONSE_MALFORMED', unreadable, { status, requestId });
  }
  const [code, remedy] = CODES[serviceCode] ?? [
    isRetryableStatus(status) ? 'SERVICE_UNREACHABLE' : 'SERVICE_REFUSED',
  ];
  const details = { requestId, status, serviceCode, serviceText: text };
  const said = `${action} was refused: ${serviceCode}: ${text}.`;
  return new CommandError(code, said, remedy === undefined ? details : { ...details, remedy });
}
