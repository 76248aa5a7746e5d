// Which section of which file a login writes, and how a section shows which login wrote it. Pure.
import { createHash } from 'node:crypto';
import { ActionError } from '../errors/action-error.ts';
import type { Secret } from '../secret.ts';
import * as ini from './ini-text.ts';
import type { TextFormat } from './text-format.ts';

/** Identifies a login and its job. */
export interface Owner {
  loginId: string;
  jobId: string;
  /** Key for the MACs of its sessions, see `macOf`; undefined without a login to OCI, or without a client secret. */
  macKey?: Secret | undefined;
}

/** One section of one file, with or without a session directory. */
export interface SectionTarget {
  /** Absolute path. */
  file: string;
  /** Text of the header, without the brackets; with `member`, the name of a member of that object. */
  section: string;
  /** The object of Docker's config file, a JSON text, that contains the section; undefined for an INI file. */
  member?: DockerObject;
  /** Directory of key and token, `sessions/<section>` beside the file; null for a section alone. */
  directory: string | null;
}

/** Objects of Docker's config file with a member for each registry: the name of its credential helper, or a password. */
export const DOCKER_OBJECTS = ['credHelpers', 'auths'] as const;

export type DockerObject = (typeof DOCKER_OBJECTS)[number];

/** Names a section in messages. */
export function nameOf({ section, member, file }: Omit<SectionTarget, 'directory'>, where = 'in'): string {
  const name = member === undefined ? `profile [${section}]` : `the entry for ${section} in ${member}`;
  return `${name} ${where} ${file}`;
}

/** What shows that a section and a session are those of a login. */
export interface Digests {
  /** Of the public key of the session; null without a directory. */
  keyDigest: string | null;
  /** `settingsDigestOf` the section; null in the saved state if no setting is unique: another section may have the same ones. */
  settingsDigest: string | null;
}

const MARKER = new RegExp(`^${ini.MARKER_START}([0-9a-f]+) of job ([0-9a-f]+)`, 'm');

/** A section as text: header, marker comment (all parsers skip it), lines. */
export function renderSection(
  section: string,
  { loginId, jobId }: Owner,
  lines: readonly string[],
  lineEnd: string,
): string {
  const marker = `${ini.MARKER_START}${loginId} of job ${jobId}, removed by its clean-up`;
  return ini.encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(''));
}

/** The login that wrote a section, by its marker comment. */
export function ownerOf(sectionText: string): Owner | undefined {
  const [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === undefined || jobId === undefined ? undefined : { loginId, jobId };
}

/** Keys whose value no other section has. */
const UNIQUE = ['fingerprint', 'aws_access_key_id', 'web_identity_token_file'];

/** Profiles of OCI and AWS. */
export const INI: TextFormat = {
  faultOf: (text) => (ini.isReadable(text) ? undefined : 'is not plain text (UTF-16 or binary)'),
  find: ini.sectionsNamed,
  render: (section, owner, lines, text) => renderSection(section, owner, lines, ini.lineEndOf(text)),
  writerOf: (sectionText) => ownerOf(sectionText)?.loginId,
  settingsIn: ini.settingsIn,
  uniqueSettingOf: (sectionText) => ini.settingsIn(sectionText).find(([key]) => UNIQUE.includes(key)),
  append: ini.appendSection,
  replace: ini.replaceSection,
  remove: ini.removeSection,
  absentObjects: () => [],
  removeObjects: (text) => text,
};

/** Of the setting that no other section has, or of all settings. */
export function settingsDigestOf(loginId: string, sectionText: string, format = INI): string {
  const settings = format.uniqueSettingOf(sectionText) ?? format.settingsIn(sectionText);
  return createHash('sha256')
    .update(JSON.stringify([loginId, settings]))
    .digest('hex');
}

/** Whether a login wrote a section: by its mark or, where another program has dropped that, by its settings. */
export function isSectionOf(
  { loginId, settingsDigest }: Pick<Owner, 'loginId'> & Pick<Digests, 'settingsDigest'>,
  sectionText: string,
  format = INI,
): boolean {
  const writer = format.writerOf(sectionText);
  if (writer !== undefined) return writer === loginId;
  return settingsDigestOf(loginId, sectionText, format) === settingsDigest;
}

export function isSameSection(a: SectionTarget, b: SectionTarget): boolean {
  return a.file === b.file && a.section === b.section && a.member === b.member;
}

export function isSameDirectory(a: SectionTarget, b: SectionTarget): boolean {
  return a.directory !== null && a.directory === b.directory;
}

/** @throws ActionError CONFIG_UNREADABLE */
export function assertReadable({ file }: SectionTarget, text: string, format = INI): void {
  const fault = format.faultOf(text);
  if (fault !== undefined) throw new ActionError('CONFIG_UNREADABLE', `${file} ${fault}.`);
}

const OVERWRITE_ENTRY =
  'Leave the host out of `ocir-registries`, or set `overwrite-profile: true`, which later restores the old entry.';

const OVERWRITE_AWS_PROFILE =
  'Set another `aws-profile`, or `overwrite-profile: true`, which later restores the old section.';

/**
 * Finds the section of this name and checks that it may be replaced. Undefined if there is none.
 * @param isKnown whether the ledger has a section: not every section has a mark
 * @throws ActionError PROFILE_AMBIGUOUS, PROFILE_EXISTS
 */
export function findReplaceable(
  text: string,
  { target: { file, section, member, directory }, overwrite }: { target: SectionTarget; overwrite: boolean },
  isKnown: (section: ini.Section) => boolean,
  format = INI,
): ini.Section | undefined {
  const [present, ...more] = format.find(text, section);
  if (more.length > 0)
    throw new ActionError(
      'PROFILE_AMBIGUOUS',
      `${file} has ${more.length + 1} sections that clients read as [${section}].`,
    );
  if (present === undefined || overwrite || format.writerOf(present.text) !== undefined || isKnown(present))
    return present;
  if (member !== undefined) {
    const what = `${file} has an entry for ${section} in ${member} that this action did not write.`;
    throw new ActionError('PROFILE_EXISTS', what, { remedy: OVERWRITE_ENTRY });
  }
  const what = `${file} has a section [${section}] that this action did not write.`;
  throw new ActionError('PROFILE_EXISTS', what, {
    remedy: directory === null ? OVERWRITE_AWS_PROFILE : undefined,
  });
}
