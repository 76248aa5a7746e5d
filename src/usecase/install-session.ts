// Lays a session down where OCI's tools look for it. Every effect is in the saved record before it happens.
import path from 'node:path';
import { ActionError } from '../errors.ts';
import type { Files } from '../port.ts';
import * as config from '../profile/config-text.ts';
import {
  adviseOnConfigText,
  type Owner,
  ownerOf,
  renderSection,
  type SessionPaths,
  type SessionProfile,
  sessionPaths,
} from '../profile/session-profile.ts';
import type { UndoRecord } from '../profile/undo-record.ts';
import type { Secret } from '../secret.ts';
import {
  type Disk,
  keptSection,
  keptSession,
  readRecord,
  recordFile,
  undoUnderLock,
} from './undo-session.ts';

export interface SessionInstall {
  owner: Owner;
  configFile: string;
  profile: string;
  overwriteProfile: boolean;
  tenancy: string;
  region: string;
  fingerprint: string;
  privateKeyPem: Secret;
  token: Secret;
  exported: UndoRecord['exported'];
  /** Called before each group of effects with all that must be undone after it. */
  save: (record: UndoRecord) => void;
  warn: (text: string) => void;
}

/**
 * Writes key, token and profile section.
 * @throws ActionError PROFILE_EXISTS, PROFILE_AMBIGUOUS, CONFIG_UNREADABLE, PATH_UNSAFE, FILES_NOT_WRITABLE, CONFIG_LOCKED
 */
export async function installSession({ files, lock }: Disk, install: SessionInstall): Promise<SessionPaths> {
  const paths = sessionPaths(install.configFile, install.profile, install.owner.sessionId);
  const record = blankRecord(install);
  const prepare = () => {
    const missing = missingDirectories(files, paths.sessions);
    if (missing.length === 0) return;
    adopt(record, missing);
    install.save(record);
    for (const directory of missing) files.makeDirectory(directory);
  };
  await lock.hold(install.configFile, prepare, () => {
    assertSafe(
      files,
      [install.configFile, 'file'],
      [paths.sessions, 'directory'],
      [paths.session, 'directory'],
    );
    for (const dead of retireDeadSessions(files, install, paths)) adopt(record, dead.directoriesCreated);
    const text = readConfigText(files, install.configFile);
    const present = presentSection(text, install);
    record.configCreated = files.kind(install.configFile) === 'absent';
    record.sessionMoved = files.kind(paths.session) === 'directory';
    const updated = withSession(text, present, install, paths);
    record.glue = updated.glue;
    install.save(record);
    keepPrevious(files, record, paths, present && config.textOf(text, present));
    writeSession(files, install, paths);
    files.replace(install.configFile, config.toBytes(updated.text), path.join(paths.undo, 'config'));
  });
  return paths;
}

function blankRecord({ owner, configFile, profile, exported }: SessionInstall): UndoRecord {
  return {
    version: 1,
    ...owner,
    configFile,
    profile,
    glue: '',
    configCreated: false,
    directoriesCreated: [],
    sessionMoved: false,
    exported,
    cleanup: true, // until main has come to its end, post must clean up in any case
  };
}

/** Outermost first. */
function missingDirectories(files: Files, directory: string): string[] {
  if (files.kind(directory) !== 'absent') return [];
  return [...missingDirectories(files, path.dirname(directory)), directory];
}

function assertSafe(files: Files, ...expected: [path: string, kind: 'file' | 'directory'][]): void {
  for (const [file, kind] of expected) {
    const actual = files.kind(file);
    if (actual !== 'absent' && actual !== kind) {
      throw new ActionError(
        'PATH_UNSAFE',
        `${file} should be a ${kind} but is a ${actual === 'link' ? 'symbolic link' : actual}.`,
      );
    }
  }
}

/** A parent's path is shorter than its child's: so they are made, and removed, in the right order. */
function adopt(record: UndoRecord, directories: readonly string[]): void {
  record.directoriesCreated = [...new Set([...directories, ...record.directoriesCreated])].toSorted(
    (a, b) => a.length - b.length,
  );
}

/** A session of this profile from another job is one whose post never ran: jobs that share a home share no profile. */
function retireDeadSessions(files: Files, install: SessionInstall, { sessions }: SessionPaths): UndoRecord[] {
  const { profile, owner } = install;
  const names = files.list(sessions).filter((name) => name.startsWith(`${profile}~`));
  const records = names.map((name) => readRecord(files, path.join(sessions, name)));
  const dead = records.filter((record) => record !== undefined && record.jobId !== owner.jobId);
  return dead.flatMap((record) => (record === undefined ? [] : [undoUnderLock(files, record)]));
}

function readConfigText(files: Files, configFile: string): string {
  if (files.kind(configFile) === 'absent') return '';
  const text = config.toText(files.read(configFile));
  if (config.isReadable(text)) return text;
  throw new ActionError('CONFIG_UNREADABLE', `${configFile} is not plain text (UTF-16 or binary).`);
}

/** The section of our name that may be replaced, if there is one. */
function presentSection(
  text: string,
  { configFile, profile, overwriteProfile }: SessionInstall,
): config.Section | undefined {
  const [present, ...more] = config.listSections(text).filter(({ name }) => name === profile);
  if (more.length > 0) {
    throw new ActionError('PROFILE_AMBIGUOUS', `${configFile} has [${profile}] ${more.length + 1} times.`);
  }
  if (present !== undefined && !overwriteProfile && ownerOf(config.textOf(text, present)) === undefined) {
    throw new ActionError(
      'PROFILE_EXISTS',
      `${configFile} has a section [${profile}] that this action did not write.`,
    );
  }
  return present;
}

function withSession(
  text: string,
  present: config.Section | undefined,
  install: SessionInstall,
  paths: SessionPaths,
): { text: string; glue: string } {
  const { profile, owner, tenancy, region, fingerprint, configFile } = install;
  const { keyFile, tokenFile } = paths;
  const values: SessionProfile = { tenancy, region, fingerprint, keyFile, tokenFile };
  const block = renderSection(profile, owner, values, config.lineEndOf(text));
  for (const advice of adviseOnConfigText(
    text,
    config.listSections(text),
    profile,
    config.hasByteOrderMark(text),
  )) {
    install.warn(`${configFile} ${advice}.`);
  }
  if (present === undefined) return config.appendSection(text, block);
  return { text: config.replaceSection(text, present, block), glue: '' };
}

/** Sets aside what the session takes the place of; a dead session's section that nothing vouches for is not worth it. */
function keepPrevious(
  files: Files,
  record: UndoRecord,
  { undo, session }: SessionPaths,
  section: string | undefined,
): void {
  files.makeDirectory(undo);
  files.create(recordFile(undo), JSON.stringify(record));
  const owner = section === undefined ? undefined : ownerOf(section);
  if (section !== undefined && (owner === undefined || owner.jobId === record.jobId)) {
    files.create(keptSection(undo), config.toBytes(section));
  }
  if (record.sessionMoved) files.rename(session, keptSession(undo));
}

/** The token last and without a final newline: clients in Go, TypeScript and .NET use its bytes as they are. */
function writeSession(files: Files, { privateKeyPem, token }: SessionInstall, paths: SessionPaths): void {
  files.makeDirectory(paths.session);
  files.create(paths.keyFile, privateKeyPem.reveal());
  files.create(paths.tokenFile, token.reveal());
}
