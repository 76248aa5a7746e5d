// Sees to it, before a section is written, that it can be taken back: the record of what was there, and copies of it.
import type { Files } from '../ports.ts';
import * as config from './ini-text.ts';
import { undoUnderLock } from './remove.ts';
import { type Owner, ownerOf, type Place, type UndoRecord, undoFiles, undoName } from './section-target.ts';
import { sessionsAt, writeRecord } from './undo-store.ts';

/** One session's coming to one place. */
export interface Visit {
  owner: Owner;
  place: Place;
}

export function blankRecord({ owner, place }: Visit): UndoRecord {
  const nothing = {
    replaces: null,
    keptSection: null,
    keptDirectory: null,
    hasBegun: false,
    hasLeft: false,
    glue: '',
  };
  return { version: 1, ...owner, place, ...nothing, fileCreated: false, directoriesCreated: [] };
}

/** A session of this place from another job is one whose post never ran: jobs that share a home share no profile. */
export function retireDeadSessions(
  files: Files,
  { place, owner }: Visit,
  adopt: (directories: readonly string[]) => void,
): void {
  for (const { jobId, loginId } of sessionsAt(files, place)) {
    // Read again: undoing one may have left something to the next.
    const dead = sessionsAt(files, place).find((one) => one.loginId === loginId);
    const isOwnTry = loginId === owner.loginId; // which another program has disturbed
    if (dead === undefined || (jobId === owner.jobId && !isOwnTry)) continue;
    adopt(dead.directoriesCreated);
    undoUnderLock(files, dead);
  }
}

/** What will be needed to undo it. What a dead session left, and nothing vouches for, is not worth keeping. */
export function observe(files: Files, record: UndoRecord, glue: string, section: string | undefined): void {
  const { place, loginId } = record;
  const sessions = sessionsAt(files, place);
  const writer = section === undefined ? undefined : ownerOf(section);
  const isDead = writer !== undefined && !sessions.some((one) => one.loginId === writer.loginId);
  const own = undoName(place, loginId);
  const topmost = sessions.find((one) => !sessions.some(({ replaces }) => replaces === one.loginId));
  const hasDirectory = place.directory !== null && files.kind(place.directory) === 'directory';
  record.replaces = topmost?.loginId ?? null;
  record.keptSection = section !== undefined && !isDead ? own : null;
  record.keptDirectory = hasDirectory && !isDead ? own : null;
  record.glue = glue;
  record.fileCreated = files.kind(place.file) === 'absent';
}

/** The record comes last: while it is not there, nothing has begun, and what lies beside it is only a copy. */
export function keep(files: Files, record: UndoRecord, section: string | undefined): void {
  const { place, loginId, keptSection } = record;
  const undo = undoFiles(place, undoName(place, loginId));
  if (files.kind(place.store) === 'absent') files.makeDirectory(place.store);
  files.makeDirectory(undo.root);
  if (keptSection !== null && section !== undefined) files.create(undo.section, config.toBytes(section));
  writeRecord(files, record);
}
