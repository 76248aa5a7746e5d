// What the doctor would say about the result, from what is read after the changes. Pure functions.
import { USER_EXTENSION } from '../domain/objects.ts';
import type { Check } from './part.ts';
import { storedClient } from './plan-app.ts';
import { audienceOf, SECRET } from './plan-github.ts';
import { missingStatements, statementsFor } from './plan-policy.ts';
import { secretState } from './plan-secret.ts';
import { keysUrlOf, type Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { knownClaims, subjectOf } from './subject.ts';
import { searchRules } from './trust-rules.ts';

export function checksOf(snapshot: Snapshot, selection: Selection): Check[] {
  const { app, user, group, policies } = snapshot;
  const members = group?.members;
  const missing = missingStatements(policies ?? [], statementsFor(snapshot, selection));
  return [
    check('app', app?.active === true, 'active', 'missing or inactive'),
    check(
      'secret',
      secretState(storedClient(snapshot, selection)) === 'valid',
      `${SECRET} stored`,
      `${SECRET} is not stored`,
    ),
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

export function check(name: string, isOk: boolean, ok: string, failure: string): Check {
  return { name, verdict: isOk ? 'ok' : 'failure', text: isOk ? ok : failure };
}

function trustChecks(snapshot: Snapshot, selection: Selection): Check[] {
  const { trust, app, user } = snapshot;
  if (trust === undefined) return [check('trust', false, '', 'missing')];
  const { publicKeyEndpoint, clientClaimName, clientClaimValues = [] } = trust;
  const audience = audienceOf(snapshot, selection);
  const hasClient = trust.oauthClients?.includes(app?.name ?? '') === true;
  const hasAudience = clientClaimName !== 'aud' || clientClaimValues.includes(audience);
  return [
    check('trust', trust.active === true, 'active, for users', 'inactive'),
    check('client', hasClient, 'in the trust', 'not in the trust'),
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
