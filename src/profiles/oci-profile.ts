// The OCI profile of a session. Pure. The layout is that of the OCI CLI, so that `oci session` commands find it.
import path from 'node:path';
import { inheritedOf } from './inherited.ts';
import { adviseOnFaults } from './ini-faults.ts';
import { listSections } from './ini-text.ts';
import type { SectionTarget } from './section-target.ts';

export interface SessionPaths {
  /** Directory of the session. */
  session: string;
  keyFile: string;
  tokenFile: string;
}

export interface SessionProfile extends Omit<SessionPaths, 'session'> {
  tenancy: string;
  region: string;
  fingerprint: string;
}

/** @see Token-based Authentication for the CLI (OCI documentation): `sessions/<profile>/oci_api_key.pem` and `token` */
export function sessionPaths(configFile: string, profile: string): SessionPaths {
  const session = path.join(path.dirname(configFile), 'sessions', profile);
  return { session, ...sessionFilesIn(session) };
}

export function sessionFilesIn(session: string): Pick<SessionPaths, 'keyFile' | 'tokenFile'> {
  return { keyFile: path.join(session, 'oci_api_key.pem'), tokenFile: path.join(session, 'token') };
}

export function ociTarget(configFile: string, profile: string): SectionTarget {
  return { file: configFile, section: profile, directory: sessionPaths(configFile, profile).session };
}

/**
 * The lines of the section: five keys and never `user`, because with it clients written in Go sign with an API key.
 * They have no blanks around `=` or before a key: seven parsers agree on that form and on little else.
 */
export function profileLines(profile: SessionProfile): string[] {
  return [
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`,
  ];
}

/** Keys of `[DEFAULT]` that other profiles inherit in the Python, TypeScript, Java and .NET SDKs, and that break a session. */
const HARMFUL_IF_INHERITED = ['pass_phrase', 'authentication_type', 'key_content'];

/** Warnings about the file that the profile is written to. */
export function adviseOnConfigText(text: string, profile: string): string[] {
  const faults = adviseOnFaults(text);
  const advice = faults === undefined ? [] : [faults];
  const others = listSections(text).filter(({ name }) => name !== profile);
  if (profile === 'DEFAULT' && others.length > 0) {
    const names = others.map(({ name }) => `[${name}]`).join(', ');
    advice.push(
      `has ${names} besides [DEFAULT]: in most SDKs, other profiles inherit the session token from [DEFAULT]; set another \`profile\` for this login`,
    );
  }
  const harmful = profile === 'DEFAULT' ? [] : inheritedOf(text, HARMFUL_IF_INHERITED);
  if (harmful.length > 0) {
    advice.push(
      `has ${harmful.join(', ')} in [DEFAULT], which [${profile}] inherits in most SDKs and which break a session: remove them`,
    );
  }
  return advice;
}
