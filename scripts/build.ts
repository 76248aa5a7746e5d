// Bundles the programs of `src/` into `dist/`; with --check, compares the result with the committed `dist/`.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { codesWithoutCauses, OPTIONS, root, toolkitWithoutSideEffects } from './bundler.ts';
import { assertLoadsAtStart, fileNames, reachable } from './chunks.ts';
import { NOTICES, noticesOf } from './notices.ts';

const dist = path.join(root, 'dist');

const REFRESHER = 'src/refresher.ts';
/** The refresher loads it before it reports that it is ready, if it needs it. */
const SIGNER = 'src/login/request-signer.ts';
const PROGRAMS = ['src/main.ts', 'src/post.ts', 'src/doctor.ts', 'src/docker-credential.ts', REFRESHER];
/** Tools start these at each call, so each of them is one small file. */
const PLUGINS = ['src/kubectl-token.ts'];

/** See `aws-stubs.ts`. */
const awsStubs: Plugin = {
  name: 'aws-stubs',
  setup({ onResolve, onLoad }) {
    const stubbed =
      /^(@aws-sdk\/(credential-provider-node|signature-v4-multi-region)|@smithy\/(node-http-handler|signature-v4))$/;
    onResolve({ filter: stubbed }, () => ({
      path: path.join(import.meta.dirname, 'aws-stubs.ts'),
      sideEffects: false,
    }));
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, () => ({
      path: 'event-streams',
      namespace: 'aws-stubs',
    }));
    onLoad({ filter: /./, namespace: 'aws-stubs' }, () => ({
      contents: "throw new Error('AWS STS has no event streams');",
    }));
  },
};

const slashed = (file: string) => path.relative(root, file).replaceAll('\\', '/');

/** The files of `dist/`: their text by their name. */
async function bundle(): Promise<Map<string, string>> {
  const plugins = [toolkitWithoutSideEffects, awsStubs, codesWithoutCauses];
  const programs = await build({
    ...OPTIONS,
    outdir: dist,
    target: 'node24',
    entryPoints: PROGRAMS,
    splitting: true,
    plugins,
  });
  const own = await build({ ...OPTIONS, outdir: dist, target: 'node24', entryPoints: PLUGINS });
  const outputs = reachable(programs.metafile.outputs, PROGRAMS);
  // Steps that run beside the refresher can remove the action's files.
  assertLoadsAtStart(outputs, REFRESHER, [SIGNER]);
  const names = fileNames(outputs);
  const files = new Map<string, string>();
  for (const { path: file, text } of programs.outputFiles) {
    const name = names.get(slashed(file));
    if (name === undefined) continue;
    // esbuild writes every import of another chunk as "./its-name.js".
    const renamed = text.replaceAll(/(?<=")\.\/([\w-]+\.js)(?=")/g, (whole, chunk: string) => {
      const target = names.get(`dist/${chunk}`);
      return target === undefined ? whole : `./${target}`;
    });
    files.set(name, renamed);
  }
  for (const { path: file, text } of own.outputFiles) files.set(path.basename(file), text);
  return files.set(
    NOTICES,
    await noticesOf(root, [outputs, own.metafile.outputs], 'The JavaScript files beside this one contain'),
  );
}

async function committed(): Promise<Map<string, string>> {
  const names = await readdir(dist).catch(() => []);
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(dist, name), 'utf8')] as const),
    ),
  );
}

const built = await bundle();
const sorted = [...built.keys()].toSorted();
if (process.argv.includes('--check')) {
  const found = await committed();
  const stale = [...new Set([...sorted, ...found.keys()])].filter(
    (name) => found.get(name) !== built.get(name),
  );
  if (stale.length > 0) {
    console.error(`dist/ is stale (${stale.join(', ')}): run "npm run build" and commit the result.`);
    process.exitCode = 1;
  } else console.log(`dist/ is fresh: ${sorted.join(', ')}`);
} else {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const name of sorted) await writeFile(path.join(dist, name), built.get(name) ?? '');
}
