// The form of the subject in a job's token.

type Claims = Readonly<Record<string, string>>;

/** By name (`repo:acme/infra:…`), with ids (`repo:acme@1001/infra@2002:…`), or by a custom template. */
export type SubjectForm = 'name' | 'immutable' | 'customised';

/** @see OpenID Connect reference, "Example subject claims" (GitHub documentation) */
export function subjectForm(claims: Claims): SubjectForm {
  const { sub } = claims;
  const fits = (prefix: string) => endings(claims).some((ending) => sub === `${prefix}:${ending}`);
  if (fits(byName(claims))) return 'name';
  return fits(withIds(claims)) ? 'immutable' : 'customised';
}

export function byName(claims: Claims): string {
  return `repo:${part(claims, 'repository')}`;
}

export function withIds(claims: Claims): string {
  const [owner = '', name = ''] = part(claims, 'repository').split('/');
  return `repo:${owner}@${part(claims, 'repository_owner_id')}/${name}@${part(claims, 'repository_id')}`;
}

/** An environment takes precedence over the event, the event over the ref. */
function endings(claims: Claims): string[] {
  if (claims['environment']) return [`environment:${part(claims, 'environment')}`];
  const isPullRequest = claims['event_name']?.startsWith('pull_request');
  return [...(isPullRequest ? ['pull_request'] : []), `ref:${part(claims, 'ref')}`];
}

function part(claims: Claims, name: string): string {
  return (claims[name] ?? '').replaceAll(':', '%3A');
}

export function describeSubject(claims: Claims): string {
  switch (subjectForm(claims)) {
    case 'name':
      return 'The subject is by name, `repo:OWNER/REPO:…`. When the repository is renamed or transferred, it changes to the form with ids.';
    case 'immutable':
      return 'The subject is in the immutable form, `repo:OWNER@ID/REPO@ID:…`. A rule by name, `repo:OWNER/REPO:…`, does not match it.';
    case 'customised':
      return 'The subject is customised by the repository or its organisation. A rule must follow that template.';
  }
}
