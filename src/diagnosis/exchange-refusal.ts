// A refused exchange as a failure: what the domain said, what the token says, what differs, and what would have let
// the job in. Loaded only for a refusal. Sees claims and names; the secrets of the request do not come here.

import { ActionError, type ErrorCode, type Snippet } from '../errors/action-error.ts';
import type { Refusal } from '../oci/token-endpoint.ts';
import type { TokenExchange } from '../oci/token-exchange.ts';
import { quote } from '../response.ts';
import { diagnosticClaims } from './claims.ts';
import { type Comparison, compareRule } from './rule-comparison.ts';
import { describeSubject } from './subject-form.ts';
import {
  ruleAsCommand,
  ruleFor,
  type TrustedJob,
  trustAsCommand,
  trustAsJson,
  trustAsTerraform,
} from './trust-template.ts';

type Evidence = Pick<TokenExchange, 'claims' | 'expiresAt' | 'trustRules' | 'resource' | 'domainUrl'> & {
  clientId: string;
};

export function explainRefusal(refusal: Refusal, sent: TokenExchange | undefined): ActionError {
  const { error, description, said, status, requestId } = refusal;
  const code = refusalCode(error, description, sent?.resource !== undefined);
  const what = `The domain refused the exchange (${status}): ${said}.`;
  if (sent === undefined) return new ActionError(code, what, { status, requestId });
  const { claims, expiresAt, trustRules, resource, domainUrl, credentials } = sent;
  const { clientId } = credentials;
  const evidence: Evidence = { claims, expiresAt, trustRules, resource, domainUrl, clientId };
  const facts = diagnosticClaims(evidence);
  const { iss = '(none)', aud = '(none)', sub = '(none)' } = facts;
  const comparisons = trustRules.map((rule) => compareRule(rule, claims));
  const findings = findingsOf(code, evidence, comparisons);
  const shown = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`;
  const compared = code === 'OCI_NO_RULE_MATCHED' ? findings.compared.slice(0, 1) : [];
  return new ActionError(code, [what, shown, ...compared].join(' '), {
    status,
    requestId,
    facts,
    details: [...findings.compared, ...findings.about],
    snippets: [...drawings(comparisons), ...advice(code, evidence)],
  });
}

/** By `error` and the substance of the text, which varies between versions of the service. */
function refusalCode(error: string, description: string, isOfResource: boolean): ErrorCode {
  if (error === 'invalid_client') return 'OCI_CLIENT_REJECTED';
  // Rules and service users are of the other kind of trust: what they lack is no cure.
  if (isOfResource) return 'OCI_EXCHANGE_REJECTED';
  if (/no rules? matched/i.test(description)) return 'OCI_NO_RULE_MATCHED';
  if (/not a service user/i.test(description)) return 'OCI_NOT_A_SERVICE_USER';
  return 'OCI_EXCHANGE_REJECTED';
}

/** Why a rule that fits does not help, by what the domain then looked at. */
const ELSEWHERE: Partial<Record<ErrorCode, string>> = {
  OCI_NO_RULE_MATCHED:
    'so the trust does not hold it as it was given here (overwritten by a later PATCH, or quoted there?), or the user that it names is gone',
  OCI_NOT_A_SERVICE_USER: 'so only the user that it names is wrong',
  OCI_EXCHANGE_REJECTED:
    'so the rule is not to blame: look at the trust (active, issuer), its client claim and its OAuth clients',
  OCI_CLIENT_REJECTED: 'but the domain did not come as far as the rules: it refused the application',
};

function findingsOf(code: ErrorCode, evidence: Evidence, comparisons: readonly Comparison[]) {
  const { claims, trustRules, resource } = evidence;
  const first = comparisons.findIndex(({ matches }) => matches);
  const several = comparisons.length > 1;
  const compared = comparisons.map(({ said }, at) => {
    const name = several ? `\`trust-rule\` ${at + 1}` : '`trust-rule`';
    return `${quote(`${name} ${said}${at === first ? `, ${ELSEWHERE[code]}` : ''}`, [])}.`;
  });
  const sub = claims['sub'] ?? '';
  const about = [
    describeSubject(claims),
    ...(resource ? aboutResource(resource.type) : []),
    'A domain holds one trust per issuer, which all repositories share: change the one that is there.',
    ...(sub.endsWith(':pull_request')
      ? [
          `All pull requests of the repository share this subject: let it ${resource ? 'only read' : 'lead to a user that can only read'}.`,
        ]
      : []),
    ...(code === 'OCI_NO_RULE_MATCHED' && trustRules.length === 0
      ? ['Give the rule of the trust as `trust-rule` to have it compared with the token, to the character.']
      : []),
  ];
  // What fits explains most, so it comes first; otherwise the order is the author's.
  return { compared: first > 0 ? [...compared.splice(first, 1), ...compared] : compared, about };
}

function aboutResource(type: string): string[] {
  return [
    `For \`token-type: rpst\` the trust must have \`subjectType\` Resource and \`impersonatingResource\` ${quote(type, [])}, to the character as in \`resource-type\`. One for users cannot serve both: resources then need another domain.`,
    'All jobs that share the trust must meet every one of its `claimValidations`: with several subjects leave `sub` out there, validate what they have in common, such as `repository_id`, and tell them apart by `request.principal.name` in the policy.',
  ];
}

function drawings(comparisons: readonly Comparison[]): Snippet[] {
  return comparisons.flatMap(({ lines }, at) =>
    lines === '' ? [] : [snippet(`Where rule ${at + 1} and token part`, 'text', lines, false)],
  );
}

function advice(code: ErrorCode, { claims, domainUrl, clientId, resource }: Evidence): Snippet[] {
  const { iss: issuer, aud: audience, sub: subject } = claims;
  if (issuer === undefined || audience === undefined || subject === undefined) return [];
  const resourceType = resource?.type;
  const job: TrustedJob = { domain: domainUrl.origin, clientId, issuer, audience, subject, resourceType };
  const whole = [
    snippet('The whole trust as JSON (SCIM), to compare', 'json', trustAsJson(job), resource === undefined),
    snippet(
      'The whole trust with the OCI CLI, where the domain has none for this issuer',
      'sh',
      trustAsCommand(job),
    ),
    snippet('The whole trust in Terraform, to compare or to import', 'hcl', trustAsTerraform(job)),
  ];
  if (resource) return whole;
  const add: Snippet[] =
    code === 'OCI_NO_RULE_MATCHED'
      ? [snippet('Add the rule to the trust with the OCI CLI', 'sh', ruleAsCommand(job))]
      : [];
  return [
    snippet(
      'The impersonation rule that lets exactly this job in',
      'text',
      ruleFor(job),
      code !== 'OCI_NO_RULE_MATCHED',
    ),
    ...add,
    ...whole,
  ];
}

function snippet(title: string, language: Snippet['language'], text: string, isFolded = true): Snippet {
  return { title, language, text, isFolded };
}
