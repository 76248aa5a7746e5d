// The claims of a job's token, for people who compare them with a trust.
import type { IdToken, TrustAdvice } from '../oci/id-token.ts';
import { quote } from '../response.ts';

export type Claims = IdToken['claims'];

/** The claims of GitHub that are useful in a trust, most often needed first. */
const GITHUB_CLAIMS = ['repository', 'repository_id', 'ref', 'environment', 'job_workflow_ref', 'event_name'];

/** Claims to compare with a trust, safe for a log: a branch may be named like a command to the runner. */
export function diagnosticClaims(
  { claims, expiresAt }: Pick<IdToken, 'claims' | 'expiresAt'>,
  { claimNames }: Pick<TrustAdvice, 'claimNames'>,
) {
  const all: Claims = { ...claims, exp: new Date(expiresAt).toISOString() };
  const names = ['iss', 'aud', 'sub', 'exp', ...claimNames].filter((name) => all[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, quote(all[name] ?? '', [])] as const));
}

/** @see Security OpenID Connect (Forgejo documentation) */
export const isForgejo = ({ iss = '' }: Claims): boolean => iss.endsWith('/api/actions');

/** For a token of GitHub, or of Forgejo, which has GitHub's protocol but other subjects. */
export function adviseOnJob(claims: Claims): TrustAdvice {
  const { iss = '', sub } = claims;
  const isOfForgejo = isForgejo(claims);
  const properties = customProperties(claims);
  const [property] = properties;
  const texts = [
    !isOfForgejo && describeSubject(claims),
    property &&
      `The token has custom properties of the repository, such as ${quote(`${property}=${claims[property]}`, [])}. A rule or validation that compares one accepts every repository with this value, also of other organisations.`,
    sub?.endsWith(':pull_request') &&
      'All pull requests of the repository share this subject: let them only read.',
  ];
  return {
    trustName: isOfForgejo ? 'forgejo-actions' : 'github-actions',
    subject: sub,
    keysUrl: `${iss}/.well-known/${isOfForgejo ? 'keys' : 'jwks'}`,
    claimNames: [...GITHUB_CLAIMS, ...properties],
    ...(!isOfForgejo && { subjectHint: SUBJECT_HINT }),
    notes: texts.filter((text) => typeof text === 'string'),
  };
}

const SUBJECT_HINT = 'The subject differs with an environment, a pull request or a tag.';

export const PROPERTY_PREFIX = 'repo_property_';

/**
 * Names of the claims from custom properties of the repository.
 * @see OpenID Connect, "Using repository custom properties as OIDC claims" (GitHub documentation)
 */
export function customProperties(claims: Claims): string[] {
  const isProperty = (name: string) => name.startsWith(PROPERTY_PREFIX) && /^[\w$#-]{1,100}$/.test(name);
  return Object.keys(claims).filter(isProperty).toSorted();
}

/** The beginning of the subject by name, and in the immutable form. */
export function subjectPrefixes(claims: Claims): { byName: string; withIds: string } {
  const repository = part(claims, 'repository');
  const [owner = '', name = ''] = repository.split('/');
  const ids = [part(claims, 'repository_owner_id'), part(claims, 'repository_id')];
  return { byName: `repo:${repository}`, withIds: `repo:${owner}@${ids[0]}/${name}@${ids[1]}` };
}

/** @see OpenID Connect reference, "Example subject claims" (GitHub documentation) */
export function describeSubject(claims: Claims): string {
  const { byName, withIds } = subjectPrefixes(claims);
  const fits = (prefix: string) => endings(claims).some((ending) => claims['sub'] === `${prefix}:${ending}`);
  if (fits(byName)) return 'The subject is by name, `repo:OWNER/REPO:…`. A rule with ids does not match it.';
  if (fits(withIds))
    return 'The subject is in the immutable form, `repo:OWNER@ID/REPO@ID:…`. A rule by name does not match it.';
  return 'The subject is customised by the repository or its organisation. A rule must follow that template.';
}

/** An environment takes precedence over the event, the event over the ref. */
function endings(claims: Claims): string[] {
  if (claims['environment']) return [`environment:${part(claims, 'environment')}`];
  const isPullRequest = claims['event_name']?.startsWith('pull_request');
  return [...(isPullRequest ? ['pull_request'] : []), `ref:${part(claims, 'ref')}`];
}

/** A claim as GitHub writes it into the subject. */
function part(claims: Claims, name: string): string {
  return (claims[name] ?? '').replaceAll(':', '%3A');
}
