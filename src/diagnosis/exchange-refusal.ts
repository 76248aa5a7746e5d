// Explains a refused token exchange: what the domain said, what the token has, what differs from the given rules, and
// which trust would accept the job. Loaded only for a refusal.
import { ActionError, type ErrorCode, type Snippet } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { IdToken } from '../github/id-token.ts';
import type { OciConfig } from '../inputs/config.ts';
import { adviseOnRefusedLifetime } from '../oci/session-advice.ts';
import type { TokenEndpoint } from '../oci/token-endpoint.ts';
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

/** What was requested, and with which token. */
export interface ExchangeContext extends TokenEndpoint {
  oci: Pick<OciConfig, 'trustRules' | 'resource'>;
  idToken: Pick<IdToken, 'claims' | 'expiresAt'>;
}

export function explainExchangeRefusal(refusal: ServiceRefusal, context: ExchangeContext): ActionError {
  const { text, status, requestId } = refusal;
  const code = errorCode(refusal, context);
  const message = `The domain refused the exchange (${status}): ${text || 'no reason given'}.`;
  // The client is authenticated first: neither the token nor the trust was looked at.
  if (code === 'OCI_CLIENT_REJECTED') return new ActionError(code, message, { status, requestId });
  const { oci, idToken } = context;
  const facts = diagnosticClaims(idToken);
  const { iss = '(none)', aud = '(none)', sub = '(none)' } = facts;
  const comparisons = oci.trustRules.map((rule) => compareRule(rule, idToken.claims));
  const compared = describeComparisons(code, comparisons);
  const token = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`;
  const first = code === 'OCI_NO_RULE_MATCHED' ? compared.slice(0, 1) : [];
  return new ActionError(code, [message, token, ...first].join(' '), {
    status,
    requestId,
    facts,
    details: [...compared, ...hints(code, context)],
    snippets: [...drawings(comparisons), ...templates(code, context)],
  });
}

/** By `error` and the substance of the text, which varies between versions of the service. */
function errorCode({ code, text }: ServiceRefusal, { oci }: ExchangeContext): ErrorCode {
  if (code === 'invalid_client') return 'OCI_CLIENT_REJECTED';
  // A trust for resources has neither rules nor service users.
  if (oci.resource !== undefined) return 'OCI_EXCHANGE_REJECTED';
  if (/no rules? matched/i.test(text)) return 'OCI_NO_RULE_MATCHED';
  if (/not a service user/i.test(text)) return 'OCI_NOT_A_SERVICE_USER';
  return 'OCI_EXCHANGE_REJECTED';
}

/** What a matching rule means for the cause. */
const DESPITE_MATCH: Partial<Record<ErrorCode, string>> = {
  OCI_NO_RULE_MATCHED:
    'so the trust does not hold it as given here (overwritten by a later PATCH, or quoted there), or the user that it names no longer exists',
  OCI_NOT_A_SERVICE_USER: 'so only the user that it names is wrong',
  OCI_EXCHANGE_REJECTED:
    'so the rule is not the cause: check the trust (active, issuer), its client claim and its OAuth clients',
};

/** A matching rule explains most, so it comes first; the others keep their order. */
function describeComparisons(code: ErrorCode, comparisons: readonly Comparison[]): string[] {
  const match = comparisons.findIndex(({ matches }) => matches);
  const sentences = comparisons.map(({ text }, at) => {
    const name = comparisons.length > 1 ? `\`trust-rule\` ${at + 1}` : '`trust-rule`';
    return `${quote(`${name} ${text}${at === match ? `, ${DESPITE_MATCH[code]}` : ''}`, [])}.`;
  });
  return match > 0 ? [...sentences.splice(match, 1), ...sentences] : sentences;
}

function hints(code: ErrorCode, { oci, idToken: { claims } }: ExchangeContext): string[] {
  if (code === 'OCI_NOT_A_SERVICE_USER') return [];
  const { resource, trustRules } = oci;
  const right = resource ? 'only read' : 'lead to a user that can only read';
  return [
    describeSubject(claims),
    ...(resource?.lifetimeSeconds ? [adviseOnRefusedLifetime(resource.lifetimeSeconds)] : []),
    ...(resource ? resourceHints(resource.type) : []),
    'A domain holds one trust per issuer, which all repositories share: change the existing one.',
    ...(claims['sub']?.endsWith(':pull_request')
      ? [`All pull requests of the repository share this subject: let it ${right}.`]
      : []),
    ...(code === 'OCI_NO_RULE_MATCHED' && trustRules.length === 0
      ? [
          'Give the rule of the trust as `trust-rule` to have it compared with the token, character by character.',
        ]
      : []),
  ];
}

function resourceHints(type: string): string[] {
  return [
    `For \`token-type: rpst\` the trust must have \`subjectType\` Resource and \`impersonatingResource\` ${quote(type, [])}, exactly as in \`resource-type\`. A trust for users cannot serve resources too: they need another domain.`,
    'All jobs that share the trust must meet every one of its `claimValidations`: with several subjects leave `sub` out there, validate what they have in common, such as `repository_id`, and distinguish them by `request.principal.name` in the policy.',
  ];
}

function drawings(comparisons: readonly Comparison[]): Snippet[] {
  return comparisons.flatMap(({ lines }, at) =>
    lines === '' ? [] : [snippet(`Where rule ${at + 1} and token differ`, 'text', lines, false)],
  );
}

function templates(code: ErrorCode, { oci, idToken, domainUrl, client }: ExchangeContext): Snippet[] {
  const { iss: issuer, aud: audience, sub: subject } = idToken.claims;
  const isAboutUser = code === 'OCI_NOT_A_SERVICE_USER';
  if (isAboutUser || issuer === undefined || audience === undefined || subject === undefined) return [];
  const resourceType = oci.resource?.type;
  const { clientId } = client;
  const job: TrustedJob = { domain: domainUrl.origin, clientId, issuer, audience, subject, resourceType };
  const trust = [
    snippet('The whole trust as JSON (SCIM), to compare', 'json', trustAsJson(job), !resourceType),
    snippet(
      'The whole trust with the OCI CLI, if the domain has none for this issuer',
      'sh',
      trustAsCommand(job),
    ),
    snippet('The whole trust in Terraform, to compare or to import', 'hcl', trustAsTerraform(job)),
  ];
  if (code !== 'OCI_NO_RULE_MATCHED') return trust;
  return [
    snippet('The impersonation rule that accepts exactly this job', 'text', ruleFor(job), false),
    snippet('Add the rule to the trust with the OCI CLI', 'sh', ruleAsCommand(job)),
    ...trust,
  ];
}

function snippet(title: string, language: Snippet['language'], text: string, isFolded = true): Snippet {
  return { title, language, text, isFolded };
}
