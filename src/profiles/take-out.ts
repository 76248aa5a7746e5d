// Taking a section out of a text in which sessions follow one another in any order: whose business the line end is that
// had to be added to an unfinished file. Knows records and texts; changes no text but what sessions have kept.
import type { Files } from '../ports.ts';
import * as config from './ini-text.ts';
import { type Place, type UndoRecord, undoFiles } from './section-target.ts';
import { sessionOf, writeRecord } from './undo-store.ts';

/** The text without the section of ours, or with the previous one in its place. */
export function withoutOurs(
  files: Files,
  { place, glue }: UndoRecord,
  text: string,
  ours: config.Section,
  previous: string | undefined,
): string {
  const before = config.listSections(text).find(({ end }) => end === ours.start);
  const mayHaveMoved = before !== undefined && previous === undefined && glue !== '';
  const isMoved = mayHaveMoved && takeFromKept(files, place, config.textOf(text, before), glue);
  const left = isMoved ? '' : glue;
  const restored =
    previous === undefined
      ? { text: config.removeSection(text, ours, left), glue: left }
      : config.replaceSection(text, ours, previous);
  if (previous !== undefined) leaveLineEnd(files, place, previous, glue);
  const behind = ours.start + (previous === undefined ? 0 : previous.length + restored.glue.length);
  const next = config.listSections(restored.text).find(({ start }) => start === behind);
  if (next) leaveLineEnd(files, place, config.textOf(restored.text, next), restored.glue);
  return restored.text;
}

/** The session whose section now follows an added line end has to take that away when it goes. */
function leaveLineEnd(files: Files, place: Place, section: string, glue: string): void {
  const heir = sessionOf(files, place, section);
  if (heir !== undefined && glue !== '') writeRecord(files, { ...heir, glue });
}

/** The line end we added is part of a section that a session has replaced since, or of one that it replaced in turn. */
function takeFromKept(files: Files, place: Place, replacement: string, glue: string): boolean {
  const session = sessionOf(files, place, replacement);
  if (session === undefined || session.keptSection === null) return false;
  const { section, scratch } = undoFiles(session.place, session.keptSection);
  const kept = files.kind(section) === 'file' ? config.toText(files.read(section)) : '';
  if (sessionOf(files, place, kept) !== undefined) return takeFromKept(files, place, kept, glue);
  if (!kept.endsWith(glue)) return false;
  files.replace(section, config.toBytes(kept.slice(0, -glue.length)), scratch);
  return true;
}
