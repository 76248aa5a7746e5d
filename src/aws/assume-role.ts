// AWS STS: a token of the identity domain for the credentials of a role. A chunk of its own in `dist/`, loaded only when
// a role is asked for. The SDK makes the request and reads the answer; sending and repeating are ours, as for all calls.
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { renderTrustPolicy } from '../diagnosis/trust-policy.ts';
import {
  ActionError,
  type ErrorCode,
  explainTransport,
  type TransportCodes,
  TransportError,
} from '../errors/action-error.ts';
import type { Http } from '../ports.ts';
import { isPrintable, isRetryableStatus, quote, toText } from '../response.ts';
import { Secret } from '../secret.ts';
import { unsignedClient } from './sts-client.ts';
import type { WebIdentity } from './web-identity.ts';

export interface RoleRequest {
  role: { arn: string; partition: string; accountId: string };
  region: string;
  /** Undefined: the regional endpoint of the partition. */
  endpoint: URL | undefined;
  sessionName: string;
  durationSeconds: number;
  /** Compact JSON, or undefined. */
  sessionPolicy: string | undefined;
  managedSessionPolicies: readonly string[];
  allowedAccountIds: readonly string[];
}

export interface RoleCredentials {
  accessKeyId: Secret;
  secretAccessKey: Secret;
  sessionToken: Secret;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  accountId: string;
  assumedRoleArn: string;
}

const TRANSPORT_CODES: TransportCodes = {
  unreachable: 'AWS_UNREACHABLE',
  'timed-out': 'AWS_UNREACHABLE',
  unusable: 'AWS_RESPONSE_MALFORMED',
};

/**
 * @throws ActionError with the AWS_ and PROXY_ codes and DEADLINE_EXCEEDED
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference)
 */
export async function assumeRole(
  http: Http,
  request: RoleRequest,
  identity: WebIdentity,
  now: number,
): Promise<RoleCredentials> {
  const client = unsignedClient(http, request);
  try {
    const output = await client.send(toCommand(request, identity));
    return processOutput(output, request, now);
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw error instanceof TransportError
      ? explainTransport(error, 'Assuming the role', TRANSPORT_CODES)
      : translate(error, request, identity);
  }
}

function toCommand(request: RoleRequest, { token }: WebIdentity): AssumeRoleWithWebIdentityCommand {
  const { role, sessionName, durationSeconds, sessionPolicy, managedSessionPolicies } = request;
  return new AssumeRoleWithWebIdentityCommand({
    RoleArn: role.arn,
    RoleSessionName: sessionName,
    WebIdentityToken: token.reveal(),
    DurationSeconds: durationSeconds,
    Policy: sessionPolicy,
    PolicyArns:
      managedSessionPolicies.length > 0 ? managedSessionPolicies.map((arn) => ({ arn })) : undefined,
  });
}

function processOutput(
  output: AssumeRoleWithWebIdentityCommandOutput,
  request: RoleRequest,
  now: number,
): RoleCredentials {
  const { Credentials: credentials, AssumedRoleUser: user, $metadata } = output;
  const requestId = fitId($metadata);
  const {
    AccessKeyId: id,
    SecretAccessKey: key,
    SessionToken: token,
    Expiration: expiration,
  } = credentials ?? {};
  const arn = user?.Arn ?? '';
  const [, accountId] = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/.exec(arn) ?? [];
  const texts = [id, key, token].map((text) =>
    text !== undefined && /^[\x21-\x7e]+$/.test(text) ? text : undefined,
  );
  const [accessKeyId, secretAccessKey, sessionToken] = texts;
  const isWhole = accessKeyId && secretAccessKey && sessionToken && accountId;
  // Written so that a time that cannot be read, which is NaN, counts as over.
  if (!isWhole || expiration === undefined || !(expiration.getTime() > now)) {
    throw new ActionError(
      'AWS_RESPONSE_MALFORMED',
      'STS answered without whole credentials that are good from now on.',
      { requestId },
    );
  }
  const { allowedAccountIds, role } = request;
  if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(accountId)) {
    const what = `The role is in account ${accountId}, which \`aws-allowed-account-ids\` does not list.`;
    throw new ActionError('AWS_ACCOUNT_NOT_ALLOWED', what, { requestId });
  }
  if (accountId !== role.accountId) {
    const what = `STS answered with a session in account ${accountId}; the role is in ${role.accountId}.`;
    throw new ActionError('AWS_RESPONSE_MALFORMED', what, { requestId });
  }
  return {
    accessKeyId: new Secret(accessKeyId),
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiresAt: expiration.getTime(),
    accountId,
    assumedRoleArn: arn,
  };
}

/** Names of the SDK's errors, which are the codes on the wire with or without "Exception". */
const CODES: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries({
    AccessDenied: 'AWS_ACCESS_DENIED',
    InvalidIdentityToken: 'AWS_IDENTITY_TOKEN_INVALID',
    IDPRejectedClaim: 'AWS_IDENTITY_TOKEN_INVALID',
    ExpiredToken: 'AWS_TOKEN_EXPIRED',
    IDPCommunicationError: 'AWS_IDP_UNREACHABLE',
    MalformedPolicyDocument: 'AWS_POLICY_MALFORMED',
    PackedPolicyTooLarge: 'AWS_POLICY_TOO_LARGE',
    Throttling: 'AWS_UNREACHABLE',
    RequestLimitExceeded: 'AWS_UNREACHABLE',
  } as const),
);

function translate(error: unknown, request: RoleRequest, identity: WebIdentity): ActionError {
  const { name, message, $metadata = {} } = error as SdkError;
  const { httpStatusCode: status } = $metadata;
  const requestId = fitId($metadata);
  const { issuer, audience, subject, token } = identity;
  const wire = quote(toText(name), [token]).replace(/Exception$/, '');
  const facts = { iss: issuer, aud: audience, sub: subject, role: request.role.arn };
  const code = CODES.get(wire) ?? fallback(status, wire);
  // Not a word of it: half an answer may hold half of the credentials.
  if (code === 'AWS_RESPONSE_MALFORMED') {
    const what = `STS answered (${status ?? 'no status'}) with something that cannot be read as its answer.`;
    return new ActionError(code, what, { status, requestId, facts });
  }
  const said = `STS refused role ${request.role.arn} (${status ?? 'no status'} ${wire}): ${quote(toText(message), [token])}.`;
  const isAboutToken = code === 'AWS_ACCESS_DENIED' || code === 'AWS_IDENTITY_TOKEN_INVALID';
  const seen = ` The token has iss=${issuer} aud=${audience} sub=${subject}.`;
  const policy = ` This trust policy would accept it: ${renderTrustPolicy({ ...request.role, issuer, audience, subject })}.`;
  return new ActionError(code, `${said}${isAboutToken ? seen + policy : ''}`, { status, requestId, facts });
}

/** Of the SDK's error nothing is sure: it takes name and message from the XML as they are. */
interface SdkError {
  name?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** The SDK takes the id from the body too. */
function fitId({ requestId }: { requestId?: string | undefined }): string | undefined {
  return isPrintable(requestId) ? requestId : undefined;
}

function fallback(status: number | undefined, wire: string): ErrorCode {
  if (status === undefined || status < 400) return 'AWS_RESPONSE_MALFORMED';
  if (isRetryableStatus(status)) return 'AWS_UNREACHABLE';
  // Without a code of its own the SDK names what it could not read.
  return wire === '' || wire === 'Unknown' || wire === 'UnknownError'
    ? 'AWS_RESPONSE_MALFORMED'
    : 'AWS_REQUEST_INVALID';
}
