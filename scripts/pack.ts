// `npm run pack`: bundles the command `oci-wif` into `oci-wif-<version>.tgz`, as a release has it. `npm run pack -- <directory>`
// writes it there.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { codesWithoutCauses, OPTIONS, root, toolkitWithoutSideEffects } from './bundler.ts';
import { NOTICES, noticesOf } from './notices.ts';

const PROGRAM = 'oci-wif.js';

/** The program, without its imports of Node, and the licences of the packages in it. */
async function bundle(): Promise<{ program: string; notices: string }> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    entryPoints: ['cli/main.ts'],
    outfile: PROGRAM,
    target: 'node20.16',
    plugins: [toolkitWithoutSideEffects, codesWithoutCauses],
    banner: { js: '#!/usr/bin/env node' },
  });
  return { program: outputFiles[0]?.text ?? '', notices: await noticesOf(root, [metafile.outputs]) };
}

/** The `package.json` of the package: nothing to install, and npm refuses to publish it. */
async function manifest(): Promise<string> {
  const { version, homepage, bugs, repository, license } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const own = {
    name: 'oci-wif',
    version,
    private: true,
    description: 'Sets up and audits the login of GitHub Actions jobs to Oracle Cloud Infrastructure.',
    ...{ homepage, bugs, repository, license },
    type: 'module',
    engines: { node: '>=20.16' }, // the first with process.getBuiltinModule
    bin: { 'oci-wif': PROGRAM },
  };
  return `${JSON.stringify(own, null, 2)}\n`;
}

async function writePackage(folder: string): Promise<void> {
  const { program, notices } = await bundle();
  const files = { [PROGRAM]: program, [NOTICES]: notices, 'package.json': await manifest() };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await copyFile(path.join(root, 'cli/README.md'), path.join(folder, 'README.md'));
  await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  // The archive contains the modes: it must not depend on the umask.
  for (const name of [...Object.keys(files), 'README.md', 'LICENSE'])
    await chmod(path.join(folder, name), name === PROGRAM ? 0o755 : 0o644);
}

// npm sets the path of its program for its scripts. On Windows, `npm` itself is a shell script.
const npm = process.env['npm_execpath'];
if (npm === undefined) throw new Error('Run this script as "npm run pack".');
const scratch = await mkdtemp(path.join(tmpdir(), 'oci-wif-pack-'));
try {
  const folder = path.join(scratch, 'package');
  await mkdir(folder);
  await writePackage(folder);
  const target = path.resolve(process.argv[2] ?? root);
  const args = ['pack', folder, '--silent', '--pack-destination', target];
  execFileSync(process.execPath, [npm, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
} finally {
  await rm(scratch, { recursive: true });
}
