// Which section of which file a login writes, and how a section shows which login wrote it. Pure.
import type { Secret } from '../secret.ts';
import { encode, MARKER_START, readKey } from './ini-text.ts';

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

/**
 * Whether a section names the session directory of its profile. This is the fallback match for a section whose
 * comments another program has dropped. In Docker actions the home has another path, so only its end is compared.
 */
export function namesSessionOf(sectionText: string, profile: string): boolean {
  const tokenFile = readKey(sectionText, 'security_token_file') ?? '';
  return /[/\\]sessions[/\\]([^/\\]+)[/\\]token$/.exec(tokenFile)?.[1] === profile;
}

export function isSameSection(a: SectionTarget, b: SectionTarget): boolean {
  return a.file === b.file && a.section === b.section;
}

export function isSameDirectory(a: SectionTarget, b: SectionTarget): boolean {
  return a.directory !== null && a.directory === b.directory;
}
