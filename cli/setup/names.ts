// Names of the objects that `setup` creates, and the marks by which `remove` finds them. Pure functions.

/** Of users and groups in OCI IAM; the shortest limit of the systems that show the name. */
export const MAX_NAME = 100;

/** `github-<owner>-<repo>-<environment or branch>`. Other characters than letters, digits, `.`, `_` and `-` become `-`. */
export function principalName(repository: string, target: string): string {
  return `github-${repository}-${target}`.replace(/[^A-Za-z0-9._-]+/g, '-');
}

/** Of the marks of any repository. */
export const MARK_PREFIX = 'oci-wif:';

/** `externalId` of user and group, and value of the tags: it names the repository after a rename, too. */
export function markFor(repositoryId: number, target: string): string {
  return `${MARK_PREFIX}${repositoryId}:${target}`;
}

/** Whether a mark is one of `setup`, for any repository. */
export const isMark = (text: string | undefined) => text?.startsWith(MARK_PREFIX) === true;

/** The mark of an object: its tag, else its external ID, which not every domain accepts for service users. */
export function markOf(object: {
  tags?: readonly { key: string; value: string }[];
  externalId?: string;
}): string | undefined {
  return object.tags?.find(({ key }) => key === TAG)?.value ?? object.externalId;
}

/** Key of the tags of the domain, and of the free-form tags of IAM. */
export const TAG = 'oci-wif';
