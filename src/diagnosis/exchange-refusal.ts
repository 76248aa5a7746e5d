// Explains a refused token exchange: what the domain said, what the token has, what differs from the given rules, and
// which trust would accept the job.
import { type ActionError, type ErrorCode, type Snippet, titled } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { ClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import { DEFAULT_AUDIENCE } from '../inputs/parsers.ts';
import { discoveryAddress, type IdToken, type TrustAdvice } from '../oci/id-token.ts';
import type { Signer } from '../oci/token-endpoint.ts';
import type { Http } from '../ports.ts';
import { parseObject, quote } from '../response.ts';
import { diagnosticClaims } from './job-claims.ts';
import { type Comparison, compareRule } from './rule-comparison.ts';
import { ruleFor, ruleSnippets, trustSnippets } from './trust-template.ts';

/** What was requested, and with which token. */
export interface ExchangeContext {
  domainUrl: URL;
  requester: ClientCredentials | Signer;
  oci: Pick<OciConfig, 'audience' | 'trustRules' | 'resource'>;
  idToken: Pick<IdToken, 'claims' | 'expiresAt'>;
  /** By the source of the token. */
  advice: TrustAdvice;
}

/** Reads the issuer's discovery document when a trust is part of the explanation. Never throws. */
export async function explainExchangeRefusal(
  http: Http,
  refusal: ServiceRefusal,
  context: ExchangeContext,
): Promise<ActionError> {
  const { text, status, requestId } = refusal;
  const code = errorCode(refusal, context);
  const response = `The domain ${context.domainUrl.host} responded with ${status}: ${text || 'no reason given'}.`;
  // The domain authenticates the requester first, so it has checked neither the token nor the trust.
  if (code === 'OCI_CLIENT_REJECTED') return titled(code, response, { status, requestId });
  const { oci, idToken, requester, advice } = context;
  const signer = requester.kind === 'secret' ? undefined : requester;
  const { snippets: permission = [], facts: identity } = signer ?? {};
  if (code === 'OCI_SIGNER_REJECTED')
    return titled(code, response, { status, requestId, facts: identity, snippets: permission });
  const facts = diagnosticClaims(idToken, advice);
  const { iss = '(none)', aud = '(none)', sub = '(none)' } = facts;
  const comparisons = oci.trustRules.map((rule) => ({ ...rule, ...compareRule(rule, idToken.claims) }));
  const compared = describeComparisons(code, comparisons);
  const token = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`;
  const isAboutRule = code === 'OCI_NO_RULE_MATCHED';
  const [first, last] = isAboutRule ? [compared[0], advice.subjectHint] : [];
  const { note, snippets } = await templates(http, code, context);
  return titled(code, [first, response, token, last].filter(Boolean).join(' '), {
    status,
    requestId,
    logOnly: token,
    remedy: remedyFor(code, context),
    facts: { ...facts, ...identity },
    details: [...compared, ...hints(code, context), ...(note === undefined ? [] : [note])],
    snippets: [...differenceSnippets(comparisons), ...permission, ...snippets],
  });
}

/** Undefined: that of the code. */
function remedyFor(code: ErrorCode, context: ExchangeContext): string | undefined {
  const { subject } = context.advice;
  const rule = subject === undefined ? '' : ruleFor(subject);
  // A rule that the log would change is only in the snippet.
  if (code === 'OCI_NO_RULE_MATCHED' && rule !== '' && quote(rule, []) === rule && !rule.includes('`'))
    return `Add the rule \`${rule}\` to the trust, exactly as here, without " or '.`;
  if (code !== 'OCI_EXCHANGE_REJECTED') return undefined;
  return context.requester.kind === 'secret' ? undefined : SIGNER_REMEDY;
}

const SIGNER_REMEDY =
  'Check that a policy allows this instance or pod {GET_RPST}, and that the trust is active, without `oauthClients`.';

/** Whether the audience of the token is neither the default nor that of a new set-up, so that it may be the wrong one. */
function hasOtherAudience({ domainUrl, oci: { audience }, idToken: { claims } }: ExchangeContext): boolean {
  return ![DEFAULT_AUDIENCE, domainUrl.origin].includes(audience) && claims['aud'] === audience;
}

/** Uses `error` and key words of the text, whose wording varies between versions of the service. */
function errorCode({ code, text, status }: ServiceRefusal, { oci, requester }: ExchangeContext): ErrorCode {
  const isSigned = requester.kind !== 'secret';
  if (code === 'invalid_client') return isSigned ? 'OCI_SIGNER_REJECTED' : 'OCI_CLIENT_REJECTED';
  // No source shows the response to a signer without a policy. Refusals by a trust have a code of OAuth, and 400 or 401.
  if (isSigned && (status === 403 || (status === 401 && code === ''))) return 'OCI_SIGNER_REJECTED';
  // A trust for resources has neither rules nor service users.
  if (oci.resource !== undefined) return 'OCI_EXCHANGE_REJECTED';
  if (/no rules? matched/i.test(text)) return 'OCI_NO_RULE_MATCHED';
  if (/not a service user/i.test(text)) return 'OCI_NOT_A_SERVICE_USER';
  return 'OCI_EXCHANGE_REJECTED';
}

/** What a matching rule means for the cause. */
const DESPITE_MATCH: Partial<Record<ErrorCode, string>> = {
  OCI_NO_RULE_MATCHED: 'so the rule in the trust differs from `trust-rule`, or its user no longer exists',
  OCI_NOT_A_SERVICE_USER: 'so only the user in the rule is wrong',
  OCI_EXCHANGE_REJECTED: 'so the rule is not the cause',
};

type NamedComparison = Comparison & { name: string };

/** A matching rule explains most, then a rule with a known mistake; the others keep their order. */
function describeComparisons(code: ErrorCode, comparisons: readonly NamedComparison[]): string[] {
  const rank = ({ matches, isExplained }: Comparison) => Number(!matches) + Number(!matches && !isExplained);
  const sorted = comparisons.toSorted((one, other) => rank(one) - rank(other));
  return sorted.map(({ name, matches, text }, at) => {
    const despite = matches && at === 0 ? `, ${DESPITE_MATCH[code]}` : '';
    return `${quote(`${name} ${text}${despite}`, [])}.`;
  });
}

function hints(code: ErrorCode, context: ExchangeContext): string[] {
  const { oci, advice } = context;
  const { aud } = context.idToken.claims;
  if (code === 'OCI_NOT_A_SERVICE_USER') return [];
  const { type, lifetimeSeconds } = oci.resource ?? {};
  const isAboutRule = code === 'OCI_NO_RULE_MATCHED';
  const texts = [
    // Where the input does not select the audience, the notes name the setting that does.
    ...(isAboutRule || type !== undefined || aud !== oci.audience ? advice.notes : []),
    code === 'OCI_EXCHANGE_REJECTED' &&
      aud === DEFAULT_AUDIENCE &&
      '`audience` is the default. After `oci-wif setup`, use the variable OCI_AUDIENCE.',
    lifetimeSeconds &&
      'Try without `rpst-lifetime-seconds`: sources disagree whether OCI counts seconds or minutes.',
    type !== undefined &&
      `\`token-type: rpst\` needs a trust with \`subjectType\` Resource and \`impersonatingResource\` ${quote(type, [])}, as in \`resource-type\`. Resources need another domain than users.`,
    isAboutRule
      ? 'The rule admits every job with this subject.'
      : hasOtherAudience(context)
        ? '`audience` must be one of the `clientClaimValues` of the trust.'
        : 'A domain can have only one trust for each issuer: if it has one, edit it.',
    isAboutRule &&
      oci.trustRules.length === 0 &&
      'Set `trust-rule` to your rule: the summary then shows the first character that differs.',
  ];
  return texts.filter((text) => typeof text === 'string');
}

/** Where each rule and the token differ. */
function differenceSnippets(comparisons: readonly Comparison[]): Snippet[] {
  return comparisons.flatMap(({ lines: text }, at) => {
    const title = `Where rule ${at + 1} and token differ`;
    return text === '' ? [] : [{ title, language: 'text', text, isFolded: false }];
  });
}

/** The trust that accepts the job. */
async function templates(
  http: Http,
  code: ErrorCode,
  context: ExchangeContext,
): Promise<{ note?: string | undefined; snippets: Snippet[] }> {
  const { oci, idToken, advice, domainUrl, requester } = context;
  const { iss: issuer, aud: audience } = idToken.claims;
  const { trustName, subject } = advice;
  const omitsTrust =
    code === 'OCI_NOT_A_SERVICE_USER' || (code === 'OCI_EXCHANGE_REJECTED' && hasOtherAudience(context));
  if (omitsTrust || issuer === undefined || audience === undefined || subject === undefined)
    return { snippets: [] };
  const { url: keysUrl, note } = await findKeysAddress(http, issuer, advice);
  const resourceType = oci.resource?.type;
  const job = {
    domain: domainUrl.origin,
    clientId: requester.kind === 'secret' ? requester.clientId : undefined,
    issuer,
    keysUrl,
    audience,
    subject,
    trustName,
    resourceType,
  };
  const rule = code === 'OCI_NO_RULE_MATCHED' ? ruleSnippets(job) : [];
  return { note, snippets: [...rule, ...trustSnippets(job)] };
}

/** The request only improves the explanation, so it must not delay the report of the failure. */
const DISCOVERY_TIMEOUT_MS = 4000;
const GITHUB_ORIGIN = 'https://token.actions.githubusercontent.com';

/**
 * Finds where an issuer publishes its signing keys. Sends one request, over https only. Never throws.
 * @returns `note` says why `url` is the documented address, or a placeholder; undefined for the published one
 * @see OpenID Connect Discovery 1.0 section 4; OpenID Connect reference (GitHub documentation)
 */
export async function findKeysAddress(
  http: Http,
  issuer: string,
  { keysUrl }: Pick<TrustAdvice, 'keysUrl'>,
): Promise<{ url: string; note?: string }> {
  const discovery = discoveryAddress(issuer);
  try {
    return { url: await publishedAddress(http, issuer, discovery, keysUrl !== undefined) };
  } catch (error) {
    const reason = quote((error as Error).message, []);
    const what = keysUrl === undefined ? 'a placeholder for' : 'the documented';
    const note = `The trust has ${what} address of the issuer's keys, not the published one: ${reason}. Compare it with \`jwks_uri\` in ${quote(discovery, [])}.`;
    return { url: keysUrl ?? '<jwks_uri>', note };
  }
}

async function publishedAddress(
  http: Http,
  issuer: string,
  discovery: string,
  checksHost: boolean,
): Promise<string> {
  const url = httpsUrl(issuer) && httpsUrl(discovery);
  if (url === undefined) throw new Error('the issuer is not an https URL');
  const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
  const { status, text } = await http.send(request, { timeoutMs: DISCOVERY_TIMEOUT_MS });
  const members = status === 200 ? parseObject(text) : undefined;
  if (members?.['issuer'] !== issuer)
    throw new Error(`${url.host} sent no discovery document of this issuer (status ${status})`);
  const keys = httpsUrl(members['jwks_uri']);
  // Google, for one, publishes its keys on another host. GitHub and Forgejo do not.
  if (keys === undefined || (checksHost && ![url.origin, GITHUB_ORIGIN].includes(keys.origin)))
    throw new Error('the discovery document names an address on another host');
  return keys.href;
}

/** Undefined for anything but an https URL without credentials, query and fragment. */
function httpsUrl(address: unknown): URL | undefined {
  if (typeof address !== 'string' || /[?#@]/.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' ? url : undefined;
}
