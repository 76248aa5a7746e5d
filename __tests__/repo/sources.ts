// What the tests of the layout read from the sources of a folder.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { functionsIn } from '../../scripts/functions.ts';
import { LIMITS } from '../../scripts/limits.ts';

/** Texts by their paths below the folder. */
export type Sources = Readonly<Record<string, string>>;

export function sourcesIn(folder: string): Sources {
  const root = path.join(import.meta.dirname, '../..', folder);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return Object.fromEntries(
    names.map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(root, name), 'utf8')]),
  );
}

/** Imports that load code; `import type` is free between siblings, but not upwards. */
export function importsOf(file: string, text: string): string[] {
  const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, name = '']) => name);
  return found.map((name) => path.posix.join(path.posix.dirname(file), name));
}

const code = (text: string) => text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');

/** What may occur in these files or modules alone, and what everybody else does instead. */
export type Reserved = readonly [what: RegExp, places: readonly string[], instead: string];

/** @param moduleOf the name by which a file is also known in `places` */
export function wrongPlaces(
  sources: Sources,
  reserved: readonly Reserved[],
  moduleOf: (file: string) => string,
): string[] {
  return Object.entries(sources).flatMap(([file, text]) =>
    reserved
      .filter(([what, places]) => {
        return what.test(code(text)) && ![file, moduleOf(file)].some((place) => places.includes(place));
      })
      .map(([what, , instead]) => `${file} has ${what.source}: ${instead}`),
  );
}

export function tooLong(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, text]) => {
    const lines = text.split('\n').length - 1;
    const long = functionsIn(text).filter((one) => one.lines > LIMITS.functionLines);
    return [
      ...(lines > LIMITS.fileLines ? [`${file} has ${lines} lines, ${LIMITS.fileLines} at most`] : []),
      ...long.map(
        ({ name, lines: length }) => `${file}: ${name} has ${length} lines, ${LIMITS.functionLines} at most`,
      ),
    ];
  });
}
