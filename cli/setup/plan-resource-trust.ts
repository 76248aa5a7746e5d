// Plans the trust that makes jobs a resource. All of its validations must hold, so one whole subject admits one job. Pure
// functions.
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { createTrust } from './apply-trust.ts';
import { markFor } from './names.ts';
import type { Step } from './part.ts';
import { audienceOf } from './plan-github.ts';
import { callerFault } from './plan-trust.ts';
import { keysUrlOf, type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { keep, refuse } from './steps.ts';

/** Type of the resource that the jobs become: `impersonatingResource` of the trust, and the input `resource-type`. */
export const resourceTypeOf = ({ names }: Pick<Selection, 'names'>) => names.user;

export function planResourceTrust(snapshot: Snapshot, selection: Selection, subject: string): Step[] {
  const { trust, domainUrl, repository } = snapshot;
  const { issuer } = selection;
  const audience = audienceOf(snapshot, selection);
  const resourceType = resourceTypeOf(selection);
  const object = { system: 'domain', object: 'trust', name: trust?.name ?? 'github-actions' } as const;
  const text = `resource ${resourceType}  sub ${subject}`;
  if (trust !== undefined) {
    const fault = resourceTrustFault(trust, selection, { subject, audience });
    return [fault === undefined ? keep(object, text) : refuse(object, fault)];
  }
  const job = {
    domain: domainUrl,
    clientId: undefined,
    issuer,
    keysUrl: keysUrlOf(issuer),
    audience,
    subject,
  };
  const mark = markFor(repository.id, targetOf(selection));
  return [
    {
      action: {
        ...object,
        op: 'create',
        text,
        details: [`audience ${audience}`, 'no client: the callers sign'],
      },
      apply: (run) => createTrust(run, { ...job, resourceType }, undefined, mark),
    },
  ];
}

/** Why an existing trust does not admit exactly these jobs. `setup` never changes it: a change would affect jobs of others. */
export function resourceTrustFault(
  trust: IdentityPropagationTrust,
  selection: Selection,
  { subject, audience }: { subject: string; audience: string },
): string | undefined {
  const { subjectType, active, allowImpersonation, clientClaimName, clientClaimValues = [] } = trust;
  const { impersonatingResource = '', claimValidations = [] } = trust;
  const another = 'and a domain has one trust for an issuer; use another domain';
  const [validation, ...others] = claimValidations;
  const isPinned = others.length === 0 && validation?.name === 'sub' && validation.value === subject;
  if (subjectType !== 'Resource') return `serves users, ${another}`;
  const fault = callerFault(trust, selection);
  if (fault !== undefined) return fault;
  if (!isPinned) {
    const list = claimValidations.map(({ name, value }) => `${name} ${value}`).join(', ');
    return `validates ${list || 'no claim'}, not the one subject ${subject}, ${another}`;
  }
  if (impersonatingResource !== resourceTypeOf(selection))
    return `makes its jobs the resource ${impersonatingResource}; choose it with \`--name\``;
  if (active !== true || allowImpersonation === false)
    return 'is inactive, or does not allow impersonation; correct this yourself';
  if (clientClaimName !== 'aud' || !clientClaimValues.includes(audience))
    return `does not compare \`aud\` with ${audience}; add it yourself`;
  return undefined;
}
