// Keys of `[DEFAULT]`. Python's configparser and most SDKs of OCI add them to every other section. Pure.
import { ActionError } from '../errors/action-error.ts';
import { readKey, sectionsNamed } from './ini-text.ts';
import type { SectionTarget } from './section-target.ts';

/** Returns those of `keys` that are in `[DEFAULT]`. */
export function inheritedOf(text: string, keys: readonly string[]): string[] {
  const defaults = sectionsNamed(text, 'DEFAULT').map((one) => one.text);
  return keys.filter((key) => defaults.some((one) => readKey(one, key) !== undefined));
}

/**
 * With these keys, botocore assumes a role or uses SSO, even if the profile has keys of a role session.
 * @throws ActionError PROFILE_AMBIGUOUS when an AWS profile inherits one
 */
export function assertOwnIdentity(text: string, { file, section }: SectionTarget): void {
  const keys = inheritedOf(text, ['role_arn', 'sso_account_id']);
  if (keys.length === 0) return;
  const what = `${file} has ${keys.join(', ')} in [DEFAULT]. AWS tools add it to [${section}], and would use another identity.`;
  throw new ActionError('PROFILE_AMBIGUOUS', what, { remedy: 'Remove these keys from [DEFAULT].' });
}
