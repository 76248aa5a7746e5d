// How an identity domain refuses: OAuth errors at its token endpoint, SCIM errors everywhere else.
import { type EmulatorResponse, json } from '../server/message.ts';

/** Thrown while a token request is processed. `reason` goes into the journal: the domain's own description is vague. */
export class OAuthError extends Error {
  readonly status: number;
  readonly error: string;
  readonly reason: string;

  constructor(status: number, error: string, description: string, reason: string) {
    super(description);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

export function invalidRequest(description: string, reason: string): OAuthError {
  return new OAuthError(400, 'invalid_request', description, reason);
}

/** RFC 6749 section 5.2. */
export function oauthErrorResponse({ status, error, message, reason }: OAuthError): EmulatorResponse {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
  if (error === 'invalid_client') headers['WWW-Authenticate'] = 'Basic realm="identity-domain"';
  if (status === 405) headers['Allow'] = 'POST';
  return { ...json(status, { error, error_description: message }, headers), reason };
}

/** RFC 7644 section 3.12. */
export function scimError(status: number, detail: string, reason: string): EmulatorResponse {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  return { ...json(status, { schemas, status: String(status), detail }), reason };
}
