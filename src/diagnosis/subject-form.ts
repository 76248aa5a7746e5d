// In which of its forms GitHub wrote the subject of a job's token. Pure; reads claims, never the token.

type Claims = Readonly<Record<string, string>>;

/** By name (`repo:acme/infra:…`), with ids (`repo:acme@1001/infra@2002:…`), or by a template of somebody's own. */
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

/** An environment wins over the event, the event over the ref. */
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
      return 'GitHub wrote the subject by name, `repo:OWNER/REPO:…`: once the repository is renamed or transferred, it changes to the form with ids.';
    case 'immutable':
      return 'GitHub wrote the subject in its immutable form, `repo:OWNER@ID/REPO@ID:…`: a rule by name, `repo:OWNER/REPO:…`, does not match it.';
    case 'customised':
      return 'GitHub wrote the subject in neither of its own forms: the repository or its organisation has customised it, and a rule must follow that template.';
  }
}
