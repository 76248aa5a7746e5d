// The command as a release has it: one script, and an npm package that contains the same script.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilEnd } from '../../emulator/runner/ended.ts';
import { PACKAGE, pack, SCRIPT, userPath, version } from '../cli/packed.ts';
import { itWithShell } from '../unit/systems-with.ts';

const npm = process.env['npm_execpath'] ?? 'run the tests with npm';
const scratch = mkdtempSync(path.join(tmpdir(), 'command-package-'));
const inScratch = (...names: string[]) => path.join(scratch, ...names);
const installed = inScratch('empty', 'node_modules', 'oci-wif');
const { SystemRoot = '', ComSpec = '', PATHEXT = '' } = process.env;

/** Without a network and without the settings that npm passes to its scripts. */
const ENVIRONMENT = {
  ...{ SystemRoot, ComSpec, PATHEXT, PATH: userPath(), HOME: scratch, USERPROFILE: scratch },
  npm_config_cache: inScratch('cache'),
  npm_config_update_notifier: 'false',
};

function run(program: string, args: readonly string[], env = {}, input = '') {
  return spawnSync(program, args, {
    cwd: inScratch('empty'),
    env: { ...ENVIRONMENT, ...env },
    input,
    encoding: 'utf8',
  });
}

const runNpm = (args: readonly string[]) => run(process.execPath, [npm, '--offline', ...args]);

const manifestIn = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;

beforeAll(() => {
  pack(scratch);
  mkdirSync(inScratch('empty'));
  const { status, stderr } = runNpm(['install', inScratch(PACKAGE)]);
  expect([stderr, status]).toEqual(['', 0]);
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('the script', () => {
  /** By the folder: whether `.js` and a file without an extension are ES modules there. */
  const folders = { module: { type: 'module' }, commonjs: { type: 'commonjs' } };
  beforeAll(() => {
    for (const [folder, manifest] of Object.entries(folders)) {
      mkdirSync(inScratch(folder));
      writeFileSync(inScratch(folder, 'package.json'), JSON.stringify(manifest));
    }
  });

  describe.each(Object.keys(folders))('in a folder whose package.json has the type %s', (folder) => {
    it.each([SCRIPT, 'oci-wif.mjs', 'oci-wif.cjs', 'oci-wif.js', 'oci-wif'])(
      'runs with the Node of the machine and with that of this repository, as %s',
      (name) => {
        // Since Node 22.7, a file without an extension is of the type of its folder. Node 20 refuses one in "module".
        const file = inScratch(folder, name);
        copyFileSync(inScratch(SCRIPT), file);
        for (const node of [process.execPath, 'node'])
          expect([node, run(node, [file, '--version'])]).toEqual([
            node,
            expect.objectContaining({ status: 0, stderr: '', stdout: `${version}\n` }),
          ]);
      },
    );
  });

  itWithShell('runs by a link, and as a program', () => {
    symlinkSync(inScratch(SCRIPT), inScratch('link'));
    for (const [program, ...args] of [
      ['node', inScratch('link'), '--version'],
      [inScratch('link'), '--version'],
    ] as const)
      expect(run(program, args)).toMatchObject({ status: 0, stderr: '', stdout: `${version}\n` });
  });

  it('shows its help without loading HTTPS or child processes', () => {
    const list = 'process.on("exit", () => console.error(process.moduleLoadList.join("\\n")));';
    writeFileSync(inScratch('list.cjs'), list);
    const { stderr } = run(process.execPath, [
      '--require',
      inScratch('list.cjs'),
      inScratch(SCRIPT),
      '--help',
    ]);
    const loaded = stderr.match(/(?<=^NativeModule )[\w/]+$/gm) ?? [];
    expect(loaded).toContain('fs');
    expect(loaded.filter((name) => ['https', 'http', 'tls', 'child_process'].includes(name))).toEqual([]);
  });

  it('uses no function that Node 20.16 lacks', () => {
    const program = readFileSync(inScratch(SCRIPT), 'utf8');
    const newer =
      /\b(Map|Object)\.groupBy\(|\.withResolvers\(|\.fromAsync\(|\bURL\.parse\(|\bPromise\.try\(|\b(union|difference|isSubsetOf|isSupersetOf|isDisjointFrom)\(|\bglobSync\(|\bRegExp\.escape\(/g;
    expect(program.match(newer)).toBeNull();
  });

  it('ends with the licences of the packages in it', () => {
    const [, notices = ''] = readFileSync(inScratch(SCRIPT), 'utf8').split(
      '\n/*\nThis file contains code of ',
    );
    expect(notices).toMatch(/^@aws-sdk\/client-iam \d+\.\d+\.\d+ \(Apache-2\.0\)$/m);
    expect(notices.split('*/')).toEqual([expect.any(String), '\n']);
  });

  itWithShell('and the package have the same bytes under another umask, in another directory', () => {
    const other = inScratch('another directory');
    mkdirSync(other);
    const script = 'umask 077 && "$0" "$1" "$2"';
    execFileSync('sh', [
      '-c',
      script,
      process.execPath,
      path.join(import.meta.dirname, '../../scripts/pack.ts'),
      other,
    ]);
    for (const name of [SCRIPT, PACKAGE])
      expect(readFileSync(path.join(other, name)).equals(readFileSync(inScratch(name)))).toBe(true);
  });
});

describe('the npm package', () => {
  it('has the same script, two programs and no dependencies', () => {
    const names = ['LICENSE', 'README.md', 'docker-credential-oci-wif.mjs', 'oci-wif.mjs', 'package.json'];
    expect(readdirSync(installed).toSorted()).toEqual(names);
    expect(readFileSync(path.join(installed, 'oci-wif.mjs')).equals(readFileSync(inScratch(SCRIPT)))).toBe(
      true,
    );
    const manifest = manifestIn(installed);
    expect(manifest).toMatchObject({
      engines: { node: '>=20.16' },
      license: 'Apache-2.0',
      bin: { 'oci-wif': 'oci-wif.mjs', 'docker-credential-oci-wif': 'docker-credential-oci-wif.mjs' },
    });
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readdirSync(inScratch('empty', 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'oci-wif',
    ]);
  });

  it('is published by npm only under the name that the maintainers have given it', async () => {
    const named = inScratch('named');
    pack(named, { NPM_PACKAGE: '@acme/oci-wif' });
    expect(readdirSync(named).toSorted()).toEqual([SCRIPT, PACKAGE]);
    const published: string[] = [];
    const registry = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(request.method === 'PUT' ? 200 : 404).end('{}'));
      if (request.method === 'PUT') published.push(String(request.url));
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const publish = (folder: string) => {
      const options = [
        `--registry=http://${host}/`,
        `--//${host}/:_authToken=x`,
        '--ignore-scripts',
        '--access=public',
      ];
      const child = spawn(process.execPath, [npm, 'publish', `./${PACKAGE}`, ...options, '--tag=latest'], {
        cwd: folder,
        env: ENVIRONMENT,
      });
      return untilEnd(child);
    };
    try {
      expect(await publish(scratch)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('EPRIVATE'),
      });
      expect(published).toEqual([]);
      expect(await publish(named)).toMatchObject({ exitCode: 0, stdout: `+ @acme/oci-wif@${version}\n` });
      expect(published).toEqual(['/@acme%2foci-wif']);
    } finally {
      registry.close();
    }
  });

  it.each([
    ['installed', ['exec', '--', 'oci-wif']],
    ['a file', ['exec', '--yes', '--', `../${PACKAGE}`]],
  ])('runs as %s with the Node of the machine', (_what, command) => {
    const help = runNpm([...command, 'setup', '--help']);
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('oci-wif setup ') });
    const wrong = runNpm([...command, 'setup', '--profil', 'x']);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('OPTION_INVALID') });
    expect(wrong.stderr).toContain('Did you mean --profile?');
  });

  describe('has a credential helper for Docker', () => {
    const helper = path.join(installed, 'docker-credential-oci-wif.mjs');
    const config = inScratch('config');
    const ASHBURN = {
      'iad.ocir.io': 'BEARER_TOKEN',
      'ocir.us-ashburn-1.oci.oraclecloud.com': 'BEARER_TOKEN',
    };
    const session = 'key_file=/k\nsecurity_token_file=/t\ntenancy=ocid1.tenancy.oc1..a\n';
    beforeAll(() => {
      writeFileSync(
        config,
        `[DEFAULT]\n${session}region=us-ashburn-1\n[CI]\n${session}region=eu-frankfurt-1\n`,
      );
      mkdirSync(inScratch('session'), { mode: 0o700 });
      const digests = { keyDigest: null, settingsDigest: null, createdDirectories: [] };
      const profile = { file: config, section: 'CI', directory: inScratch('sessions/CI'), ...digests };
      const state = { loginId: 'a1', temporary: null, cachedRole: null, installed: [profile] };
      writeFileSync(inScratch('session/state.json'), JSON.stringify(state));
    });
    const list = (env: object) => run('node', [helper, 'list'], env);

    it('that knows the registry of the profile in OCI_CLI_CONFIG_FILE and OCI_CLI_PROFILE', () => {
      const { status, stdout } = list({ OCI_CLI_CONFIG_FILE: config });
      expect([JSON.parse(stdout), status]).toEqual([ASHBURN, 0]);
      const other = JSON.parse(list({ OCI_CLI_CONFIG_FILE: config, OCI_CLI_PROFILE: 'CI' }).stdout) as object;
      expect(other).toHaveProperty(['fra.ocir.io']);
    });

    it('that prefers the session of exec', () => {
      const env = { OCI_CLI_CONFIG_FILE: config, OCI_WIF_SESSION: inScratch('session') };
      expect(JSON.parse(list(env).stdout)).toHaveProperty(['fra.ocir.io']);
    });

    it('that gives no password for another registry', () => {
      const { status, stdout, stderr } = run(
        'node',
        [helper, 'get'],
        { OCI_CLI_CONFIG_FILE: config },
        'ghcr.io\n',
      );
      expect([status, stdout, stderr]).toEqual([1, 'credentials not found in native keychain', '']);
    });

    it.each([
      ['the config file does not exist', {}, 'does not exist'],
      ['the profile is not in it', { OCI_CLI_PROFILE: 'X' }, 'Profile [X] is not in'],
    ])('that explains on standard error, too, that %s', (_, env, text) => {
      const file = Object.hasOwn(env, 'OCI_CLI_PROFILE') ? config : inScratch('absent');
      const { status, stdout, stderr } = run(
        'node',
        [helper, 'get'],
        { ...env, OCI_CLI_CONFIG_FILE: file },
        'iad.ocir.io',
      );
      expect([status, stdout]).toEqual([1, expect.stringContaining(text)]);
      expect(stderr).toBe(`oci-wif-action: ${stdout}\n`);
    });

    it('that lets docker login and docker logout succeed without a session', () => {
      for (const action of ['store', 'erase'])
        expect(run('node', [helper, action], {}, '{}')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    });
  });
});
