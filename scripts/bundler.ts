// What the bundles of the action and of the command have in common.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import type { CodeEntry } from '../src/errors/codes.ts';

export const root = path.join(import.meta.dirname, '..');

export const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  charset: 'utf8',
  legalComments: 'inline',
  logLevel: 'warning',
  metafile: true,
  write: false,
} satisfies BuildOptions;

/**
 * The toolkit's packages do not declare that importing them has no side effects. Without that, esbuild keeps their
 * HTTP client (430 kB, 60 ms at every start) for five functions.
 */
export const toolkitWithoutSideEffects: Plugin = {
  name: 'toolkit-without-side-effects',
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^(@actions\/|@octokit\/|undici$|tunnel$)|^\.\.?\// },
      async ({ path: name, pluginData, ...rest }) => {
        if (pluginData === 'seen') return undefined;
        if (
          name.startsWith('.') &&
          !/node_modules\/(@actions|@octokit)\//.test(rest.importer.replaceAll('\\', '/'))
        ) {
          return undefined;
        }
        const { importer, kind, resolveDir } = rest;
        const found = await resolve(name, { importer, kind, resolveDir, pluginData: 'seen' });
        return { ...found, sideEffects: false };
      },
    );
  },
};

/** Causes of errors are for docs/troubleshooting.md alone. */
export const codesWithoutCauses: Plugin = {
  name: 'codes-without-causes',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]errors[\\/]codes-\w+\.ts$/ }, async ({ path: file }) => {
      const tables: Record<string, Record<string, CodeEntry>> = await import(pathToFileURL(file).href);
      const lines = Object.entries(tables).map(([name, table]) => {
        const entries = Object.entries(table).map(([code, { title, remedy }]) => [code, { title, remedy }]);
        return `export const ${name} = ${JSON.stringify(Object.fromEntries(entries), null, 2)};`;
      });
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};
