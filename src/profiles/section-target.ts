// Which section of which file a login writes, and how a section shows which login wrote it. Pure.
import { createHash } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Secret } from '../secret.ts';
import { encode, isReadable, MARKER_START, type Section, sectionsNamed, settingsIn } from './ini-text.ts';

/** Identifies a login and its job. */
export interface Owner {
  loginId: string;
  jobId: string;
  /** Key for the MACs of its sessions, see `macOf`; undefined without a login to OCI. */
  macKey?: Secret;
}

/** One section of one file, with or without a session directory. */
export interface SectionTarget {
  /** Absolute path. */
  file: string;
  /** Text of the header, without the brackets. */
  section: string;
  /** Directory of key and token, `sessions/<section>` beside the file; null for a section alone. */
  directory: string | null;
}

/** What shows that a section and a session are those of a login. */
export interface Digests {
  /** Of the public key of the session; null without a directory. */
  keyDigest: string | null;
  /** `settingsDigestOf` the section; null in the saved state if no setting is unique: another section may have the same ones. */
  settingsDigest: string | null;
}

const MARKER = new RegExp(`^${MARKER_START}([0-9a-f]+) of job ([0-9a-f]+)`, 'm');

/** A section as text: header, marker comment (all parsers skip it), lines. */
export function renderSection(
  section: string,
  { loginId, jobId }: Owner,
  lines: readonly string[],
  lineEnd: string,
): string {
  const marker = `${MARKER_START}${loginId} of job ${jobId}, removed by its post step`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(''));
}

/** The login that wrote a section, by its marker comment. */
export function ownerOf(sectionText: string): Owner | undefined {
  const [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === undefined || jobId === undefined ? undefined : { loginId, jobId };
}

/** Keys whose value no other section has. */
const UNIQUE = ['fingerprint', 'aws_access_key_id', 'web_identity_token_file'];

export function uniqueSettingOf(sectionText: string): readonly [key: string, value: string] | undefined {
  return settingsIn(sectionText).find(([key]) => UNIQUE.includes(key));
}

/** Of the setting that no other section has, or of all settings. */
export function settingsDigestOf(loginId: string, sectionText: string): string {
  const settings = uniqueSettingOf(sectionText) ?? settingsIn(sectionText);
  return createHash('sha256')
    .update(JSON.stringify([loginId, settings]))
    .digest('hex');
}

/** Whether a login wrote a section: by its comment or, where another program has dropped that, by its settings. */
export function isSectionOf(
  { loginId, settingsDigest }: Pick<Owner, 'loginId'> & Pick<Digests, 'settingsDigest'>,
  sectionText: string,
): boolean {
  const owner = ownerOf(sectionText);
  if (owner !== undefined) return owner.loginId === loginId;
  return settingsDigestOf(loginId, sectionText) === settingsDigest;
}

export function isSameSection(a: SectionTarget, b: SectionTarget): boolean {
  return a.file === b.file && a.section === b.section;
}

export function isSameDirectory(a: SectionTarget, b: SectionTarget): boolean {
  return a.directory !== null && a.directory === b.directory;
}

/** @throws ActionError CONFIG_UNREADABLE */
export function assertReadable({ file }: SectionTarget, text: string): void {
  if (isReadable(text)) return;
  throw new ActionError('CONFIG_UNREADABLE', `${file} is not plain text (UTF-16 or binary).`);
}

/**
 * Finds the section of this name and checks that it may be replaced. Undefined if there is none.
 * @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS
 */
export function findReplaceable(
  text: string,
  { target: { file, section }, overwrite }: { target: SectionTarget; overwrite: boolean },
): Section | undefined {
  const [present, ...more] = sectionsNamed(text, section);
  if (more.length > 0)
    throw new ActionError(
      'PROFILE_AMBIGUOUS',
      `${file} has ${more.length + 1} sections that clients read as [${section}].`,
    );
  if (present === undefined || overwrite || ownerOf(present.text) !== undefined) return present;
  const what = `${file} has a section [${section}] that this action did not write.`;
  throw new ActionError('PROFILE_EXISTS', what);
}
