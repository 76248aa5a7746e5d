// A disk in memory without links, with the errors of Node for missing, existing and non-empty entries.
import path from 'node:path';
import { ActionError, Contention, type ErrorCode } from '../../../src/errors/action-error.ts';
import type { Clock, FileKind, Files, Lock } from '../../../src/ports.ts';

export interface MemoryDisk {
  files: Files;
  lock: Lock;
  clock: Clock;
  /** Entries by path: text of files, null for directories. */
  snapshot(): Record<string, string | null>;
  write(file: string, text: string): void;
  read(file: string): string | undefined;
}

type Entries = Map<string, Buffer | null>;

function fail(code: ErrorCode, what: string): never {
  throw new ActionError(code, `${what} failed.`);
}

function below(entries: Entries, directory: string): string[] {
  return [...entries.keys()].filter((name) => name.startsWith(`${directory}/`));
}

function kindIn(entries: Entries, file: string): FileKind {
  const entry = entries.get(file);
  if (entry === undefined) return 'absent';
  return entry === null ? 'directory' : 'file';
}

/** The content is enough, because nothing else writes. */
function stateIn(entries: Entries, file: string): string {
  return entries.get(file)?.toString('base64') ?? 'absent';
}

function assertParent(entries: Entries, file: string): void {
  if (kindIn(entries, path.dirname(file)) !== 'directory') fail('FILES_NOT_WRITABLE', `parent of ${file}`);
}

function add(entries: Entries, file: string, content: Buffer | null): void {
  assertParent(entries, file);
  if (entries.has(file)) fail('PATH_UNSAFE', `${file}: EEXIST`);
  entries.set(file, content);
}

function moveIn(entries: Entries, from: string, to: string): void {
  const entry = entries.get(from);
  if (entry === undefined) fail('FILES_NOT_WRITABLE', `${from}: ENOENT`);
  assertParent(entries, to);
  const target = kindIn(entries, to);
  if ((target === 'directory') !== (entry === null) && target !== 'absent')
    fail('FILES_NOT_WRITABLE', `${to}: ENOTDIR`);
  if (below(entries, to).length > 0) fail('FILES_NOT_WRITABLE', `${to}: ENOTEMPTY`);
  for (const name of below(entries, from)) {
    entries.set(`${to}${name.slice(from.length)}`, entries.get(name) ?? null);
    entries.delete(name);
  }
  entries.delete(from);
  entries.set(to, entry);
}

function filesOn(entries: Entries): Files {
  const read = (file: string) => entries.get(file) ?? undefined;
  const replace: Files['replace'] = (file, content, scratch) => {
    if (kindIn(entries, scratch) === 'directory') fail('FILES_NOT_WRITABLE', scratch);
    assertParent(entries, scratch);
    entries.set(scratch, Buffer.from(content));
    moveIn(entries, scratch, file);
  };
  return {
    canonical: (file) => file,
    kind: (file) => kindIn(entries, file),
    state: (file) => ({
      id: stateIn(entries, file),
      ageMs: Number.POSITIVE_INFINITY,
      quietMs: Number.POSITIVE_INFINITY,
      openMode: undefined,
    }),
    read,
    realPath: (file) => (entries.has(file) ? file : undefined),
    allowOwner: () => {},
    overwrite: (file, edit) => {
      entries.set(file, Buffer.from(edit(`${read(file)?.toString('latin1')}`), 'latin1'));
    },
    unsafeReason: () => undefined,
    assertWritable: () => {},
    list: (directory) =>
      below(entries, directory)
        .map((name) => name.slice(directory.length + 1))
        .filter((name) => !name.includes('/')),
    makeDirectory: (directory) => add(entries, directory, null),
    ensureDirectory: (directory) => {
      if (kindIn(entries, directory) !== 'directory') add(entries, directory, null);
    },
    create: (file, content) => add(entries, file, Buffer.from(content)),
    replace,
    rewrite: (file, content, state, { scratch }) => {
      if (state !== stateIn(entries, file)) throw new Contention(file);
      replace(file, content, scratch);
    },
    undoRewrite: () => {},
    setMode: () => {},
    rename: (from, to) => moveIn(entries, from, to),
    remove: (file) => {
      if (kindIn(entries, file) === 'directory') fail('FILES_NOT_WRITABLE', `${file}: EISDIR`);
      entries.delete(file);
    },
    removeTree: (root) => {
      for (const name of [root, ...below(entries, root)]) entries.delete(name);
    },
    removeIfEmpty: (directory) => {
      if (kindIn(entries, directory) === 'file') fail('FILES_NOT_WRITABLE', `${directory}: ENOTDIR`);
      if (below(entries, directory).length === 0) entries.delete(directory);
    },
  };
}

/** Returns a disk with these files, in Latin-1, and their parent directories. */
export function memoryDisk(texts: Readonly<Record<string, string>>): MemoryDisk {
  const entries: Entries = new Map([['/', null]]);
  const addDirectory = (directory: string) => {
    if (entries.has(directory)) return;
    addDirectory(path.dirname(directory));
    entries.set(directory, null);
  };
  const write = (file: string, text: string) => {
    addDirectory(path.dirname(file));
    entries.set(file, Buffer.from(text, 'latin1'));
  };
  for (const [file, text] of Object.entries(texts)) write(file, text);
  return {
    files: filesOn(entries),
    clock: { now: () => 0, sleep: async () => {} },
    lock: {
      hold: async (_path, prepare, work) => {
        prepare();
        return work();
      },
    },
    write,
    read: (file) => entries.get(file)?.toString('latin1'),
    snapshot: () =>
      Object.fromEntries(
        [...entries].toSorted().map(([name, held]) => [name, held?.toString('latin1') ?? null]),
      ),
  };
}
