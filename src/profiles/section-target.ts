// Where a session's section stands, and what of it must be remembered to take it back. Pure; paths and names, no secret.
import path from 'node:path';
import { parseObject } from '../response.ts';
import { encode, OWN_COMMENT } from './ini-text.ts';

/** Which session wrote a section, and in which job. */
export interface Owner {
  loginId: string;
  jobId: string;
  /** Digest of what was asked for, and of whom: a later use in the job knows by it whether it asks for the same. */
  request?: string;
}

/** Names of stores, beside the file. */
const STORES = ['sessions', '.oci-wif-action'];

const MARKER = new RegExp(`^${OWN_COMMENT}([0-9a-f]+) of job ([0-9a-f]+)`, 'm');

/** A section of a session's own: its header, a comment that says whose it is, which every parser skips, and its lines. */
export function renderOwned(
  section: string,
  owner: Owner,
  lines: readonly string[],
  lineEnd: string,
): string {
  const marker = `${OWN_COMMENT}${owner.loginId} of job ${owner.jobId}, removed by its post step`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(''));
}

export function ownerOf(sectionText: string): Owner | undefined {
  const [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === undefined || jobId === undefined ? undefined : { loginId, jobId };
}

/** One section of one file, with or without a directory that belongs to it. */
export interface Place {
  file: string;
  /** As in the section's header, without the brackets. */
  section: string;
  /** Directory in which each session of the place has one of its own with what it takes to undo it. */
  store: string;
  /** Tells the sessions of this place from others in the same store; never contains `~`. */
  name: string;
  /** Directory whose whole content is the session's; null for a section alone. */
  directory: string | null;
  /** A line that tells the session's section even when a program has dropped its comments; null if there is none. */
  telltale: { key: string; value: string } | null;
}

export interface UndoRecord extends Owner {
  version: 1;
  place: Place;
  /** Session whose place this one took, if that one is still to be undone. */
  replaces: string | null;
  /** Directory of the store that holds the section which was there before; null if there was none worth keeping. */
  keptSection: string | null;
  /** Likewise for the directory that was there before. */
  keptDirectory: string | null;
  /** False while no more than the lock and the directories for it has been made. */
  hasBegun: boolean;
  /** True once the session has been taken out of the middle of others; only its own leavings are then to be removed. */
  hasLeft: boolean;
  /** Line end that was added to an unfinished last line, or empty. */
  glue: string;
  fileCreated: boolean;
  /** Directories that were made for the session, outermost first. */
  directoriesCreated: string[];
}

/** Name, in the store, of the directory with what it takes to undo a session. */
export function undoName({ name }: Place, loginId: string): string {
  return `${name}~${loginId}`;
}

/** Files of such a directory, and one for text on its way into place. */
export function undoFiles({ store }: Place, undo: string) {
  const inUndo = (file: string) => path.join(store, undo, file);
  return {
    root: path.join(store, undo),
    record: inUndo('record.json'),
    section: inUndo('section'),
    directory: inUndo('session'),
    scratch: inUndo('scratch'),
  };
}

/** What a login and a clean-up lock: all places of one directory, since they can share a store. */
export function lockOf({ file }: Place): string {
  return path.join(path.dirname(file), 'oci-wif-action');
}

/** @returns the record, or undefined if the text is none of ours, was cut short, or names what no session would */
export function parseUndoRecord(text: string): UndoRecord | undefined {
  const record = parseObject(text) as Partial<UndoRecord> | undefined;
  const { place, loginId, jobId, request, replaces, glue, directoriesCreated } = record ?? {};
  const isWhole =
    record?.version === 1 &&
    isPlace(place) &&
    isId(loginId) &&
    isId(jobId) &&
    (request === undefined || isId(request)) &&
    (replaces === null || isId(replaces)) &&
    [record.keptSection, record.keptDirectory].every((kept) => kept === null || isUndoName(place, kept)) &&
    ['', '\n', '\r\n'].includes(glue ?? 'none') &&
    Array.isArray(directoriesCreated) &&
    directoriesCreated.every(isText);
  return isWhole ? (record as UndoRecord) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): value is string => isText(value) && /^[0-9a-f]+$/.test(value);

/** By its record a session's files are removed: it must not lead anywhere but to places such as ours. */
function isPlace(value: unknown): value is Place {
  const { file, section, store, name, directory, telltale } = Object(value) as Partial<Place>;
  if (!isText(file) || !isText(section) || !isText(store) || !isText(name)) return false;
  const isNear = path.isAbsolute(file) && STORES.some((one) => path.join(path.dirname(file), one) === store);
  const isName = /^[^/\\~]+$/.test(name) && name !== '.' && name !== '..';
  const isOurs = directory === null || directory === path.join(store, name);
  return (
    isNear && isName && isOurs && (telltale === null || (isText(telltale?.key) && isText(telltale.value)))
  );
}

function isUndoName(place: Place, value: unknown): boolean {
  return isText(value) && value.startsWith(`${place.name}~`) && isId(value.slice(place.name.length + 1));
}

/** Outermost first: a parent's path is shorter than its child's. */
export function mergeDirectories(...lists: (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}
