// Finds logins by what they have left: the states in session directories, ledger entries, and marker comments.
import path from 'node:path';
import { type SavedState, temporaryName } from '../../src/login/saved-state.ts';
import type { Files, RunnerProcesses } from '../../src/ports.ts';
import * as ini from '../../src/profiles/ini-text.ts';
import { type LedgerEntry, readLedger } from '../../src/profiles/ledger.ts';
import { sessionFilesIn } from '../../src/profiles/oci-profile.ts';
import type { InstalledSection } from '../../src/profiles/remove.ts';
import {
  isSameDirectory,
  isSameSection,
  ownerOf,
  type SectionTarget,
} from '../../src/profiles/section-target.ts';
import { keyDigestOf, readKeyFile } from '../../src/profiles/session-files.ts';
import { readSavedStates } from '../session/directory.ts';
import type { ClosedSession } from '../session/session.ts';

/** A login that has left something on this machine. */
export interface Login extends Required<ClosedSession> {
  /** Undefined when neither a ledger nor a marker names the job. */
  jobId: string | undefined;
  entries: readonly LedgerEntry[];
}

interface Places {
  /** Directories of sessions. */
  directories: readonly string[];
  /** Files whose ledgers are read. */
  files: readonly string[];
}

interface SavedLogin {
  directory: string;
  state: SavedState;
}

/** The logins that have written one of the sections, and those that share a directory with them. Newest first. */
export function findLogins(files: Files, places: Places, targets: readonly SectionTarget[]): Login[] {
  const saved = statesIn(files, places.directories);
  const entries = uniqueFiles(places.files).flatMap((file) => entriesOf(files, file));
  const markers = targets.flatMap((target) => markersOf(files, target));
  const isOfTarget = (one: SectionTarget) =>
    targets.some((target) => isSameSection(one, target) || isSameDirectory(one, target));
  const found = [
    ...entries.toReversed().filter(isOfTarget),
    ...markers,
    ...saved.flatMap(({ state }) => (state.installed.some(isOfTarget) ? [state] : [])),
  ].map(({ loginId }) => loginId);
  const directoriesOf = (loginId: string) =>
    places.directories.filter(
      (one) =>
        path.basename(one) === temporaryName(loginId) ||
        saved.some(({ directory, state }) => directory === one && state.loginId === loginId),
    );
  const shared = found.flatMap(directoriesOf);
  const others = saved.filter(({ directory }) => shared.includes(directory));
  const all = new Set([...others.map(({ state }) => state.loginId).toReversed(), ...found]);
  return [...all].flatMap((loginId) => {
    const own = entries.filter((entry) => entry.loginId === loginId);
    const marks = markers.filter((marker) => marker.loginId === loginId);
    const unknown = marks.filter(({ section }) => !own.some((entry) => isSameSection(entry, section)));
    const directories = directoriesOf(loginId);
    return (directories.length > 0 ? directories : [undefined]).map((directory) => ({
      loginId,
      jobId: own[0]?.jobId ?? marks[0]?.jobId,
      directory,
      installed: [...own.map(installedOf), ...unknown.map(({ section }) => section)],
      entries: own,
    }));
  });
}

/** Whether a login belongs to another job that may still use it. */
export function isInUse(
  { jobId, entries }: Login,
  { stateOf }: RunnerProcesses,
  { own, now }: { own: string; now: number },
): boolean {
  if (jobId === undefined || jobId === own) return false;
  const isValid = ({ expiresAt, runnerProcess }: LedgerEntry) =>
    (expiresAt === null || expiresAt > now) && stateOf(runnerProcess) !== 'gone';
  return entries.length === 0 || entries.some(isValid);
}

function statesIn(files: Files, directories: readonly string[]): SavedLogin[] {
  return directories.flatMap((directory) =>
    readSavedStates(files, directory).map((state) => ({ directory, state })),
  );
}

/** One file of each directory: they share a ledger. */
function uniqueFiles(all: readonly string[]): string[] {
  return [...new Map(all.map((file) => [path.dirname(file), file])).values()];
}

/** None if the ledger cannot be read. */
export function entriesOf(files: Files, file: string): readonly LedgerEntry[] {
  try {
    return readLedger(files, file).entries;
  } catch {
    return [];
  }
}

const installedOf = (entry: LedgerEntry): InstalledSection => {
  const { file, section, member, directory, keyDigest, settingsDigest } = entry;
  const target = { file, section, ...(member && { member }), directory };
  return { ...target, keyDigest, settingsDigest, createdDirectories: [] };
};

interface Marker {
  loginId: string;
  jobId: string;
  section: InstalledSection;
}

function markersOf(files: Files, target: SectionTarget): Marker[] {
  const sections = ini.sectionsNamed(ini.toText(files.read(target.file)), target.section);
  return sections.flatMap(({ text }) => {
    const owner = ownerOf(text);
    if (owner === undefined) return [];
    const keyDigest = keyDigestFor(files, target, ini.readKey(text, 'fingerprint'));
    const section = { ...target, keyDigest, settingsDigest: null, createdDirectories: [] };
    return [{ loginId: owner.loginId, jobId: owner.jobId, section }];
  });
}

/** Of the key beside the file, if the section names its fingerprint. */
function keyDigestFor(files: Files, { directory }: SectionTarget, fingerprint: string | undefined) {
  try {
    const pair = directory === null ? undefined : readKeyFile(files, sessionFilesIn(directory).keyFile);
    return pair && pair.fingerprint === fingerprint ? keyDigestOf(pair.publicKeyBase64) : null;
  } catch {
    return null;
  }
}
