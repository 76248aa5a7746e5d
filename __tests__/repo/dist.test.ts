// `dist/` has the same bytes wherever it is built, loads AWS code only for AWS, and contains the licence of each package.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { assertLoadsAtStart, fileNames } from '../../scripts/chunks.ts';
import { NOTICES, noticesOf } from '../../scripts/notices.ts';

const root = path.join(import.meta.dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'dist-test-'));

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Files by name; latin1 keeps every byte. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]));
}

const dist = contentsOf(path.join(root, 'dist'));

interface Lock {
  packages: Record<string, { dev?: boolean }>;
}

/** Copies what a build needs: sources, scripts, runtime packages of the lock file, esbuild. */
function copyProject(to: string): void {
  for (const name of ['src', 'scripts', 'package.json', 'tsconfig.json'])
    cpSync(path.join(root, name), path.join(to, name), { recursive: true });
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  const needed = Object.entries(lock.packages).filter(
    ([name, { dev }]) => name !== '' && (!dev || /^node_modules\/(@esbuild\/[^/]+|esbuild)$/.test(name)),
  );
  // Packages for other platforms are not installed.
  for (const [name] of needed.filter(([one]) => existsSync(path.join(root, one))))
    cpSync(path.join(root, name), path.join(to, name), { recursive: true });
}

describe('dist', () => {
  it('has the same bytes when built elsewhere, at another time, under another locale', () => {
    const elsewhere = path.join(scratch, 'a much longer path, with blanks', 'ünd umlauts', 'project');
    mkdirSync(elsewhere, { recursive: true });
    copyProject(elsewhere);
    const sources = readdirSync(path.join(elsewhere, 'src'), { recursive: true, encoding: 'utf8' });
    for (const name of sources) lutimesSync(path.join(elsewhere, 'src', name), 1e9, 1e9);
    execFileSync(process.execPath, [path.join(elsewhere, 'scripts/build.ts')], {
      cwd: scratch,
      env: { ...process.env, TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    });
    const built = contentsOf(path.join(elsewhere, 'dist'));
    expect(Object.keys(built)).toEqual(Object.keys(dist));
    expect(Object.keys(built).filter((name) => built[name] !== dist[name])).toEqual([]);
  });
});

/** The files that a file of `dist/` loads at once, itself included. */
function loadedWith(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    for (const [, next = ''] of (dist[name] ?? '').matchAll(
      /^(?:import|\} from) (?:.* from )?"\.\/(.+)";$/gm,
    ))
      loadedWith(next, seen);
  }
  return seen;
}

describe('the files of dist', () => {
  it('have names without a hash', () => {
    expect(Object.keys(dist).filter((name) => /^chunk|[A-Z0-9]{8}/.test(name))).toEqual([]);
  });

  it('load no code of AWS for an OCI login, the post step or the refresher', () => {
    const [, login = ''] = /await import\("\.\/(.+)"\)/.exec(dist['main.js'] ?? '') ?? [];
    for (const program of ['main.js', login, 'post.js', 'refresher.js'])
      for (const name of loadedWith(program)) {
        expect(dist).toHaveProperty([name]);
        expect(dist[name]).not.toMatch(/^\/\/ node_modules\/(@aws-sdk|@smithy)\//m);
      }
    expect(loadedWith(login).size).toBeGreaterThan(2);
  });

  it('load no code that signs as a machine for a login with a client secret, or its refresher', () => {
    for (const name of Object.keys(dist).filter((one) => one !== 'login-request-signer.js'))
      expect(loadedWith(name)).not.toContain('login-request-signer.js');
    expect(dist['login-request-signer.js']).toContain('/v1/x509');
  });

  it('contain a credential plugin for kubectl that is one small file', () => {
    expect([...loadedWith('kubectl-token.js')]).toEqual(['kubectl-token.js']);
    const text = dist['kubectl-token.js'] ?? '';
    const imports = [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
    expect(imports.toSorted()).toEqual(['node:crypto', 'node:fs']);
    expect(text.length).toBeLessThan(8000);
  });

  it('start the key pair before the rest is loaded', () => {
    const [atOnce = ''] = (dist['main.js'] ?? '').split('await import');
    expect(atOnce).toContain('generateSessionKeyPair()');
    const bytes = [...loadedWith('main.js')].reduce((sum, name) => sum + (dist[name]?.length ?? 0), 0);
    expect(bytes).toBeLessThan(5000);
  });
});

describe('the division of dist into files', () => {
  type Output = Metafile['outputs'][string];
  const output = (entryPoint?: string, imports: Output['imports'] = []): Output => {
    return { bytes: 1, inputs: {}, imports, exports: [], ...(entryPoint && { entryPoint }) };
  };
  const at = (path: string) => ({ path, kind: 'import-statement' }) as const;
  const later = (path: string) => ({ path, kind: 'dynamic-import' }) as const;
  const withModules = (...names: string[]): Output => ({
    ...output(),
    inputs: Object.fromEntries(names.map((name) => [name, { bytesInOutput: 1 }])),
  });
  const outputs = {
    'main-X.js': output('src/main.ts', [at('X.js'), later('sts-X.js')]),
    'post-X.js': output('src/post.ts', [at('X.js')]),
    'sts-X.js': output('src/aws/sts.ts', [at('X.js'), at('Y.js')]),
    'X.js': withModules('src/z.ts', 'src/b.ts'),
    'Y.js': withModules('src/a.ts'),
  };

  it('names an entry after its module, and numbers shared files in the order of their modules', () => {
    expect(Object.fromEntries(fileNames(outputs))).toEqual({
      'main-X.js': 'main.js',
      'post-X.js': 'post.js',
      'sts-X.js': 'aws-sts.js',
      'X.js': 'shared-2.js',
      'Y.js': 'shared-1.js',
    });
  });

  it('fails when a program would load a file after its start', () => {
    expect(() => assertLoadsAtStart(outputs, 'src/main.ts')).toThrow('would load sts-X.js');
    expect(() => assertLoadsAtStart(outputs, 'src/main.ts', ['src/aws/sts.ts'])).not.toThrow();
    expect(() => assertLoadsAtStart(outputs, 'src/post.ts')).not.toThrow();
  });
});

/** Packages in the bundle, from esbuild's comments on the origin of each piece. */
function packagesInDist(): string[] {
  const scripts = Object.entries(dist).filter(([name]) => name.endsWith('.js'));
  const pieces = scripts.flatMap(([, text]) => [
    ...text.matchAll(/^\/\/ ((?:node_modules\/(?:@[^/\s]+\/)?[^/\s]+\/)+)/gm),
  ]);
  return [...new Set(pieces.map(([, folder = '']) => folder.slice(0, -1)))].toSorted();
}

describe('the notices', () => {
  const notices = readFileSync(path.join(root, 'dist', NOTICES), 'utf8');

  it('contain the licence of each package in the bundle, and no other package', () => {
    const folders = packagesInDist();
    expect(folders.length).toBeGreaterThan(5);
    const titles = folders.map((folder) => {
      const about = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
      const [file = ''] = readdirSync(path.join(root, folder)).filter((name) => /^licen[cs]e/i.test(name));
      const text = readFileSync(path.join(root, folder, file), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim();
      expect(notices).toContain(text);
      return `${about.name} ${about.version} (${about.license})`;
    });
    const listed = notices.split('\n').filter((line) => /^\S+ \d+\.\d+\.\d+ \(.*\)$/.test(line));
    expect(listed.toSorted()).toEqual(titles.toSorted());
  });

  function bundling(license: string, files: Record<string, string>): Promise<string> {
    const folder = path.join(mkdtempSync(path.join(scratch, 'package-')), 'node_modules/@acme/thing');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: '@acme/thing', version: '1.0.0', license }),
    );
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const output = (name: string, bytesInOutput: number) => ({
      bytes: 1,
      imports: [],
      exports: [],
      inputs: { [`node_modules/@acme/${name}/lib/index.js`]: { bytesInOutput } },
    });
    // Tree shaking removed the other one.
    const outputs = { 'main.js': output('thing', 1), 'other.js': output('shaken-off', 0) };
    return noticesOf(path.join(folder, '../../..'), [outputs], 'This file contains');
  }

  it('contain the licence and the NOTICE of a package', async () => {
    const text = await bundling('Apache-2.0', {
      'NOTICE.txt': 'By Acme,\r\nwith care.\r\n',
      LICENCE: 'You may.\n',
    });
    expect(text).toContain('@acme/thing 1.0.0 (Apache-2.0)\n');
    expect(text).toContain('\nYou may.\n\nBy Acme,\nwith care.\n');
  });

  it.each(['GPL-3.0-only', 'MIT OR GPL-2.0'])('cannot be made for %s', async (license) => {
    await expect(bundling(license, { LICENSE: 'text' })).rejects.toThrow('read this licence');
  });

  it('cannot be made for a package without a licence text', async () => {
    await expect(bundling('MIT', { 'README.md': 'MIT' })).rejects.toThrow('no licence text');
  });
});
