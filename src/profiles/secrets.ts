// Deletes the secrets of a login. Runs before the rest of the clean-up, without a lock or the ledger.
import path from 'node:path';
import { tryEach } from '../errors/try-each.ts';
import type { Files } from '../ports.ts';
import * as ini from './ini-text.ts';
import { ledgerFile } from './ledger.ts';
import { sessionFilesIn } from './oci-profile.ts';
import type { InstalledSection } from './remove.ts';
import { INI, isSectionOf } from './section-target.ts';
import { keyDigestOfFile } from './session-files.ts';

/**
 * Deletes the key and token of a login, also where later logins or steps have moved them, or behind links. The key
 * identifies them without a ledger. No lock is needed, because other sessions have other keys.
 */
export function deleteSession(files: Files, { directory, keyDigest }: InstalledSection): void {
  if (directory === null || keyDigest === null) return;
  const sessions = files.realPath(path.dirname(directory));
  const name = path.basename(directory);
  const found = sessions === undefined ? [] : files.list(sessions);
  const work = found.map((one) => () => {
    const isNamed = one === name || one.startsWith(`${name}~`);
    deleteIfOurs(files, path.join(`${sessions}`, one), keyDigest, isNamed);
  });
  tryEach(work);
}

/** @param isNamed false for the directory of another profile, to which a later step may have moved ours */
function deleteIfOurs(files: Files, session: string, keyDigest: string, isNamed: boolean): void {
  const { keyFile, tokenFile } = sessionFilesIn(session);
  const findKey = () => {
    const file = files.realPath(keyFile);
    return file !== undefined && keyDigestOfFile(files, file) === keyDigest ? file : undefined;
  };
  let found: string | undefined;
  try {
    found = findKey();
  } catch {
    if (!isNamed) return;
    for (const closed of [session, keyFile]) files.allowOwner(closed);
    found = findKey();
  }
  if (found === undefined) return;
  const realKeyFile = found;
  files.allowOwner(session);
  // The key is last, because it identifies the token.
  tryEach([
    () => destroy(files, tokenFile),
    () => destroy(files, realKeyFile),
    () => files.removeIfEmpty(path.dirname(realKeyFile)),
  ]);
}

/** Blanks a file that cannot be removed, for example because its directory is read-only. */
function destroy(files: Files, file: string): void {
  try {
    files.remove(file);
  } catch (error) {
    try {
      if (files.kind(file) === 'file') files.overwrite(file, (text) => ' '.repeat(text.length));
    } catch {
      // The first error has the cause.
    }
    throw error;
  }
}

const AWS_SECRET = /^([ \t]*aws_(?:secret_access_key|session_token)[ \t]*=[ \t]*)([^ \t\r\n].*)$/gim;

/**
 * Blanks the AWS credentials of a section in place, also behind a link: only a section of this login is changed.
 * No lock is needed, because a login that has read the older text notices the change.
 */
export function blankCredentials(files: Files, loginId: string, installed: InstalledSection): void {
  if (installed.directory !== null || installed.member) return;
  blankIn(files, installed, (text) => {
    const ours = sectionOf(text, loginId, installed);
    if (ours === undefined) return text;
    const blanked = ours.text.replaceAll(
      AWS_SECRET,
      (_all, key: string, value: string) => key + ' '.repeat(value.length),
    );
    return text.slice(0, ours.start) + blanked + text.slice(ours.end);
  });
}

/** In the ledger: JSON copies of sections that a later login has replaced. */
const COPIES = /(?<="previousSection"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

/** Blanks secrets in a file, and in the copies of its sections in the ledger. @param blank keeps the length of the text */
export function blankIn(files: Files, { file }: InstalledSection, blank: (text: string) => string): void {
  const blankCopies = (text: string) =>
    text.replaceAll(COPIES, (one) => JSON.stringify(blank(JSON.parse(one))).padEnd(one.length));
  const edit = (one: string, change: typeof blank) => {
    const text = ini.toText(files.read(one));
    if (change(text) !== text) files.overwrite(one, change);
  };
  const ledger = ledgerFile(file);
  const editLedger = () => {
    try {
      edit(ledger, blankCopies);
    } catch {
      files.allowOwner(ledger);
      edit(ledger, blankCopies);
    }
  };
  tryEach([() => edit(files.realPath(file) ?? file, blank), editLedger]);
}

/** The section that this login has written. */
export function sectionOf(
  text: string,
  loginId: string,
  { section, settingsDigest }: InstalledSection,
  format = INI,
): ini.Section | undefined {
  const sections = format.find(text, section);
  return sections.find((one) => isSectionOf({ loginId, settingsDigest }, one.text, format));
}
