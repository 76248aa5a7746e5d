// How the token endpoint of an identity domain refuses.
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, RefusedRequest, type ServiceError } from '../server/refusal.ts';

const GUIDE = 'OCI Configuration Setup Guide for GitHub Actions, "Common Issues"';
const RFC_6749 = 'text: none; error: RFC 6749 section 5.2';

export const REFUSALS = {
  clientRejected: confirmed(
    401,
    'invalid_client',
    'Client authentication failed.',
    `${GUIDE}; HDFS connector. Status: RFC 6749 section 5.2`,
  ),
  noRuleMatched: confirmed(
    401,
    'unauthorized_client',
    'No rules matched from given token to find impersonation user.',
    `${GUIDE}; public reports of runs (crawlins/kythira)`,
  ),
  notServiceUser: confirmed(
    401,
    'unauthorized_client',
    'User requesting is not a service user.',
    'public reports of runs (crawlins/kythira, eshneken/family-grocery-list)',
  ),
  clientNotInTrust: invented(
    401,
    'unauthorized_client',
    'Client is not authorized to use the trust.',
    `text: none; status: ${GUIDE}`,
  ),
  inactiveTrust: invented(
    401,
    'unauthorized_client',
    'The trust for the issuer is not active.',
    `text: none; status: ${GUIDE}`,
  ),
  noUniqueTrust: invented(400, 'invalid_grant', 'No unique trust found for the issuer.', 'none'),
  clientClaimMismatch: invented(400, 'invalid_request', 'The token is not valid for this client.', 'none'),
  malformedSubjectToken: invented(400, 'invalid_request', 'The subject token is malformed.', 'none'),
  invalidSubjectToken: invented(400, 'invalid_grant', 'The subject token is invalid or has expired.', 'none'),
  wrongSubjectType: invented(
    400,
    'invalid_request',
    'The requested token type is not supported by the trust.',
    'none',
  ),
  wrongResourceType: invented(
    401,
    'unauthorized_client',
    'The resource type is not allowed by the trust.',
    'none',
  ),
  claimValidationFailed: invented(401, 'unauthorized_client', 'Claim validation failed.', 'none'),
  invalidPublicKey: invented(
    400,
    'invalid_request',
    'The public key is invalid.',
    'text: none; that PEM armor is refused: one blog',
  ),
  unsupportedGrant: invented(400, 'unsupported_grant_type', 'The grant type is not supported.', RFC_6749),
  unsupportedValue: invented(
    400,
    'invalid_request',
    'A parameter has an unsupported value.',
    'text: none; that another requested_token_type is refused: one public report of a run',
  ),
  missingParameter: invented(400, 'invalid_request', 'A required parameter is missing.', RFC_6749),
  repeatedParameter: invented(400, 'invalid_request', 'A parameter is repeated.', RFC_6749),
  wrongContentType: invented(400, 'invalid_request', 'The content type is not supported.', 'none'),
  wrongMethod: invented(405, 'invalid_request', 'Method not allowed.', 'none'),
  grantNotAllowed: invented(
    401,
    'unauthorized_client',
    'The client is not authorized to use this grant type.',
    RFC_6749,
  ),
  invalidScope: invented(
    400,
    'invalid_scope',
    'The requested scope is invalid, unknown, or malformed.',
    RFC_6749,
  ),
  twoAuthentications: invented(
    401,
    'invalid_client',
    'The request has more than one authentication.',
    'text: none; that a client must not use two: RFC 6749 section 2.3',
  ),
  signatureRejected: invented(401, 'invalid_client', 'The signature is invalid.', 'none'),
  clientBesideSignature: invented(400, 'invalid_request', 'A signed request must not name a client.', 'none'),
  foreignSigner: invented(401, 'unauthorized_client', 'The signer is of another tenancy.', 'none'),
  signerDenied: invented(
    401,
    'unauthorized_client',
    'The caller does not have the permission to exchange tokens.',
    'none; the status is a setting',
  ),
  signerNotInTrust: invented(401, 'unauthorized_client', 'The trust is for its OAuth clients only.', 'none'),
  unexpectedParameter: invented(400, 'invalid_request', 'A parameter is not allowed here.', RFC_6749),
  scopeNotGranted: invented(401, 'unauthorized_client', 'The caller is not granted the scope.', 'none'),
  unavailable: invented(503, 'server_error', 'The service is unavailable.', 'none'),
};

export function refuse(name: keyof typeof REFUSALS, reason: string): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason);
}

/** RFC 6749 section 5.2. */
export function oauthErrorResponse({ status, code, text, reason }: ServiceError): EmulatorResponse {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  if (code === 'invalid_client') headers['WWW-Authenticate'] = 'Basic realm="identity-domain"';
  if (status === 405) headers['Allow'] = 'POST';
  return { ...json(status, { error: code, error_description: text }, headers), reason: reason ?? code };
}
