// The log of the process in the background: one line of JSON for each thing worth telling, read by post and by the
// next login. Anything else in the file is what Node itself had to say of a crash. Pure.
import { parseObject, quote } from '../response.ts';

export interface Entry {
  /** ISO 8601, UTC. */
  at: string;
  text: string;
  /** `note`: the author of the workflow should know. `ended`: the last one of a process that was not killed. */
  kind: 'began' | 'line' | 'note' | 'ended';
  /** In its first line: the number of the process, and the files that it keeps fresh. */
  pid?: number;
  keeps?: readonly string[];
}

export interface Journal {
  entries: readonly Entry[];
  /** What is no entry, fit for a log. */
  stray: readonly string[];
}

const KINDS: readonly unknown[] = ['began', 'line', 'note', 'ended'];

export function journalLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

export function readJournal(text: string): Journal {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map((line) => ({ line, entry: parseEntry(line) }));
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    stray: read.filter(({ entry }) => entry === undefined).map(({ line }) => quote(line, [])),
  };
}

function parseEntry(line: string): Entry | undefined {
  const { at, text, kind, pid, keeps } = (parseObject(line) ?? {}) as Partial<Entry>;
  const isWhole = typeof at === 'string' && typeof text === 'string' && KINDS.includes(kind);
  if (!isWhole || (pid !== undefined && !(Number.isSafeInteger(pid) && pid > 1))) return undefined;
  const entry = { at: quote(at, []), text: quote(text, []), kind: kind ?? 'line' };
  const files = Array.isArray(keeps) ? keeps.filter((file) => typeof file === 'string') : [];
  return pid === undefined ? entry : { ...entry, pid, keeps: files };
}

/** The process that wrote it, if it has not said that it ended: it is at work, or was killed. */
export function unfinished({
  entries,
}: Journal): { pid: number; lastSign: string; keeps: readonly string[] } | undefined {
  const began = entries.findLast(({ kind }) => kind === 'began');
  const last = entries.at(-1);
  if (began?.pid === undefined || last === undefined || last.kind === 'ended') return undefined;
  return { pid: began.pid, lastSign: last.at, keeps: began.keeps ?? [] };
}
