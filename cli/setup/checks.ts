// What the doctor would say about the result, from what is read after the changes. Pure functions.
import { USER_EXTENSION } from '../domain/objects.ts';
import type { Check } from './part.ts';
import { storedClient } from './plan-app.ts';
import { audienceOf, SECRET } from './plan-github.ts';
import { missingStatements, statementsFor } from './plan-policy.ts';
import { resourceTrustFault } from './plan-resource-trust.ts';
import { secretState } from './plan-secret.ts';
import { keysUrlOf, type Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { knownClaims, subjectOf } from './subject.ts';
import { searchRules } from './trust-rules.ts';

export function checksOf(snapshot: Snapshot, selection: Selection): Check[] {
  const { policies } = snapshot;
  const missing = missingStatements(policies ?? [], statementsFor(snapshot, selection));
  return [
    ...(selection.clientAuth === 'secret' ? clientChecks(snapshot, selection) : []),
    ...(selection.tokenType === 'upst' ? principalChecks(snapshot) : []),
    policies === undefined
      ? { name: 'policy', verdict: 'warning', text: 'not read' }
      : check(
          'policy',
          missing.length === 0,
          selection.allow.length === 1 ? '1 statement' : `${selection.allow.length} statements`,
          `lacks: ${missing.join('; ')}`,
        ),
    ...trustChecks(snapshot, selection),
  ];
}

function clientChecks(snapshot: Snapshot, selection: Selection): Check[] {
  const isStored = secretState(storedClient(snapshot, selection)) === 'valid';
  return [
    check('app', snapshot.app?.active === true, 'active', 'missing or inactive'),
    check('secret', isStored, `${SECRET} stored`, `${SECRET} is not stored`),
  ];
}

function principalChecks({ user, group }: Snapshot): Check[] {
  const members = group?.members;
  return [
    check(
      'user',
      user?.[USER_EXTENSION]?.serviceUser === true,
      'service user',
      'missing, or not a service user',
    ),
    members === undefined
      ? { name: 'group', verdict: 'warning', text: 'its members were not returned' }
      : check(
          'group',
          members.some(({ value }) => value === user?.id),
          `has the user as member`,
          'does not have the user as member',
        ),
  ];
}

export function check(name: string, isOk: boolean, ok: string, failure: string): Check {
  return { name, verdict: isOk ? 'ok' : 'failure', text: isOk ? ok : failure };
}

function trustChecks(snapshot: Snapshot, selection: Selection): Check[] {
  const { trust, app, user } = snapshot;
  if (trust === undefined) return [check('trust', false, '', 'missing')];
  const { publicKeyEndpoint, clientClaimName, clientClaimValues = [] } = trust;
  const audience = audienceOf(snapshot, selection);
  const { oauthClients = [] } = trust;
  const isResource = selection.tokenType === 'rpst';
  const hasAudience = clientClaimName !== 'aud' || clientClaimValues.includes(audience);
  return [
    check(
      'trust',
      trust.active === true,
      isResource ? 'active, for resources' : 'active, for users',
      'inactive',
    ),
    selection.clientAuth === 'secret'
      ? check('client', oauthClients.includes(app?.name ?? ''), 'in the trust', 'not in the trust')
      : check('client', oauthClients.length === 0, 'none: the callers sign', 'the trust lists clients'),
    check('audience', hasAudience, audience, `${audience} is not in the trust`),
    {
      name: 'keys',
      verdict: publicKeyEndpoint === keysUrlOf(selection.issuer) ? 'ok' : 'warning',
      text: publicKeyEndpoint ?? 'a certificate',
    },
    subjectCheck(snapshot, selection, user?.id),
  ];
}

function subjectCheck(snapshot: Snapshot, selection: Selection, userId: string | undefined): Check {
  const { repository, customization, trust } = snapshot;
  const subject = subjectOf(repository, customization, selection);
  if ('refusal' in subject) return check('subject', false, '', subject.refusal);
  const audience = audienceOf(snapshot, selection);
  if (selection.tokenType === 'rpst') {
    const fault = trust && resourceTrustFault(trust, selection, { subject: subject.value, audience });
    return check('subject', fault === undefined, subject.value, `the trust ${fault}`);
  }
  const claims = knownClaims(repository, selection, { subject: subject.value, audience });
  const rules = trust?.impersonationServiceUsers ?? [];
  const { first } = searchRules(rules, claims);
  if (first !== undefined)
    return check(
      'subject',
      rules[first]?.value === userId,
      `rule ${first + 1} matches ${subject.value}`,
      `rule ${first + 1} maps the jobs to another user`,
    );
  if (trust?.impersonationServiceUsers === undefined)
    return { name: 'subject', verdict: 'warning', text: 'the rules of the trust were not returned' };
  return check('subject', false, '', `no rule matches ${subject.value}`);
}
