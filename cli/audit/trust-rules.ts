// The impersonation rules of trusts, parsed, with what they admit.
import { parseRule } from '../../src/inputs/trust-rule.ts';
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { narrowest, parseSubject, type Reach, reachOf, type Subject } from './subject.ts';

export interface TrustRuleEntry {
  trust: IdentityPropagationTrust;
  /** From 0. */
  index: number;
  rule: string;
  /** SCIM id of the service user; its OCID where a rule has nothing else. */
  user: string;
  claim: string;
  /** Undefined for a rule that no domain evaluates. */
  operator: 'eq' | 'co' | undefined;
  /** Without the quotes around it. */
  value: string;
  isQuoted: boolean;
  /** Together with the client claim of the trust. */
  reach: Reach;
  /** Of `sub eq …` for one repository. */
  subject: Subject | undefined;
}

/**
 * The host whose jobs have tokens of this issuer: `github.com`, a subdomain of `ghe.com`, or a server. Undefined for others.
 * @see OpenID Connect on GitHub Enterprise Server, on GHE.com, and for an enterprise (GitHub documentation)
 */
export function githubHostOf({ issuer = '' }: IdentityPropagationTrust): string | undefined {
  if (/^https:\/\/token\.actions\.githubusercontent\.com(\/[\w-]+)?$/.test(issuer)) return 'github.com';
  const [, cloud, server] =
    /^https:\/\/(?:token\.actions\.([\w-]+\.ghe\.com)|([^/]+)\/_services\/token)$/.exec(issuer) ?? [];
  return cloud ?? server;
}

export const isGitHub = (trust: IdentityPropagationTrust) => githubHostOf(trust) !== undefined;

/** Whether the list of rules was not returned, which a domain does even when it was asked for. */
export function hidesRules(trust: IdentityPropagationTrust): boolean {
  const { subjectType, allowImpersonation, impersonationServiceUsers } = trust;
  return subjectType !== 'Resource' && allowImpersonation === true && impersonationServiceUsers === undefined;
}

export function rulesOf(trust: IdentityPropagationTrust): TrustRuleEntry[] {
  // Absent is unknown: the rules may have an effect.
  if (trust.allowImpersonation === false) return [];
  return (trust.impersonationServiceUsers ?? []).map(({ rule, value: id, ocid = '' }, index) => {
    const { claim, operator, value, problem } = parseRule(rule);
    const isQuoted = operator !== undefined && problem !== undefined;
    const plain = isQuoted ? value.trim().replace(/^["'`“”]|["'`“”]$/gu, '') : value;
    const reach = narrowest(clientReach(trust), operator === 'eq' ? reachOf(claim, plain) : 'everyone');
    const subject = operator === 'eq' && claim === 'sub' ? parseSubject(plain) : undefined;
    return { trust, index, rule, user: id ?? ocid, claim, operator, value: plain, isQuoted, reach, subject };
  });
}

/** What the client claim admits alone. It can be `sub` with a list of subjects; usually it is the audience. */
export function clientReach({ clientClaimName, clientClaimValues = [] }: IdentityPropagationTrust): Reach {
  if (clientClaimName === undefined || clientClaimValues.length === 0) return 'everyone';
  // Values are compared as they are, so a star is no wildcard: the widest value decides.
  const reaches = clientClaimValues.map((value) => reachOf(clientClaimName, value.replaceAll('*', '-')));
  return reaches.reduce((one, other) => (narrowest(one, other) === one ? other : one));
}
