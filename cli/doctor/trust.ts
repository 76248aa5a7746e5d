// The trust that accepts the job: what to compare, and what to paste.
import { ruleFor, ruleSnippets, trustSnippets } from '../../src/diagnosis/trust-template.ts';
import type { Snippet } from '../../src/errors/action-error.ts';
import type { ClientAuthentication } from '../../src/inputs/client-credentials.ts';
import type { PartialConfig } from '../../src/inputs/config.ts';
import type { IdToken, TrustAdvice } from '../../src/oci/id-token.ts';

export interface NeededTrust {
  issuer: string;
  /** Undefined: they cannot be read, so the trust needs a certificate. */
  keysUrl: string | undefined;
  audience: string;
  /** Undefined if no rule is safe, and for a trust that makes jobs resources. */
  rule: string | undefined;
  /** About the subject: what varies from run to run, and what else the rule accepts. */
  notes: readonly string[];
  snippets: readonly Snippet[];
}

/** Undefined when the machine signs the exchange. */
const clientIdOf = (client: ClientAuthentication) => (client.kind === 'secret' ? client.clientId : undefined);

/** @param published where the issuer's keys can be read */
export function neededTrust(
  { config, invalidInputs }: PartialConfig,
  { claims }: IdToken,
  advice: TrustAdvice,
  published: string | undefined,
): NeededTrust {
  const keysUrl = published ?? advice.keysUrl;
  const { iss: issuer = '', aud: audience = '' } = claims;
  const { subject, trustName } = advice;
  const resourceType = config.oci?.resource?.type;
  const job = subject !== undefined && {
    domain: invalidInputs.has('domain-url') ? '<URL of the identity domain>' : config.domainUrl.origin,
    clientId: invalidInputs.has('client-id') ? '<client ID of the application>' : clientIdOf(config.client),
    ...{ issuer, keysUrl, audience, subject, trustName, resourceType },
  };
  const isForUsers = job && resourceType === undefined;
  return {
    issuer,
    keysUrl,
    audience,
    rule: isForUsers ? ruleFor(job.subject) : undefined,
    notes: advice.notes,
    snippets: job ? [...(isForUsers ? ruleSnippets(job) : []), ...trustSnippets(job)] : [],
  };
}
