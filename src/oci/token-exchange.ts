// OCI's token exchange: the job's token and our public key for a session token. Knows not where either comes from.

import type { ImpersonationRule } from '../diagnosis/rule-comparison.ts';
import { ActionError } from '../errors/action-error.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { Http } from '../ports.ts';
import { Secret } from '../secret.ts';
import { askTokenEndpoint, type TokenAnswer } from './token-endpoint.ts';

/** A session of its own for the job as a resource (RPST), instead of a service user's (UPST). */
export interface ResourceRequest {
  /** The trust's `impersonatingResource`. */
  readonly type: string;
  readonly lifetimeSeconds: number | undefined;
}

export interface TokenExchange {
  domainUrl: URL;
  credentials: ClientCredentials;
  /** The JWT that proves who the job is (RFC 8693 `subject_token`). */
  subjectToken: Secret;
  /** What that token says of the job, as it stands there, and when it expires: for messages. */
  claims: Readonly<Record<string, string>>;
  expiresAt: number;
  /** The rules that the trust is said to hold, likewise. */
  trustRules: readonly ImpersonationRule[];
  resource: ResourceRequest | undefined;
  /** DER SubjectPublicKeyInfo in base64, which the session will be bound to. */
  publicKeyBase64: string;
}

export interface ExchangedToken {
  token: Secret;
  requestId: string | undefined;
  /** The domain's clock in milliseconds since the epoch. */
  serverTime: number | undefined;
}

/**
 * Takes the job's token and our public key to the domain and brings back a session token bound to that key.
 * `describe` is asked before every try, since the job's token lives only minutes.
 * @throws ActionError with the OCI_ codes and DEADLINE_EXCEEDED
 * @see Token Exchange Grant Type: Exchanging a JSON Web Token for a UPST (OCI documentation); RFC 8693 section 2
 */
export async function exchangeToken(
  http: Http,
  describe: () => Promise<TokenExchange>,
): Promise<ExchangedToken> {
  let latest: TokenExchange | undefined;
  const answer = await askTokenEndpoint(
    http,
    async () => {
      const exchange = await describe();
      latest = exchange;
      const { domainUrl, credentials, subjectToken } = exchange;
      return {
        domainUrl,
        credentials,
        secrets: [subjectToken],
        form: toForm(exchange),
        label: 'the session token',
      };
    },
    async (refusal) => {
      const { explainRefusal } = await import('../diagnosis/exchange-refusal.ts');
      return explainRefusal(refusal, latest);
    },
  );
  const { requestId, serverTime } = answer;
  return { token: tokenIn(answer), requestId, serverTime };
}

function toForm({ subjectToken, publicKeyBase64, resource }: TokenExchange): Record<string, string> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    ...(resource ? ofResource(resource) : { requested_token_type: 'urn:oci:token-type:oci-upst' }),
    subject_token_type: 'jwt', // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
  };
}

/** OCI's examples count `rpst_exp` in seconds, the Java SDK's documentation in minutes: what is granted has to be read. */
function ofResource({ type, lifetimeSeconds }: ResourceRequest): Record<string, string> {
  return {
    requested_token_type: 'urn:oci:token-type:oci-rpst',
    res_type: type,
    ...(lifetimeSeconds === undefined ? {} : { rpst_exp: String(lifetimeSeconds) }),
  };
}

/** Identity domains answer with `token`; RFC 8693 section 2.2.1 would call it `access_token`. */
function tokenIn({ members, status, requestId }: TokenAnswer): Secret {
  const token = members['token'] ?? members['access_token'];
  if (typeof token === 'string' && token !== '') return new Secret(token);
  throw new ActionError('OCI_RESPONSE_MALFORMED', 'The domain answered with JSON without a token.', {
    status,
    requestId,
  });
}
