// The `sub` that GitHub writes into the tokens of the selected jobs. Pure functions.
import type { Claims } from '../../src/diagnosis/job-claims.ts';
import type { Repository, SubjectCustomization } from '../github/github.ts';
import type { Selection } from './selection.ts';

type SubjectSelection = Pick<Selection, 'environment' | 'branch' | 'subject' | 'immutableSubject'>;

export type Subject =
  | { value: string; prefix: string; isImmutable: boolean; warnings: string[] }
  /** Why no subject can be known, as a sentence. */
  | { refusal: string };

/** A colon inside a value is `%3A`. @see OpenID Connect reference, "Example subject claims" (GitHub documentation) */
const part = (text: string) => text.replaceAll(':', '%3A');

/** `repo:O/R` or `repo:O@1/R@2`. GitHub's prefix outranks its flag: they have been seen to differ. */
export function subjectPrefix(
  repository: Repository,
  { subClaimPrefix, useImmutableSubject }: SubjectCustomization,
  wantsImmutable: boolean,
): { prefix: string; isImmutable: boolean } {
  const immutable = immutablePrefix(repository);
  if (wantsImmutable) return { prefix: immutable, isImmutable: true };
  const prefix = subClaimPrefix ?? (useImmutableSubject === true ? immutable : `repo:${repository.fullName}`);
  return { prefix, isImmutable: /^repo:[^/]+@\d+\/[^/]+@\d+$/.test(prefix) };
}

function immutablePrefix({ id, ownerId, fullName }: Repository): string {
  const [owner = '', name = ''] = fullName.split('/');
  return `repo:${owner}@${ownerId}/${name}@${id}`;
}

/** What follows the prefix. An environment outranks the branch. */
export function subjectTail({ environment, branch }: Pick<Selection, 'environment' | 'branch'>): string {
  if (environment !== undefined) return `environment:${part(environment)}`;
  return `ref:refs/heads/${part(branch ?? '')}`;
}

export function subjectOf(
  repository: Repository,
  customization: SubjectCustomization,
  selection: SubjectSelection,
): Subject {
  const { subject: given, immutableSubject } = selection;
  const form = subjectPrefix(repository, customization, immutableSubject);
  if (!customization.useDefault && immutableSubject)
    return {
      refusal: `The repository customises its subject (${claimKeys(customization)}). \`--immutable-subject\` would replace that for all of its jobs.`,
    };
  if (given !== undefined) {
    const isOwn = customization.useDefault && !given.startsWith(`${form.prefix}:`);
    const warning = `GitHub begins the subjects of this repository with ${form.prefix}: a rule for ${given} matches none of its jobs`;
    return { value: given, ...form, warnings: isOwn ? [warning] : [] };
  }
  if (!customization.useDefault)
    return {
      refusal: `The repository or its organisation customises the subject (${claimKeys(customization)}). Give the whole \`sub\` of a job with \`--subject\`.`,
    };
  return { value: `${form.prefix}:${subjectTail(selection)}`, ...form, warnings: [] };
}

function claimKeys({ includeClaimKeys }: SubjectCustomization): string {
  const keys = includeClaimKeys.filter((key) => /^\w{1,60}$/.test(key));
  return keys.length === 0 ? '`use_default` is false' : keys.join(', ');
}

/** The claims of the selected jobs that are known before a job runs. */
export function knownClaims(
  repository: Repository,
  selection: Selection,
  { subject, audience }: { subject: string; audience: string },
): Claims {
  const { id, ownerId, fullName } = repository;
  const { environment, branch, issuer } = selection;
  return {
    iss: issuer,
    aud: audience,
    sub: subject,
    repository: fullName,
    repository_id: String(id),
    repository_owner: fullName.split('/')[0] ?? '',
    repository_owner_id: String(ownerId),
    ...(environment !== undefined && { environment }),
    ...(environment === undefined && branch !== undefined && { ref: `refs/heads/${branch}` }),
  };
}
