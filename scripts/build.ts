// Bundles the entries of `src/` into `dist/`; with --check, says whether the committed bundle is what they give.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { NOTICES, noticesOf } from './notices.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/**
 * The toolkit does not declare that importing it does nothing, so a bundler keeps its whole HTTP client
 * (430 kB, 60 ms at every start) for the sake of five functions. It is declared here instead.
 */
const toolkitWithoutSideEffects: Plugin = {
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

/** See `aws-stubs.ts`. */
const awsStubs: Plugin = {
  name: 'aws-stubs',
  setup({ onResolve }) {
    const stubbed = /^(@aws-sdk\/credential-provider-node|@smithy\/node-http-handler)$/;
    onResolve({ filter: stubbed }, () => ({
      path: path.join(import.meta.dirname, 'aws-stubs.ts'),
      sideEffects: false,
    }));
  },
};

/** A copy of the key pair's module for the doctor, so that `main.js` keeps its own inside and begins with it at once. */
const ownKeyPair: Plugin = {
  name: 'own-key-pair',
  setup({ onResolve }) {
    onResolve({ filter: /\/oci\/key-pair\.ts$/ }, ({ path: name, importer, resolveDir }) =>
      /src.doctor\.ts$/.test(importer) ? { path: path.join(resolveDir, name), suffix: '?doctor' } : undefined,
    );
  },
};

const STAGES = ['main', 'post', 'doctor'];
/** Each in one piece: they run when a step may have removed the action's files. */
const ALONE = ['refresher', 'renewal'];

async function bundle(outdir: string): Promise<void> {
  const common = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'warning',
    metafile: true,
  } satisfies BuildOptions;
  const sourcesOf = (names: readonly string[]) => names.map((name) => `src/${name}.ts`);
  const stages = await build({
    ...common,
    entryPoints: sourcesOf(STAGES),
    splitting: true,
    chunkNames: 'chunk-[hash]',
    plugins: [toolkitWithoutSideEffects, awsStubs, ownKeyPair],
  });
  const alone = await build({
    ...common,
    entryPoints: sourcesOf(ALONE),
    plugins: [toolkitWithoutSideEffects],
  });
  const outputs = [await withoutOrphans(stages.metafile), alone.metafile.outputs];
  await writeFile(path.join(outdir, NOTICES), await noticesOf(root, outputs));
}

/** The bundler also writes chunks whose only import it has then found to be dead code. */
async function withoutOrphans({ outputs }: Metafile): Promise<Metafile['outputs']> {
  const reached = new Set<string>();
  const reach = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const { path: next, external } of outputs[name]?.imports ?? []) if (!external) reach(next);
  };
  for (const [name, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint !== undefined && /^src\/(main|post|doctor)\.ts$/.test(entryPoint)) reach(name);
  }
  const orphans = Object.keys(outputs).filter((name) => !reached.has(name));
  for (const name of orphans) await rm(path.join(root, name));
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => reached.has(name)));
}

async function contents(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory).catch(() => [])).toSorted();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(directory, name), 'utf8')] as const),
    ),
  );
}

async function check(): Promise<void> {
  const fresh = await mkdtemp(path.join(tmpdir(), 'dist-'));
  try {
    await bundle(fresh);
    const [committed, built] = [await contents(dist), await contents(fresh)];
    const names = new Set([...committed.keys(), ...built.keys()]);
    const stale = [...names].filter((name) => committed.get(name) !== built.get(name));
    if (stale.length > 0) {
      console.error(`dist/ is stale (${stale.join(', ')}): run "npm run build" and commit the result.`);
      process.exitCode = 1;
    } else console.log(`dist/ is fresh: ${[...built.keys()].join(', ')}`);
  } finally {
    await rm(fresh, { recursive: true });
  }
}

if (process.argv.includes('--check')) await check();
else {
  await rm(dist, { recursive: true, force: true });
  await bundle(dist);
}
