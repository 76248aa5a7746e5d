// The plan of `setup` for the domain, IAM and GitHub. Pure functions. The steps are applied in the order of the list: nobody is
// admitted before the policy and the membership exist.

import type { Step } from './part.ts';
import { planApp } from './plan-app.ts';
import { planEnvironment, planVariables } from './plan-github.ts';
import { planPolicy } from './plan-policy.ts';
import { planGroup, planUser } from './plan-principal.ts';
import { planResourceTrust } from './plan-resource-trust.ts';
import { planTrust } from './plan-trust.ts';
import { planDynamicGroup } from './runners/dynamic-group.ts';
import type { Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { count, keep, refuse, warn } from './steps.ts';
import { type Subject, subjectOf } from './subject.ts';

export function planSetup(snapshot: Snapshot, selection: Selection): Step[] {
  const { repository, customization } = snapshot;
  const subject = subjectOf(repository, customization, selection);
  const object = { system: 'github', object: 'subject', name: repository.fullName } as const;
  if ('refusal' in subject) return [refuse(object, subject.refusal)];
  return [
    ...subject.warnings.map((text) => warn(object, text)),
    ...planEnvironment(snapshot, selection),
    ...planVariables(snapshot, selection),
    ...(selection.clientAuth === 'secret'
      ? planApp(snapshot, selection)
      : [planDynamicGroup(snapshot, selection)]),
    ...(selection.tokenType === 'upst'
      ? [...planUser(snapshot, selection), ...planGroup(snapshot, selection)]
      : []),
    ...planPolicy(snapshot, selection),
    ...(selection.tokenType === 'upst' ? planTrust : planResourceTrust)(snapshot, selection, subject.value),
    ...planImmutableSubject(snapshot, selection),
  ];
}

/** This step is the last: until then, the present rules match the subjects of the jobs. */
function planImmutableSubject(
  { repository, customization, trust }: Snapshot,
  { immutableSubject }: Selection,
): Step[] {
  if (!immutableSubject) return [];
  const object = { system: 'github', object: 'subject', name: repository.fullName } as const;
  const { useImmutableSubject, subClaimPrefix } = customization;
  if (subClaimPrefix === undefined ? useImmutableSubject === true : subClaimPrefix.includes('@'))
    return [keep(object, 'has the immutable form')];
  const byName = `repo:${repository.fullName}:`;
  const stored = trust?.impersonationServiceUsers ?? [];
  const affected = stored.flatMap(({ rule }, index) => (rule.includes(byName) ? [index + 1] : []));
  const [rules, match] = affected.length === 1 ? ['rule', 'matches'] : ['rules', 'match'];
  const effect = affected.length === 0 ? '' : `; ${rules} ${affected.join(', ')} no longer ${match} its jobs`;
  return [
    {
      action: { ...object, op: 'change', text: `all jobs send the immutable form${effect}` },
      apply: async ({ github, report }) => {
        await github.useImmutableSubject();
        report('GitHub: switched the repository to the immutable subject');
      },
    },
  ];
}

const LICENSES: Readonly<Record<string, string>> = { free: 'Free, ', premium: 'Premium, ' };

/** What the plan is about, in one line for the domain and one for the repository. */
export function planHeader(snapshot: Snapshot, selection: Selection): string[] {
  const { domain, domainUrl, ownApps, repository } = snapshot;
  const subject: Subject = subjectOf(repository, snapshot.customization, selection);
  const license = LICENSES[domain?.licenseType ?? ''] ?? '';
  const { length } = ownApps;
  const apps = domain?.licenseType === 'free' ? `${length} of 2 apps` : count(length, 'app');
  const form = 'refusal' in subject ? 'customised' : subject.isImmutable ? 'immutable' : 'by name';
  const lines = [
    `Domain ${domain?.displayName ?? domainUrl} (${license}${apps})`,
    `Repository ${repository.fullName} (subject ${form})`,
  ];
  return 'refusal' in subject ? lines : [...lines, `Subject ${subject.value}`];
}
