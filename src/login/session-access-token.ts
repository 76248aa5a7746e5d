// The access token for AWS, requested by the OCI session in place of a client. Loaded only for `aws-token-source: session`.
import type { WebIdentity } from '../aws/web-identity.ts';
import { ActionError } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { StepDeps } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { requestAccessToken } from './access-token.ts';
import type { AwsLoginConfig } from './aws-session.ts';
import { type OciSession, proofOf } from './oci-session.ts';

/**
 * Asks for no refresh token and for no scope of the domain itself, both of which would outlive or exceed the session.
 * @throws ActionError as `requestAccessToken`
 */
export function requestSessionAccessToken(
  deps: StepDeps,
  { domainUrl, aws: { audience, scope } }: AwsLoginConfig,
  session: Pick<OciSession, 'sessionToken' | 'keyPair'>,
): Promise<Secret> {
  const endpoint = { domainUrl, requester: proofOf(session) };
  return requestAccessToken(deps, endpoint, fullScope(audience, scope), explainRefusal);
}

/** The scopes with the audience in front, as a token exchange needs them: `/` becomes `sts.amazon.com/`. */
export function fullScope(audience: string, scope: string): string {
  const full = (one: string) => (one.startsWith(audience) ? one : `${audience}${one}`);
  return scope.split(' ').map(full).join(' ');
}

const REMEDY =
  'Oracle documents this exchange, but not which permission a service user needs for it. Grant the resource server to the user or its group, or use `aws-token-source: client`.';

function explainRefusal({ code, text, status, requestId }: ServiceRefusal, scope: string): ActionError {
  const message = `The domain refused the session an access token for scope ${JSON.stringify(scope)} (${status}): ${text || 'no reason given'}.`;
  const ours = code === 'invalid_scope' ? 'OCI_SCOPE_REFUSED' : 'OCI_ACCESS_TOKEN_REFUSED';
  return new ActionError(ours, message, { status, requestId, remedy: REMEDY });
}

/** What a role must demand of such a token. */
export function adviseOnSubject({ audience, subject }: Pick<WebIdentity, 'audience' | 'subject'>): string {
  return `\`aws-token-source\` session is experimental. The access token has aud ${audience} and sub ${subject}. Demand both in the trust policy of the role: without \`sub\`, it admits every user and perhaps every instance that gets a token for this audience.`;
}
