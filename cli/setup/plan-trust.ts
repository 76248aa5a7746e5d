// Plans the trust. It is shared by all repositories of the domain, so a plan only appends. Pure functions.
import type { Claims } from '../../src/diagnosis/job-claims.ts';
import { ruleFor, type TrustedJob } from '../../src/diagnosis/trust-template.ts';
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { CommandError } from '../failure.ts';
import { appendToTrust, createTrust } from './apply-trust.ts';
import type { Made, Step } from './part.ts';
import { audienceOf } from './plan-github.ts';
import { keysUrlOf, type Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { count, keep, refuse, warn } from './steps.ts';
import { knownClaims } from './subject.ts';
import { missingIn, type Wanted } from './trust-change.ts';
import { searchRules } from './trust-rules.ts';

export function planTrust(snapshot: Snapshot, selection: Selection, subject: string): Step[] {
  const { trust } = snapshot;
  const audience = audienceOf(snapshot, selection);
  const name = trust?.name ?? 'github-actions';
  const object = { system: 'domain', object: 'trust', name } as const;
  const rule = ruleFor(subject);
  if (trust === undefined)
    return [
      {
        action: {
          ...object,
          op: 'create',
          text: `rule 1  ${rule}`,
          details: [`audience ${audience}`],
          after: [rule],
        },
        apply: (run) => createTrust(run, ...newTrust(snapshot, selection, subject, run.made)),
      },
    ];
  const claims = knownClaims(snapshot.repository, selection, { subject, audience });
  const fault = trustFault(trust, selection, claims, snapshot.user?.id);
  if (fault !== undefined) return [refuse(object, fault)];
  const claimValue = trust.clientClaimName === undefined ? undefined : claims[trust.clientClaimName];
  return [
    planAppend(snapshot, selection, { rule, claimValue }, claims),
    ...trustAdvice(trust, selection, claims).map((text) => warn(object, text)),
  ];
}

/** Why the trust must not be changed; undefined if it may. Also asked for the trust that is read just before the change. */
function trustFault(
  trust: IdentityPropagationTrust,
  selection: Selection,
  claims: Claims,
  userId: string | undefined,
): string | undefined {
  const { subjectType, active, allowImpersonation, clientClaimName } = trust;
  const rules = trust.impersonationServiceUsers ?? [];
  const fault = callerFault(trust, selection);
  if (fault !== undefined) return fault;
  if (subjectType === 'Resource')
    return 'serves resources (`token-type: rpst`), not users, and a domain has one trust for an issuer; use another domain';
  if (subjectType !== 'User')
    return `has the subject type ${subjectType ?? 'unknown'}; only User is supported`;
  if (allowImpersonation === false)
    return 'does not allow impersonation, so its rules have no effect; set allowImpersonation';
  if (active !== true && !selection.activate)
    return `is inactive; \`--activate\` activates it, and with it ${count(rules.length, 'rule')}`;
  if (clientClaimName !== undefined && !Object.hasOwn(claims, clientClaimName))
    return `identifies clients by the claim ${clientClaimName}, which is not known before a job runs; add its value yourself`;
  const { first } = searchRules(rules, claims);
  const earlier = first === undefined ? undefined : rules[first];
  if (first === undefined || earlier === undefined || earlier.value === userId) return undefined;
  return `rule ${first + 1} \`${earlier.rule}\` already matches, and maps the jobs to the user ${earlier.value}; remove or narrow it first`;
}

/** A trust is for clients or for callers that sign: whether one can serve both is not documented. */
export function callerFault(
  { oauthClients = [], impersonationServiceUsers = [] }: IdentityPropagationTrust,
  { clientAuth }: Selection,
): string | undefined {
  const isShared = 'and a domain has one trust for an issuer; use another domain';
  if (clientAuth !== 'secret')
    return oauthClients.length > 0
      ? `lists ${count(oauthClients.length, 'client')}, which may refuse callers that sign, ${isShared}`
      : undefined;
  return oauthClients.length === 0 && impersonationServiceUsers.length > 0
    ? `lists no client: its callers sign (\`client-auth: instance-principal\`), ${isShared}`
    : undefined;
}

function planAppend(
  { trust = { id: '' }, app, user }: Snapshot,
  selection: Selection,
  { rule, claimValue }: Pick<Wanted, 'rule' | 'claimValue'>,
  claims: Claims,
): Step {
  const { impersonationServiceUsers, oauthClients, clientClaimValues } = trust;
  const object = { system: 'domain', object: 'trust', name: trust.name ?? '' } as const;
  const rules = impersonationServiceUsers ?? [];
  // A wider rule for the same user admits the jobs already.
  const admitting = searchRules(rules, claims).first;
  const isAdmitted = user !== undefined && admitting !== undefined;
  const ruleWanted = isAdmitted ? (rules[admitting]?.rule ?? rule) : rule;
  const isActive = trust.active === true;
  const signs = selection.clientAuth !== 'secret';
  const wantedOf = ({ clientId = '', userId = '' }: Made): Wanted => ({
    rule: ruleWanted,
    userId,
    clientId: signs ? undefined : clientId,
    claimValue,
    activate: selection.activate,
  });
  const missing = missingIn(trust, wantedOf({ clientId: app?.name ?? '', userId: user?.id ?? '' }));
  const parts = [
    missing.impersonationServiceUsers.length > 0 ? `+ rule ${rules.length + 1}  ${rule}` : '',
    missing.oauthClients.length > 0 ? `+ client ${app?.name ?? 'of the new application'}` : '',
    missing.clientClaimValues.length > 0
      ? `+ ${trust.clientClaimName} ${claimValue}, which then holds for all rules`
      : '',
    isActive ? '' : 'is activated',
  ].filter((part) => part !== '');
  const kept = `${count(rules.length, 'rule')}, ${count(trust.oauthClients?.length ?? 0, 'client')} kept`;
  if (parts.length === 0) return keep(object, `rule ${(admitting ?? 0) + 1}  ${ruleWanted}`);
  return {
    action: {
      ...object,
      op: 'append',
      text: parts[0] ?? '',
      details: [...parts.slice(1), kept],
      before: { impersonationServiceUsers, oauthClients, clientClaimValues },
      after: { rule, ...(claimValue !== undefined && { [trust.clientClaimName ?? '']: claimValue }) },
    },
    apply: (run) =>
      appendToTrust(run, wantedOf(run.made), (now) => {
        const fault = trustFault(now, selection, claims, run.made.userId);
        if (fault !== undefined) throw changedMeanwhile(fault);
      }),
  };
}

function changedMeanwhile(fault: string): CommandError {
  const subject = /^rule/.test(fault) ? '' : 'it ';
  return new CommandError('CONFLICT', `The trust was changed meanwhile: ${subject}${fault}.`);
}

function trustAdvice(trust: IdentityPropagationTrust, { issuer }: Selection, claims: Claims): string[] {
  const { clientClaimName, publicKeyEndpoint, impersonationServiceUsers } = trust;
  const rules = impersonationServiceUsers ?? [];
  const { first, perhaps } = searchRules(rules, claims);
  const keys = keysUrlOf(issuer);
  const numbers = perhaps.map((index) => index + 1);
  return [
    impersonationServiceUsers === undefined
      ? 'was returned without rules: it has none, or this account may not read them'
      : '',
    clientClaimName === undefined ? 'checks no audience: it accepts tokens for every recipient' : '',
    publicKeyEndpoint === keys
      ? ''
      : `reads the keys from ${publicKeyEndpoint ?? 'a certificate'}, not ${keys}`,
    numbers.length > 0
      ? `${numbers.length === 1 ? 'rule' : 'rules'} ${numbers.join(', ')} may match first, which is known only when a job runs; its jobs are then the user of that rule`
      : '',
    first !== undefined && rules[first]?.rule !== ruleFor(claims['sub'] ?? '')
      ? `rule ${first + 1} \`${rules[first]?.rule}\` admits other jobs as the same user`
      : '',
  ].filter((text) => text !== '');
}

/** @throws CommandError: a defect, because the former steps create both */
function newTrust(
  snapshot: Snapshot,
  selection: Selection,
  subject: string,
  { clientId, userId }: Made,
): [job: TrustedJob, userId: string] {
  const signs = selection.clientAuth !== 'secret';
  if ((clientId === undefined && !signs) || userId === undefined)
    throw new CommandError('UNEXPECTED', 'The trust was planned before the application and the user.');
  const { issuer } = selection;
  const audience = audienceOf(snapshot, selection);
  const [domain, keysUrl] = [snapshot.domainUrl, keysUrlOf(issuer)];
  const client = signs ? undefined : clientId;
  return [{ domain, clientId: client, issuer, keysUrl, audience, subject, resourceType: undefined }, userId];
}
