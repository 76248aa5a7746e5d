// An access token of the identity domain by client credentials: what a party outside OCI, such as AWS, can verify.

import { ActionError, type ErrorCode } from '../errors/action-error.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { Http } from '../ports.ts';
import { Secret } from '../secret.ts';
import { askTokenEndpoint, type Refusal } from './token-endpoint.ts';

export interface AccessTokenRequest {
  domainUrl: URL;
  credentials: ClientCredentials;
  /** As the resource server spells it: bare, or behind its primary audience. */
  scope: string;
}

/**
 * @throws ActionError OCI_SCOPE_REFUSED, OCI_ACCESS_TOKEN_REFUSED, OCI_CLIENT_REJECTED and those of the token endpoint
 * @see RFC 6749 section 4.4; Using OCI Identity Domain as an OIDC Provider for AWS STS (Oracle A-Team)
 */
export async function requestAccessToken(http: Http, request: AccessTokenRequest): Promise<Secret> {
  const { domainUrl, credentials, scope } = request;
  const form = { grant_type: 'client_credentials', scope };
  const label = 'the access token for AWS';
  const { members, status, requestId } = await askTokenEndpoint(
    http,
    async () => ({ domainUrl, credentials, form, secrets: [], label }),
    (refusal) => explain(refusal, scope),
  );
  const token = members['access_token'];
  if (typeof token === 'string' && token.split('.').length === 3) return new Secret(token);
  const what = 'The domain answered with JSON without an access token in the form of a JWT.';
  throw new ActionError('OCI_RESPONSE_MALFORMED', what, { status, requestId });
}

function explain({ error, said, status, requestId }: Refusal, scope: string): ActionError {
  const codes = new Map<string, ErrorCode>([
    ['invalid_client', 'OCI_CLIENT_REJECTED'],
    ['invalid_scope', 'OCI_SCOPE_REFUSED'],
  ]);
  const what = `The domain refused an access token for scope ${JSON.stringify(scope)} (${status}): ${said}.`;
  return new ActionError(codes.get(error) ?? 'OCI_ACCESS_TOKEN_REFUSED', what, { status, requestId });
}
