// The section that one session owns: what it says, and how it is told from everybody else's.
// Pure; the layout is the OCI CLI's own for session tokens, so that `oci session` commands find their way.
import path from 'node:path';
import { encode, hasByteOrderMark, listSections, readKey, textOf } from './ini-text.ts';
import { type Owner, ownerOf, type Place, renderOwned } from './section-target.ts';

export interface SessionProfile {
  tenancy: string;
  region: string;
  fingerprint: string;
  keyFile: string;
  tokenFile: string;
}

export interface SessionPaths {
  sessions: string;
  session: string;
  keyFile: string;
  tokenFile: string;
}

/** @see Token-based Authentication for the CLI (OCI documentation): `sessions/<profile>/oci_api_key.pem` and `token` */
export function sessionPaths(configFile: string, profile: string): SessionPaths {
  const sessions = path.join(path.dirname(configFile), 'sessions');
  const session = path.join(sessions, profile);
  return {
    sessions,
    session,
    keyFile: path.join(session, 'oci_api_key.pem'),
    tokenFile: path.join(session, 'token'),
  };
}

/**
 * The section as text. Five keys and never `user`: with it, clients written in Go sign as for an API key.
 * No blanks round `=`, none before a key: seven parsers agree on that form and on little else.
 */
export function renderSection(name: string, owner: Owner, profile: SessionProfile, lineEnd: string): string {
  const lines = [
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`,
  ];
  return renderOwned(name, owner, lines, lineEnd);
}

/**
 * Whether a section is the one that this session wrote. A program that parses and prints the file drops comments,
 * and the marker with them; a telltale line then still tells, unless it is not to be believed (null).
 */
export function isWrittenBy(sectionText: string, loginId: string, telltale: Place['telltale']): boolean {
  const owner = ownerOf(sectionText);
  if (owner !== undefined) return owner.loginId === loginId;
  return telltale !== null && readKey(sectionText, telltale.key) === encode(telltale.value);
}

/** Where a profile of the OCI config stands, with the directory that the OCI CLI would give it. */
export function ociPlace(
  configFile: string,
  profile: string,
  tokenFile = sessionPaths(configFile, profile).tokenFile,
): Place {
  const { sessions, session } = sessionPaths(configFile, profile);
  return {
    file: configFile,
    section: profile,
    store: sessions,
    name: profile,
    directory: session,
    telltale: { key: 'security_token_file', value: tokenFile },
  };
}

/** Keys of `[DEFAULT]` that other profiles inherit in the Python, TypeScript, Java and .NET SDKs, and that break a session. */
const HARMFUL_IF_INHERITED = ['pass_phrase', 'authentication_type', 'key_content'];

/** What a workflow author should know about the file that the session joins. */
export function adviseOnConfigText(text: string, profile: string): string[] {
  const advice: string[] = [];
  if (hasByteOrderMark(text)) {
    advice.push('begins with a byte order mark: clients in Python, Go and Java cannot read it');
  }
  const others = listSections(text).filter(({ name }) => name !== profile);
  if (profile === 'DEFAULT' && others.length > 0) {
    const names = others.map(({ name }) => `[${name}]`).join(', ');
    advice.push(
      `has ${names} besides [DEFAULT]: most SDKs let other profiles inherit the session token from there; give this login a \`profile\` of its own`,
    );
  }
  const fallback = others.find(({ name }) => name === 'DEFAULT');
  const inherited = HARMFUL_IF_INHERITED.filter(
    (key) => fallback !== undefined && readKey(textOf(text, fallback), key) !== undefined,
  );
  if (inherited.length > 0) {
    advice.push(
      `has ${inherited.join(', ')} in [DEFAULT], which most SDKs let [${profile}] inherit; a session takes none of them`,
    );
  }
  return advice;
}
