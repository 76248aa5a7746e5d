// The log file of the refresher: one JSON object per line. Post and later logins read it. Lines that are no entry come
// from Node itself, for example the stack trace of a crash.
import type { Files } from '../ports.ts';
import { parseObject, quote } from '../response.ts';

/** `completed`: nothing is left to renew. `stopped`: the refresher was requested to stop, or a directory is gone. */
const KINDS = ['started', 'info', 'warning', 'completed', 'stopped'] as const;

export type EntryKind = (typeof KINDS)[number];

export interface LogEntry {
  /** ISO 8601, UTC. */
  at: string;
  kind: EntryKind;
  text: string;
  /** Only in the first entry: the process id, and the files that the process renews. */
  pid?: number;
  files?: readonly string[];
}

export interface RefresherLog {
  entries: readonly LogEntry[];
  /** Lines that are no entry, safe to print. */
  otherLines: readonly string[];
}

export function formatEntry(entry: LogEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

export function parseLog(text: string): RefresherLog {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map((line) => ({ line, entry: parseEntry(line) }));
  return {
    entries: parsed.flatMap(({ entry }) => entry ?? []),
    otherLines: parsed.filter(({ entry }) => entry === undefined).map(({ line }) => quote(line, [])),
  };
}

/** @returns an empty log when the file does not exist */
export function readLog(files: Files, file: string): RefresherLog {
  return parseLog(Buffer.from(files.read(file) ?? '').toString('utf8'));
}

/** Records in the log that the refresher was killed, so that no other login reports it. */
export function closeLog(files: Files, file: string, entry: LogEntry): void {
  const text = `${Buffer.from(files.read(file) ?? '').toString('utf8')}\n${formatEntry(entry)}`; // the last line may be cut off
  files.replace(file, Buffer.from(text), `${file}~`);
}

function parseEntry(line: string): LogEntry | undefined {
  const { at, text, kind: name, pid, files } = parseObject(line) ?? {};
  const kind = KINDS.find((one) => one === name);
  if (kind === undefined || typeof at !== 'string' || typeof text !== 'string') return undefined;
  const entry = { at: quote(at, []), kind, text: quote(text, []) };
  if (pid === undefined) return entry;
  // Zero and negative numbers would be process groups.
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const paths = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
  return { ...entry, pid, files: paths };
}

export interface UnfinishedProcess {
  pid: number;
  files: readonly string[];
  lastEntryAt: string;
}

/** The process that wrote the log, unless it logged its own end: it is running, or something killed it. */
export function unfinishedProcess({ entries }: RefresherLog): UnfinishedProcess | undefined {
  const { pid, files = [] } = entries.findLast(({ kind }) => kind === 'started') ?? {};
  const last = entries.at(-1);
  if (pid === undefined || last === undefined || ['completed', 'stopped'].includes(last.kind))
    return undefined;
  return { pid, files, lastEntryAt: last.at };
}

export function describeKilled({ pid, lastEntryAt }: UnfinishedProcess): string {
  return `The refresher (process ${pid}) ended unexpectedly: something killed it, it crashed, or the disk was full. Its last log entry is from ${lastEntryAt}.`;
}
