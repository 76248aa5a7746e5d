// An access token for AWS that the OCI session requests in place of a client. Loaded only for `aws-token-source: session`.
import { ActionError } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { WebIdentity } from './web-identity.ts';

/** The scopes with the audience in front, as a token exchange needs them: `/` becomes `sts.amazon.com/`. */
export function fullScope(audience: string, scope: string): string {
  const full = (one: string) => (one.startsWith(audience) ? one : `${audience}${one}`);
  return scope.split(' ').map(full).join(' ');
}

const REMEDY = 'Grant the resource server to the service user, or use `aws-token-source: client`.';

export function explainSessionRefusal(
  { code, text, status, requestId }: ServiceRefusal,
  scope: string,
): ActionError {
  const what = 'The domain refused the session an access token for AWS.';
  const evidence = `For scope ${JSON.stringify(scope)}, it responded with ${status}: ${text || 'no reason given'}.`;
  const ours = code === 'invalid_scope' ? 'OCI_SCOPE_REFUSED' : 'OCI_ACCESS_TOKEN_REFUSED';
  return new ActionError(ours, what, { evidence, status, requestId, remedy: REMEDY });
}

/** What a role must demand of such a token. */
export function adviseOnSubject({ audience, subject }: Pick<WebIdentity, 'audience' | 'subject'>): string {
  return `\`aws-token-source\` session is experimental. Demand aud ${audience} and sub ${subject} in the trust policy of the role: without \`sub\`, it admits every user with a token for this audience.`;
}
