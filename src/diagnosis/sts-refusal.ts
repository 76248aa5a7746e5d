// Explains a refusal by STS. Only then are the discovery document and the keys of the issuer fetched, as AWS does.
import { isOfDomain, show, type WebIdentity } from '../aws/web-identity.ts';
import { ActionError, type ErrorCode, type Snippet, titled } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import type { AwsConfig, Config } from '../inputs/config.ts';
import { isOracleHost } from '../inputs/regions.ts';
import { discoveryAddress } from '../oci/id-token.ts';
import type { Http } from '../ports.ts';
import { isRetryableStatus, parseObject, quote } from '../response.ts';
import { unavailable } from './service-failure.ts';

/** @see AssumeRoleWithWebIdentity, Common Errors (AWS STS API Reference) */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['AccessDenied', 'AWS_ACCESS_DENIED'],
  ['InvalidIdentityToken', 'AWS_IDENTITY_TOKEN_INVALID'],
  ['IDPRejectedClaim', 'AWS_IDENTITY_TOKEN_INVALID'],
  ['ExpiredToken', 'AWS_TOKEN_EXPIRED'],
  ['IDPCommunicationError', 'AWS_IDP_UNREACHABLE'],
  ['MalformedPolicyDocument', 'AWS_POLICY_MALFORMED'],
  ['PackedPolicyTooLarge', 'AWS_POLICY_TOO_LARGE'],
]);

export type StsContext = Pick<Config, 'domainUrl'> & { aws: Pick<AwsConfig, 'role' | 'audience'> };

export async function explainStsRefusal(
  http: Http,
  refusal: ServiceRefusal,
  context: StsContext,
  identity: WebIdentity,
): Promise<ActionError> {
  const { code: stsCode, status, requestId } = refusal;
  if (/^(Throttling|RequestLimitExceeded)$/.test(stsCode)) return unavailable(refusal);
  const { role } = context.aws;
  const { issuer, audience, subject } = identity;
  const facts = { iss: issuer, aud: audience, sub: subject, role: role.arn };
  const message = `STS refused role ${role.arn} (${status} ${refusal.text}).`;
  const code = CODES.get(stsCode) ?? 'AWS_REQUEST_INVALID';
  const details = { status, requestId, facts };
  if (code === 'AWS_IDENTITY_TOKEN_INVALID') {
    const cause = await causeOfInvalidToken(http, refusal, context, identity);
    return titled(cause.code, `${message} ${cause.text}`, { ...details, remedy: cause.remedy });
  }
  if (code !== 'AWS_ACCESS_DENIED') return titled(code, message, details);
  const token = `The token has iss=${issuer} sub=${subject}, and the expected aud=${audience}.`;
  return titled(code, `${message} ${token}`, {
    ...details,
    logOnly: token,
    details: [ABOUT_SUBJECT],
    snippets: [trustPolicy(role, identity)],
  });
}

const ABOUT_SUBJECT =
  '`sub` is the application; with `aws-token-source: session`, the user. The OIDC provider in the policy must exist in IAM.';

interface Cause {
  code: ErrorCode;
  text: string;
  remedy?: string | undefined;
}

/** Uses the text of STS first, then what this action can check itself. */
async function causeOfInvalidToken(
  http: Http,
  { text, code: stsCode }: ServiceRefusal,
  { domainUrl, aws: { role, audience: wanted } }: StsContext,
  identity: WebIdentity,
): Promise<Cause> {
  const { issuer, audience, subject, roles } = identity;
  const token = `The token has iss=${issuer} aud=${audience} sub=${subject}.`;
  const code = 'AWS_IDENTITY_TOKEN_INVALID';
  if (roles !== undefined && !roles.includes(role.arn))
    return {
      code,
      text: `The token's claim \`https://aws.amazon.com/roles\` is ${show(roles)}.`,
      remedy: 'Add this role to the claim `https://aws.amazon.com/roles` of the token.',
    };
  if (/token audience/i.test(text)) {
    if (audience === wanted) return { code, text: token, remedy: LIST_AUDIENCE };
    const authorized = `AWS compared the token's authorized party (\`azp\`), ${show(audience)}, instead of its audience.`;
    return { code: 'AWS_AUDIENCE_MISMATCH', text: authorized };
  }
  if (/no openidconnect provider/i.test(text) && !isOfDomain(issuer, domainUrl.origin))
    return { code: 'AWS_ISSUER_UNUSABLE', text: `${token} The issuer is not \`domain-url\`.` };
  const isExplained = stsCode !== 'InvalidIdentityToken' || /no openidconnect provider/i.test(text);
  if (isExplained) return { code, text: token };
  try {
    await assertKeyPublished(http, identity, domainUrl);
    return { code, text: token, remedy: /verification key/i.test(text) ? FETCH_AGAIN : undefined };
  } catch (error) {
    if (error instanceof ActionError) return { code: error.code, text: error.evidence ?? error.message };
    if (!(error instanceof TransportError)) throw error;
    const reason = `Whether AWS can read the domain's keys could not be checked from here: ${error.message}.`;
    return { code, text: `${token} ${reason}` };
  }
}

const LIST_AUDIENCE = 'Add the audience to the client ID list of the IAM OIDC provider.';
const FETCH_AGAIN = 'Run the job again: AWS could not fetch the keys of the domain, but the runner can.';

/**
 * Fetches the discovery document and the signing keys as AWS does: without credentials.
 * @throws ActionError AWS_ISSUER_UNUSABLE, AWS_SIGNING_KEYS_HIDDEN
 * @throws TransportError when they cannot be fetched from here, which does not show that AWS cannot
 * @see OpenID Connect Discovery 1.0 section 4
 */
export async function assertKeyPublished(
  http: Http,
  { issuer, keyId }: Pick<WebIdentity, 'issuer' | 'keyId'>,
  domainUrl: URL,
): Promise<void> {
  const url = new URL(discoveryAddress(issuer));
  if (!isOfDomain(issuer, domainUrl.origin) && !isOracle(url)) {
    const text = `The token's issuer is ${show(issuer)}, which is neither \`domain-url\` nor a host of Oracle's.`;
    throw titled('AWS_ISSUER_UNUSABLE', text);
  }
  const discovery = await fetchPublic(http, url);
  if (discovery['issuer'] !== issuer) {
    const text = `The discovery document names issuer ${show(discovery['issuer'])}; AWS needs exactly ${issuer}.`;
    throw titled('AWS_ISSUER_UNUSABLE', text);
  }
  const { ids, address } = await fetchSigningKeys(http, discovery, url.origin);
  if (ids.length > 0 && (keyId === undefined || ids.includes(keyId))) return;
  const text = `The key ${show(keyId)} is not among those at ${quote(address, [])}.`;
  throw titled('AWS_SIGNING_KEYS_HIDDEN', text);
}

/**
 * @param origin of the discovery document. Its keys are fetched from there or from Oracle: `jwks_uri` could name any host
 * @returns the ids of the keys
 * @throws ActionError AWS_SIGNING_KEYS_HIDDEN
 * @throws TransportError as `fetchPublic`, and for another host
 */
export async function fetchSigningKeys(
  http: Http,
  { jwks_uri: address }: Readonly<Record<string, unknown>>,
  origin: string,
): Promise<{ ids: unknown[]; address: string }> {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null;
  if (url === null) {
    const text = 'The discovery document does not name the address of the signing keys.';
    throw titled('AWS_SIGNING_KEYS_HIDDEN', text);
  }
  if (url.origin !== origin && !isOracle(url)) {
    const text = `the discovery document names ${show(address)} for the keys, which is neither of the issuer nor of Oracle and was not fetched`;
    throw new TransportError('unusable', text);
  }
  const { keys } = await fetchPublic(http, url);
  const ids = Array.isArray(keys) ? keys.map((key: { kid?: unknown } | null) => key?.kid) : [];
  return { ids, address: url.href };
}

/** A host of one of Oracle's realms, on the standard port. */
function isOracle({ protocol, hostname, port }: URL): boolean {
  return protocol === 'https:' && port === '' && isOracleHost(hostname);
}

/** These calls must not use up the rest of the step's time. */
const TIMEOUT_MS = 4000;

/**
 * @throws TransportError also for an outage, and for a refusal that depends on the client's network
 * @throws ActionError AWS_SIGNING_KEYS_HIDDEN for anything else, such as a demand for credentials
 */
async function fetchPublic(http: Http, url: URL): Promise<Record<string, unknown>> {
  const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
  const { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS });
  const members = status === 200 ? parseObject(text) : undefined;
  if (members !== undefined) return members;
  if (status === 403 || isRetryableStatus(status))
    throw new TransportError('unusable', `${url.href} responded with ${status}`);
  const got = status === 200 ? 'something that is no JSON object' : `status ${status}`;
  throw titled('AWS_SIGNING_KEYS_HIDDEN', `Without credentials, ${url.href} sends ${got}.`);
}

/** @see Creating a role for OpenID Connect federation (AWS documentation) */
export function trustPolicy(
  { partition, accountId }: AwsConfig['role'],
  { issuer, audience, subject }: Pick<WebIdentity, 'issuer' | 'audience' | 'subject'>,
): Snippet {
  const provider = issuer.replace(/^https:\/\//, '');
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } },
      },
    ],
  };
  const text = JSON.stringify(policy, undefined, 2);
  return { title: 'The statement, in a whole trust policy', language: 'json', text, isFolded: false };
}
