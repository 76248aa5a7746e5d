// What a comparison of a claim admits: the subjects of GitHub's ID tokens, and the claims that name a repository.

/** From the widest to the narrowest. `job`: one branch, tag, environment or event of one repository. */
const REACHES = ['everyone', 'owner', 'repository', 'job'] as const;

export type Reach = (typeof REACHES)[number];

/** The reach of two conditions that must both be met. */
export function narrowest(...reaches: readonly Reach[]): Reach {
  return REACHES[Math.max(0, ...reaches.map((one) => REACHES.indexOf(one)))] ?? 'everyone';
}

export interface Subject {
  /** `owner/name`. */
  repository: string;
  ownerId: string | undefined;
  repositoryId: string | undefined;
  /** After the repository, for example `environment:prod`. */
  tail: string;
}

/**
 * @returns undefined for a customised subject, and for one with a star before its tail
 * @see OpenID Connect reference, "Example subject claims" (GitHub documentation)
 */
export function parseSubject(value: string): Subject | undefined {
  const match = /^repo:([\w-]+)(?:@(\d+))?\/([\w.-]+)(?:@(\d+))?:(.+)$/.exec(value);
  if (match === null) return undefined;
  const [, owner, ownerId, name, repositoryId, tail = ''] = match;
  return { repository: `${owner}/${name}`, ownerId, repositoryId, tail };
}

export const isImmutable = ({ repositoryId }: Subject) => repositoryId !== undefined;

/** The name of the environment in a tail. GitHub writes a colon inside a name as `%3A`. */
export function environmentIn(tail: string): string | undefined {
  return /^environment:([^*]+)$/.exec(tail)?.[1]?.replaceAll('%3A', ':');
}

/** A star may stand for anything: documented at the end, undocumented elsewhere, where it is assumed to work. */
export function reachOf(claim: string, value: string): Reach {
  const star = value.indexOf('*');
  const fixed = star < 0 ? value : value.slice(0, star);
  return Object.hasOwn(CLAIMS, claim) ? (CLAIMS[claim]?.(fixed, star < 0) ?? 'everyone') : 'everyone';
}

type ClaimReach = (fixed: string, isWhole: boolean) => Reach;

const whole =
  (reach: Reach): ClaimReach =>
  (_, isWhole) =>
    isWhole ? reach : 'everyone';

/** Claims that are not here, such as `environment`, say nothing about the repository. @see OpenID Connect reference */
const CLAIMS: Readonly<Record<string, ClaimReach>> = {
  sub: (fixed, isWhole) => (fixed.startsWith('repo:') ? byRepository : byTemplate)(fixed, isWhole),
  repository: (fixed, isWhole) => (isWhole ? 'repository' : fixed.includes('/') ? 'owner' : 'everyone'),
  repository_id: whole('repository'),
  repository_owner: whole('owner'),
  repository_owner_id: whole('owner'),
  enterprise: whole('owner'),
  enterprise_id: whole('owner'),
  workflow_ref: (fixed, isWhole) => {
    if (/^[^/]+\/[^/]+\/.*@./.test(fixed) && isWhole) return 'job';
    return /^[^/]+\/[^/]+\//.test(fixed) ? 'repository' : fixed.includes('/') ? 'owner' : 'everyone';
  },
  // A reusable workflow: every repository that may call it.
  job_workflow_ref: (fixed) => (fixed.includes('/') ? 'owner' : 'everyone'),
};

function byRepository(fixed: string, isWhole: boolean): Reach {
  if (/^repo:[^/:]+\/[^/:]+:/.test(fixed)) return isWhole ? 'job' : 'repository';
  // `repo:acme/infra*` admits acme/infra-2, too; `repo:acme*` admits an owner that anybody can create.
  if (isWhole && /^repo:[^/:]+\/[^/:]+$/.test(fixed)) return 'repository';
  return /^repo:[^/:]+\//.test(fixed) ? 'owner' : 'everyone';
}

/** A customised subject consists of claims: `name:value:name:value`. Every repository may choose its template. */
function byTemplate(fixed: string, isWhole: boolean): Reach {
  const names = (claims: string) => new RegExp(`(^|:)(${claims}):${isWhole ? '.' : '[^:]+:'}`).test(fixed);
  if (names('repo|repository|repository_id|workflow_ref')) return isWhole ? 'job' : 'repository';
  return names('repository_owner|repository_owner_id|enterprise|job_workflow_ref') ? 'owner' : 'everyone';
}
