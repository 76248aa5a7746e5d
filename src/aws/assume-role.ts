// AWS STS, through the SDK's client. A separate file in `dist/`, loaded only when a role is configured. The SDK builds
// the request and parses the response; this action sends and retries it, as all its calls.
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
  STSClient,
  STSServiceException,
} from '@aws-sdk/client-sts';
import { ActionError, titled } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import type { AwsConfig } from '../inputs/config.ts';
import type { Http, RetriedCall } from '../ports.ts';
import { isPrintable, isRetryableStatus, quote, toText } from '../response.ts';
import { Secret } from '../secret.ts';
import { requestHandler } from './request-handler.ts';

export interface RoleRequest
  extends Pick<
    AwsConfig,
    'role' | 'region' | 'stsEndpoint' | 'durationSeconds' | 'sessionPolicy' | 'managedSessionPolicies'
  > {
  sessionName: string;
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

/**
 * @param now milliseconds since the epoch
 * @throws TransportError
 * @throws ServiceRefusal
 * @throws ActionError AWS_RESPONSE_MALFORMED
 * @see AssumeRoleWithWebIdentity (AWS STS API Reference)
 */
export async function assumeRole(
  http: Http,
  request: RoleRequest,
  token: Secret,
  now: number,
): Promise<RoleCredentials> {
  const { role, sessionName, durationSeconds, sessionPolicy, managedSessionPolicies: arns } = request;
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: role.arn,
    RoleSessionName: sessionName,
    WebIdentityToken: token.reveal(),
    DurationSeconds: durationSeconds,
    Policy: sessionPolicy,
    PolicyArns: arns.length > 0 ? arns.map((arn) => ({ arn })) : undefined,
  });
  const output = await unsignedClient(http, request)
    .send(command)
    .catch((error: unknown) => {
      const isOurs = error instanceof TransportError || error instanceof ActionError;
      throw isOurs ? error : toRefusal(error, token);
    });
  return processOutput(output, request, now);
}

/**
 * A client that neither signs, sends nor retries. Every setting is given, so that the SDK reads neither the environment
 * nor `~/.aws`: an earlier step could otherwise redirect the token by `AWS_ENDPOINT_URL_STS`.
 */
function unsignedClient(http: Http, request: RoleRequest): STSClient {
  return new STSClient({
    region: request.region,
    endpoint: request.stsEndpoint.href,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    userAgentAppId: undefined,
    requestHandler: requestHandler(http, STS_CALL, {
      service: 'STS',
      maxCharacters: MAX_RESPONSE_CHARACTERS,
    }),
  });
}

const STS_CALL: RetriedCall = {
  label: 'AWS STS',
  /**
   * STS fetches the domain's keys within a few seconds; a failure to do so is often temporary.
   * @see Common Errors (AWS STS API Reference)
   */
  transientReason: ({ status, text }) => {
    if (status !== 400) return undefined;
    if (/<Code>InvalidIdentityToken(Exception)?</.test(text) && text.includes('retrieve verification key'))
      return 'STS could not retrieve the verification key';
    return /<Code>(IDPCommunicationError|Throttling(Exception)?|RequestLimitExceeded)</.exec(text)?.[1];
  },
};

/** Credentials take less than 4,000. */
const MAX_RESPONSE_CHARACTERS = 65_536;

function processOutput(
  output: AssumeRoleWithWebIdentityCommandOutput,
  { role }: RoleRequest,
  now: number,
): RoleCredentials {
  const { Credentials: received, AssumedRoleUser: user, $metadata } = output;
  const requestId = requestIdOf($metadata);
  const [accessKeyId, secretAccessKey, sessionToken] = [
    received?.AccessKeyId,
    received?.SecretAccessKey,
    received?.SessionToken,
  ].map((text) => (text !== undefined && /^[\x21-\x7e]+$/.test(text) ? new Secret(text) : undefined));
  const expiresAt = received?.Expiration?.getTime() ?? Number.NaN;
  const assumedRoleArn = user?.Arn ?? '';
  const [, accountId] =
    /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/.exec(assumedRoleArn) ?? [];
  // An unreadable time is NaN, and so neither before nor after now.
  if (!accessKeyId || !secretAccessKey || !sessionToken || !accountId || !(expiresAt > now)) {
    const text = 'The response of STS has no complete, currently valid credentials.';
    throw titled('AWS_RESPONSE_MALFORMED', text, { requestId });
  }
  if (accountId !== role.accountId) {
    const text = `STS issued a session in account ${accountId}; the role is in ${role.accountId}.`;
    throw titled('AWS_RESPONSE_MALFORMED', text, { requestId });
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt, accountId, assumedRoleArn };
}

/** The SDK takes name and message of its errors from the XML, unchecked. */
interface SdkError {
  name?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** @returns a ServiceRefusal, or AWS_RESPONSE_MALFORMED for a response that is not from STS */
function toRefusal(error: unknown, token: Secret): ServiceRefusal | ActionError {
  const { name, message, $metadata = {} } = error as SdkError;
  const { httpStatusCode: status = 0 } = $metadata;
  const requestId = requestIdOf($metadata);
  const code = quote(toText(name), [token]).replace(/Exception$/, '');
  // Without an error code in the response, the SDK throws what its parser threw, or names the code unknown.
  const isRefusal = error instanceof STSServiceException && !/^(|Unknown|UnknownError)$/.test(code);
  const isUnreadable = status < 400 || !isRefusal;
  if (isUnreadable && !isRetryableStatus(status)) {
    // Its message may quote the response, and so a part of the credentials.
    const text = `The response of STS cannot be read (${status || 'no status'}).`;
    return titled('AWS_RESPONSE_MALFORMED', text, { status, requestId });
  }
  const text = isUnreadable ? '' : quote(`${code}: ${toText(message)}`, [token]);
  return new ServiceRefusal('sts', { status, code, text, requestId });
}

/** The SDK takes the id from a header or from the body. */
function requestIdOf({ requestId }: { requestId?: string | undefined }): string | undefined {
  return isPrintable(requestId) ? requestId : undefined;
}
