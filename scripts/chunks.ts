// How `dist/` is divided into files, and their names. Reads what esbuild reports about its outputs; touches no file.
import type { Metafile } from 'esbuild';

/** Output files by path. An entry is a program, or a module that a dynamic import loads; the others are shared chunks. */
type Outputs = Metafile['outputs'];

/** Files that are loaded together with this one, itself included. */
function loadedWith(outputs: Outputs, file: string, lazy = false, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path: next, kind, external } of outputs[file]?.imports ?? [])
    if (!external && (lazy || kind === 'import-statement')) loadedWith(outputs, next, lazy, seen);
  return seen;
}

const fileOf = (outputs: Outputs, source: string) =>
  Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source) ?? '';

const entriesOf = (outputs: Outputs) =>
  Object.keys(outputs).filter((file) => outputs[file]?.entryPoint !== undefined);

/** Files that this entry may load later. */
const lazyFilesOf = (outputs: Outputs, entry: string) =>
  [...loadedWith(outputs, entry)].flatMap((file) =>
    (outputs[file]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'dynamic-import' && !external)
      .map(({ path: lazy }) => lazy),
  );

/** The entries that can load this one. Programs have none. */
const importersOf = (outputs: Outputs, entry: string) =>
  entriesOf(outputs).filter((one) => lazyFilesOf(outputs, one).includes(entry));

/** The outputs that the programs load, at once or later. */
export function reachable(outputs: Outputs, programs: readonly string[]): Outputs {
  const files = new Set(
    programs.flatMap((source) => [...loadedWith(outputs, fileOf(outputs, source), true)]),
  );
  return Object.fromEntries(Object.entries(outputs).filter(([file]) => files.has(file)));
}

/** @throws Error when the program loads a file after its start: it may have been removed by then */
export function assertLoadsAtStart(outputs: Outputs, program: string): void {
  const lazy = lazyFilesOf(outputs, fileOf(outputs, program)).map((file) => outputs[file]?.entryPoint);
  if (lazy.length > 0)
    throw new Error(
      `${program} would load ${lazy.join(', ')} after its start: import it statically, or build the program alone`,
    );
}

/**
 * For each lazily loaded module, the shared modules of `src/` that are certainly loaded before it. esbuild makes a chunk for
 * each set of entries that share code. If a lazy module imports all that its importers share, these sets become few.
 */
export function loadedBefore(outputs: Outputs): Map<string, string[]> {
  const entries = entriesOf(outputs);
  const sharedSourcesOf = (entry: string) =>
    [...loadedWith(outputs, entry)]
      .filter((file) => !entries.includes(file))
      .flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}))
      .filter(([source, { bytesInOutput }]) => bytesInOutput > 0 && /^src\/[^?]*$/.test(source))
      .map(([source]) => source);
  const before = (entry: string, path: readonly string[] = []): string[] =>
    importersOf(outputs, entry)
      .filter((importer) => !path.includes(importer))
      .map((importer) => [...sharedSourcesOf(importer), ...before(importer, [...path, entry])])
      .reduce<string[] | undefined>(
        (common, one) => common?.filter((name) => one.includes(name)) ?? one,
        undefined,
      ) ?? [];
  return new Map(entries.map((file) => [outputs[file]?.entryPoint ?? '', before(file)]));
}

/**
 * A file name for each output. An entry is named after its path (`src/aws/sts.ts` → `aws-sts.js`); a shared chunk, the names of the entries that load it
 * first. The names depend on the imports of `src/` alone, not on sizes or hashes.
 * @throws Error when two outputs would have the same name
 */
export function fileNames(outputs: Outputs): Map<string, string> {
  const entries = entriesOf(outputs);
  const moduleName = (file: string) =>
    (outputs[file]?.entryPoint ?? '')
      .replace(/^src\/|^.*node_modules\/|^[\w-]+:|\.\w+$/g, '')
      .replaceAll(/[^\w-]+/g, '-');
  const sharedName = (file: string) => {
    const sharing = entries.filter((entry) => loadedWith(outputs, entry).has(file));
    const first = sharing.filter((entry) => {
      const importers = importersOf(outputs, entry);
      return importers.length === 0 || !importers.every((one) => sharing.includes(one));
    });
    return `shared-by-${first.map(moduleName).toSorted().join('+')}`;
  };
  const names = new Map<string, string>();
  for (const file of Object.keys(outputs).toSorted()) {
    const name = `${entries.includes(file) ? moduleName(file) : sharedName(file)}.js`;
    const other = [...names].find(([, taken]) => taken === name)?.[0];
    if (other !== undefined) {
      const sources = [file, other].map(
        (one) => outputs[one]?.entryPoint ?? Object.keys(outputs[one]?.inputs ?? {}),
      );
      throw new Error(`dist/${name} would hold both ${sources.join(' and ')}: rename one of them`);
    }
    names.set(file, name);
  }
  return names;
}
