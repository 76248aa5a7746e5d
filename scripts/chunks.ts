// The files of `dist/`. Reads what esbuild reports about its outputs; touches no file.
import type { Metafile } from 'esbuild';

/** Output files by path. An entry is a program, or a module that a dynamic import loads; the others are shared. */
type Outputs = Metafile['outputs'];

/** Files that are loaded together with this one, itself included; with `lazy`, those that it loads later, too. */
function loadedWith(outputs: Outputs, file: string, lazy = false, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path: next, kind, external } of outputs[file]?.imports ?? [])
    if (!external && (lazy || kind === 'import-statement')) loadedWith(outputs, next, lazy, seen);
  return seen;
}

const fileOf = (outputs: Outputs, source: string) =>
  Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source) ?? '';

/** The outputs that the programs load, at once or later. esbuild also writes chunks that only removed code imports. */
export function reachable(outputs: Outputs, programs: readonly string[]): Outputs {
  const files = new Set(
    programs.flatMap((source) => [...loadedWith(outputs, fileOf(outputs, source), true)]),
  );
  return Object.fromEntries(Object.entries(outputs).filter(([file]) => files.has(file)));
}

/**
 * @param loadedAtStart modules that the program imports dynamically, but at its start
 * @throws Error when the program loads a file after its start: it may have been removed by then
 */
export function assertLoadsAtStart(
  outputs: Outputs,
  program: string,
  loadedAtStart: readonly string[] = [],
): void {
  const atStart = loadedAtStart.map((source) => fileOf(outputs, source));
  const files = [program, ...loadedAtStart].flatMap((source) => [
    ...loadedWith(outputs, fileOf(outputs, source)),
  ]);
  const lazy = files
    .flatMap((file) => outputs[file]?.imports ?? [])
    .filter(({ kind, external, path }) => kind === 'dynamic-import' && !external && !atStart.includes(path));
  if (lazy.length > 0)
    throw new Error(`${program} would load ${lazy.map(({ path }) => path).join(', ')} after its start`);
}

/**
 * A file name for each output. An entry is named after its path (`src/aws/sts.ts` → `aws-sts.js`). The others are
 * numbered in the order of their modules, so that a name depends neither on sizes nor on hashes.
 */
export function fileNames(outputs: Outputs): Map<string, string> {
  const moduleName = (source: string) =>
    source.replace(/^src\/|^[\w-]+:|\.\w+$/g, '').replaceAll(/[^\w-]+/g, '-');
  const modulesOf = (file: string) =>
    Object.keys(outputs[file]?.inputs ?? {})
      .toSorted()
      .join();
  const isEntry = (file: string) => outputs[file]?.entryPoint !== undefined;
  const files = Object.keys(outputs).toSorted((a, b) => (modulesOf(a) < modulesOf(b) ? -1 : 1));
  const shared = files.filter((file) => !isEntry(file));
  return new Map(
    files.map((file) => {
      const entry = outputs[file]?.entryPoint;
      return [
        file,
        entry === undefined ? `shared-${shared.indexOf(file) + 1}.js` : `${moduleName(entry)}.js`,
      ];
    }),
  );
}
