// `npm run pack`: bundles the command `oci-wif` into one script, `oci-wif-<version>.mjs`, and into an npm package,
// `oci-wif-<version>.tgz`, as a release has them. `npm run pack -- <directory>` writes them there.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { codesWithoutCauses, OPTIONS, root, toolkitWithoutSideEffects } from './bundler.ts';
import { noticesOf } from './notices.ts';

const PROGRAM = 'oci-wif.mjs';
const HELPER = 'docker-credential-oci-wif.mjs';

/**
 * The bundle has neither `import` nor the `require` of Node, so that it runs under any name, as an ES module and as CommonJS.
 * It loads each module of Node where it is first used: `node:https` alone takes 8 ms.
 */
const BANNER = `#!/usr/bin/env node
"use strict";
var require = process.getBuiltinModule;
var __filename = require("node:fs").realpathSync(process.argv[1]);`;

/** Docker's helper protocol: one argument, the rest on standard input. */
const HELPER_TEXT = `#!/usr/bin/env node
// Docker's credential helper for the session of OCI_WIF_SESSION, or of the profile in OCI_CLI_CONFIG_FILE and OCI_CLI_PROFILE.
import { fileURLToPath } from "node:url";
const program = new URL("./${PROGRAM}", import.meta.url);
process.argv.splice(1, 1, fileURLToPath(program), "docker-credential");
await import(program);
`;

/** The program, with the licences of the packages in it. */
async function bundle(): Promise<string> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    entryPoints: ['cli/main.ts'],
    outfile: PROGRAM,
    format: 'cjs',
    charset: 'ascii', // V8 would keep a text with other characters in two bytes each
    target: 'node20.16',
    define: { 'import.meta.filename': '__filename' },
    plugins: [toolkitWithoutSideEffects, codesWithoutCauses],
    banner: { js: BANNER },
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const foreign = imports.filter((one) => one.external && !isBuiltin(one.path)).map((one) => one.path);
  if (foreign.length > 0) throw new Error(`the bundle would import ${foreign.join(', ')}`);
  const notices = await noticesOf(root, [metafile.outputs], 'This file contains');
  return `${outputFiles[0]?.text}\n/*\n${notices.replaceAll('*/', '* /')}*/\n`;
}

/**
 * The `package.json` of the package: nothing to install. npm refuses to publish it unless the variable NPM_PACKAGE names it, as
 * the release workflow does if the repository has a variable of this name.
 */
async function readManifest() {
  const { version, homepage, bugs, repository, license } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const published = process.env['NPM_PACKAGE'];
  return {
    name: published || 'oci-wif',
    version,
    ...(!published && { private: true }),
    description:
      'Logs CI jobs, programs and people in to Oracle Cloud Infrastructure with their own identity.',
    ...{ homepage, bugs, repository, license },
    type: 'module',
    engines: { node: '>=20.16' }, // the first with process.getBuiltinModule
    bin: { 'oci-wif': PROGRAM, 'docker-credential-oci-wif': HELPER },
  };
}

/** Writes the content of the package. */
async function writePackage(
  folder: string,
  { program, manifest }: { program: string; manifest: object },
): Promise<void> {
  const files = {
    [PROGRAM]: program,
    [HELPER]: HELPER_TEXT,
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await copyFile(path.join(root, 'cli/README.md'), path.join(folder, 'README.md'));
  await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  // The archive contains the modes: it must not depend on the umask.
  for (const name of [...Object.keys(files), 'README.md', 'LICENSE'])
    await chmod(path.join(folder, name), name.endsWith('.mjs') ? 0o755 : 0o644);
}

// npm sets the path of its program for its scripts. On Windows, `npm` itself is a shell script.
const npm = process.env['npm_execpath'];
if (npm === undefined) throw new Error('Run this script as "npm run pack".');
const target = path.resolve(process.argv[2] ?? root);
await mkdir(target, { recursive: true });
const scratch = await mkdtemp(path.join(tmpdir(), 'oci-wif-pack-'));
try {
  const folder = path.join(scratch, 'package');
  await mkdir(folder);
  const [program, manifest] = await Promise.all([bundle(), readManifest()]);
  await writePackage(folder, { program, manifest });
  const args = ['pack', folder, '--silent', '--pack-destination', scratch];
  const packed = execFileSync(process.execPath, [npm, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const name = (extension: string) => path.join(target, `oci-wif-${manifest.version}.${extension}`);
  // The name of npm contains the scope of the package.
  await copyFile(path.join(scratch, packed.trim()), name('tgz'));
  await copyFile(path.join(folder, PROGRAM), name('mjs'));
  console.log(`${name('mjs')}\n${name('tgz')}`);
} finally {
  await rm(scratch, { recursive: true });
}
