// Runs the shell scripts of release.yml in a repository of its own: nobody sees them run before a release. gh and docker are fakes
// that record their arguments; so is npm, except that `npm run build` writes what a test wants. Also runs the commands of SECURITY.md.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { filesOf, notesFor } from '../../scripts/release.ts';
import { blocksIn } from './workflow-text.ts';

interface Step {
  id?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
  'working-directory'?: string;
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const workflow = parse(read('.github/workflows/release.yml')) as {
  jobs: Record<JobName, { steps: Step[]; needs?: string[]; if?: string; outputs?: Record<string, string> }>;
};
type JobName = 'build' | 'command' | 'publish' | 'npm' | 'image';
// The jobs run on Linux only.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

const FAKES = {
  npm: `echo "npm $*" >>"$CALLS"
case "$*" in
  'run build') eval "$BUILD" ;;
  'run pack')
    echo "packed$PACK for $NPM_PACKAGE" >"oci-wif-\${GITHUB_REF_NAME#v}.tgz"
    echo "bundled$PACK" >"oci-wif-\${GITHUB_REF_NAME#v}.mjs" ;;
  sbom*) echo '{"bomFormat":"CycloneDX"}' ;;
esac`,
  gh: `echo "gh $*" >>"$CALLS"
case "$*" in
  *commits/tags/*) echo "\${TAGGED:-$GITHUB_SHA}" ;;
  *.immutable) echo "$IMMUTABLE" ;;
  *PATCH*) exit "$NO_MAJOR_TAG" ;;
esac`,
  docker: `echo "docker $*" >>"$CALLS"
case "$1 $2" in
  'login ghcr.io') read -r token && [ "$token" = token ] ;;
  'buildx imagetools') [ "$3" != inspect ] || echo sha256:digest ;;
  'build --platform') cat context/oci-wif.mjs >>"$CALLS" && ls context packaging/image/Dockerfile >>"$CALLS" ;;
esac`,
};
const CHANGE_LOG =
  '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- New.\n\n### More\n\n- [1.2.2] is old.\n\n## [1.2.2] - 2026-01-01\n\n- Old.\n\n[1.2.3]: https://github.com/x\n';

let scratch: string;
let clone: string;

function git(...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'tag.gpgsign=false'];
  const all = [...who, '-c', 'commit.gpgsign=false', ...args];
  return execFileSync('git', all, {
    cwd: clone,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function commit(text: string): void {
  for (const folder of ['dist', 'doctor']) mkdirSync(path.join(clone, folder), { recursive: true });
  writeFileSync(path.join(clone, 'dist/main.js'), text);
  git('add', '--all');
  git('commit', '--message', text);
}

beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'release-workflow-'));
  clone = path.join(scratch, 'clone');
  for (const name of ['clone', 'bin']) mkdirSync(path.join(scratch, name));
  for (const [name, text] of Object.entries(FAKES)) {
    writeFileSync(path.join(scratch, 'bin', name), `#!/bin/bash\n${text}\n`);
    chmodSync(path.join(scratch, 'bin', name), 0o755);
  }
  git('init', '--initial-branch=main');
  mkdirSync(path.join(clone, 'doctor'));
  const files = {
    'CHANGELOG.md': CHANGE_LOG,
    '.gitattributes': '/.* export-ignore\n/C* export-ignore\n',
    'action.yml': 'a',
    'doctor/action.yml': 'b',
    'package.json': '{}',
    LICENSE: 'c',
    'packaging/image/Dockerfile': 'd',
  };
  mkdirSync(path.join(clone, 'packaging/image'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(clone, name), text);
  commit('first');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** Replaces the expressions in a text. */
function expanded(text: string, tag: string, outputs: Record<string, string>): string {
  return text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => {
    const known: Record<string, string> = {
      ...{ 'github.token': 'token', 'github.ref_name': tag, 'vars.NPM_PACKAGE': 'acme-oci-wif' },
    };
    const [, output] = /^(?:steps|needs)\.\w+\.outputs\.([\w-]+)$/.exec(name) ?? [];
    const value = output === undefined ? known[name] : (outputs[output] ?? '');
    if (value === undefined) throw new Error(`unknown: ${name}`);
    return value;
  });
}

/** The outputs that a step has written, in both forms of the runner. */
function outputsIn(text: string): Record<string, string> {
  const long = [...text.matchAll(/^(\w+)<<(\w+)\n([\s\S]*?)\n\2$/gm)].map(([, name = '', , value = '']) => [
    name,
    value,
  ]);
  const short = [...text.matchAll(/^([\w-]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  return Object.fromEntries([...short, ...long]);
}

interface Run {
  failed?: string;
  outputs: Record<string, string>;
}

function runJob(job: JobName, tag: string, given: Record<string, string>, env = {}): Run {
  const outputs = { ...given };
  const file = path.join(scratch, 'output');
  const sha = git('rev-parse', 'HEAD');
  for (const step of workflow.jobs[job].steps.filter(({ run }) => run !== undefined)) {
    if (step.if !== undefined) {
      expect(step.if).toMatch(/^(steps\.newest|needs\.publish)\.outputs\.major != ''$/);
      if (!outputs['major']) continue;
    }
    writeFileSync(file, '');
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, expanded(text, tag, outputs)]);
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: path.join(clone, expanded(step['working-directory'] ?? '', tag, outputs)),
      env: {
        PATH: `${path.join(scratch, 'bin')}:${process.env['PATH']}`,
        CALLS: path.join(scratch, 'calls'),
        GITHUB_OUTPUT: file,
        GITHUB_REF_NAME: tag,
        GITHUB_SHA: sha,
        GITHUB_ACTOR: 'me',
        GITHUB_REPOSITORY_OWNER: 'Org',
        GH_REPO: 'org/repo',
        IMMUTABLE: 'true',
        NO_MAJOR_TAG: '0',
        ...env,
        ...Object.fromEntries(own),
      },
    });
    if (status !== 0) return { failed: step.run ?? '', outputs };
    Object.assign(outputs, outputsIn(readFileSync(file, 'utf8')));
  }
  return { outputs };
}

/** Runs the jobs up to `publish`, and then `after`, each in a clean checkout. Only outputs and the artifact of `command` pass. */
function release(tag: string, env = {}, commandEnv = {}, after: readonly JobName[] = []): Run {
  const sha = git('rev-parse', 'HEAD');
  const artifact = path.join(scratch, 'artifact');
  const clean = () => {
    git('checkout', '--force', '--detach', sha);
    git('clean', '-dffx');
  };
  const build = runJob('build', tag, {}, env);
  if (build.failed !== undefined) return build;
  clean();
  expect(runJob('command', tag, {}, commandEnv).failed).toBeUndefined();
  mkdirSync(artifact);
  for (const name of globSync('oci-wif-*.{mjs,tgz}', { cwd: clone }))
    renameSync(path.join(clone, name), path.join(artifact, name));
  const { digests = '', command = '' } = build.outputs;
  expect(Object.keys(workflow.jobs.build.outputs ?? {})).toEqual(['digests', 'command']);
  const needs = { digests, command };
  let last: Run = { outputs: needs };
  for (const job of ['publish', ...after] as const) {
    clean();
    cpSync(artifact, path.join(clone, 'command'), { recursive: true });
    last = runJob(job, tag, { ...needs, ...last.outputs }, env);
    if (last.failed !== undefined) return last;
  }
  return last;
}

const callsOf = (program: string) =>
  readFileSync(path.join(scratch, 'calls'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${program} `));
const ghCalls = () => callsOf('gh');

onLinux('the release workflow', () => {
  it('publishes a draft with all files, checks that it is immutable, and moves the major tag', () => {
    git('tag', '--annotate', '--message', 'x', 'v1.2.3');
    const { failed } = release('v1.2.3');
    expect(failed).toBeUndefined();
    const name = 'oci-wif-action-v1.2.3';
    expect(ghCalls()).toEqual([
      'gh api repos/org/repo/commits/tags/v1.2.3 --jq .sha',
      `gh release create v1.2.3 --draft --verify-tag --title v1.2.3 --notes-file notes.md ${name}.tar.gz ${name}.cdx.json oci-wif-1.2.3.mjs oci-wif-1.2.3.tgz SHA256SUMS`,
      'gh release edit v1.2.3 --draft=false',
      'gh api repos/org/repo/releases/tags/v1.2.3 --jq .immutable',
      `gh api --method PATCH repos/org/repo/git/refs/tags/v1 -f sha=${git('rev-parse', 'HEAD')} -F force=true`,
    ]);
    const made = (file: string) => readFileSync(path.join(clone, file), 'utf8');
    expect(made(`${name}/dist/main.js`)).toBe('first');
    expect(made('SHA256SUMS').match(/\S+$/gm)).toEqual([
      `${name}.tar.gz`,
      `${name}.cdx.json`,
      'oci-wif-1.2.3.mjs',
      'oci-wif-1.2.3.tgz',
    ]);
    expect(made('oci-wif-1.2.3.tgz')).toBe('packed for acme-oci-wif\n');
    expect(made('notes.md').trim()).toBe(notesFor(CHANGE_LOG, '1.2.3'));
  });

  it('attests the command, the archive, and every file of it that jobs run or read', () => {
    const attested = workflow.jobs.publish.steps.flatMap(
      ({ with: inputs }) => inputs?.['subject-path'] ?? [],
    );
    expect(attested).toHaveLength(2);
    for (const paths of attested)
      expect(paths.trim().split('\n')).toEqual([
        'oci-wif-*.mjs',
        'oci-wif-*.tgz',
        'oci-wif-action-*.tar.gz',
        ...['action.yml', 'doctor/action.yml', 'package.json', 'dist/*'].map(
          (file) => `oci-wif-action-*/${file}`,
        ),
      ]);
  });

  it('does not move the major tag when a newer version exists', () => {
    for (const tag of ['v1.9.1', 'v1.10.0', 'v2.0.0', 'v1']) git('tag', tag);
    expect(release('v1.9.1').failed).toBeUndefined();
    expect(ghCalls().filter((call) => call.includes('git/refs'))).toEqual([]);
  });

  it('moves the major tag when only a pre-release is newer', () => {
    for (const tag of ['v1.9.1', 'v1.10.0-rc.1']) git('tag', tag);
    expect(release('v1.9.1').failed).toBeUndefined();
    expect(ghCalls().at(-1)).toContain('git/refs/tags/v1');
  });

  it('stops before the build when the commit is not on main', () => {
    commit('second');
    expect(release('v1.0.0').failed).toContain('merge-base');
    expect(existsSync(path.join(scratch, 'calls'))).toBe(false);
  });

  it.each([
    ['another text', 'echo another >dist/main.js'],
    ['a changed file beside dist/', 'echo another >action.yml'],
  ])('publishes nothing when the first job has built %s', (_, BUILD) => {
    git('tag', 'v1.0.0');
    expect(release('v1.0.0', { BUILD }).failed).toContain('diff');
    expect(ghCalls()).toEqual([]);
  });

  it.each([
    ['`command`', {}, { PACK: ' by another' }],
    ['`build`', { PACK: ' by another' }, {}],
  ])('publishes nothing when the job %s has packed another command', (_, env, commandEnv) => {
    git('tag', 'v1.0.0');
    expect(release('v1.0.0', env, commandEnv).failed).toContain('sha256sum --check');
    expect(ghCalls()).toEqual([]);
  });

  it('publishes the tagged commit when the first job has committed something else', () => {
    git('tag', 'v1.0.0');
    const who = '-c user.name=x -c user.email=x@example.com -c commit.gpgsign=false';
    const BUILD = `echo evil >evil.js && git add evil.js && git ${who} commit -qm evil && git tag -f v1.0.0`;
    expect(release('v1.0.0', { BUILD }).failed).toBeUndefined();
    expect(existsSync(path.join(clone, 'oci-wif-action-v1.0.0/dist/main.js'))).toBe(true);
    expect(existsSync(path.join(clone, 'oci-wif-action-v1.0.0/evil.js'))).toBe(false);
  });

  it('publishes nothing when the tag has moved since the event', () => {
    git('tag', 'v1.0.0');
    expect(release('v1.0.0', { TAGGED: '0'.repeat(40) }).failed).toContain('The tag has moved');
    expect(ghCalls().filter((call) => call.startsWith('gh release'))).toEqual([]);
  });

  it('does not move the major tag when the release is not immutable', () => {
    git('tag', 'v1.0.0');
    expect(release('v1.0.0', { IMMUTABLE: 'false' }).failed).toContain('immutable');
    expect(ghCalls().at(-1)).toContain('.immutable');
  });
});

onLinux('the registries', () => {
  it.each([
    ['latest for the newest version', 'v1.10.0', 'latest'],
    ['older for a fix of an older version', 'v1.9.1', 'older'],
  ])('of npm gets the package of the release, with the dist-tag %s', (_, tag, npmTag) => {
    for (const one of ['v1.9.1', 'v1.10.0']) git('tag', one);
    expect(release(tag, {}, {}, ['npm']).failed).toBeUndefined();
    expect(callsOf('npm').at(-1)).toBe(
      `npm publish ./oci-wif-${tag.slice(1)}.tgz --ignore-scripts --provenance --access public --tag ${npmTag}`,
    );
  });

  it('get nothing before the job `publish` ends, and npm only if NPM_PACKAGE is set', () => {
    expect(workflow.jobs.npm.if).toBe("vars.NPM_PACKAGE != ''");
    for (const job of ['npm', 'image'] as const)
      expect(workflow.jobs[job].needs).toEqual(['build', 'publish']);
  });

  it.each(['npm', 'image'] as const)('get nothing when the job `%s` receives a changed file', (job) => {
    git('tag', 'v1.0.0');
    const { outputs } = release('v1.0.0');
    writeFileSync(path.join(scratch, 'artifact/oci-wif-1.0.0.mjs'), 'another');
    rmSync(path.join(clone, 'command'), { recursive: true });
    cpSync(path.join(scratch, 'artifact'), path.join(clone, 'command'), { recursive: true });
    expect(runJob(job, 'v1.0.0', outputs).failed).toContain('sha256sum --check');
    expect(callsOf('docker')).toEqual([]);
    expect(callsOf('npm').filter((call) => call.includes('publish'))).toEqual([]);
  });

  it.each([
    ['and moves the major tag of the newest version', 'v1.10.0', ['1.10.0', '1']],
    ['and no major tag for a fix of an older version', 'v1.9.1', ['1.9.1']],
  ])('of GitHub gets one image for two architectures, %s', (_, tag, tags) => {
    for (const one of ['v1.9.1', 'v1.10.0']) git('tag', one);
    const { failed, outputs } = release(tag, {}, {}, ['image']);
    expect(failed).toBeUndefined();
    const image = 'ghcr.io/org/oci-wif';
    expect(outputs).toMatchObject({ name: image, digest: 'sha256:digest' });
    const pushed = callsOf('docker').filter((call) => call.startsWith('docker push'));
    const version = tag.slice(1);
    expect(pushed).toEqual(['amd64', 'arm64'].map((one) => `docker push ${image}:${version}-${one}`));
    const created = callsOf('docker').flatMap((call) => / create --tag \S+:(\S+) /.exec(call)?.[1] ?? []);
    expect(created).toEqual(tags);
    const calls = readFileSync(path.join(scratch, 'calls'), 'utf8');
    expect(calls).toContain('bundled\npackaging/image/Dockerfile\n\ncontext:\nLICENSE\noci-wif.mjs\n');
  });

  it('of GitHub gets the attestation of the image with the digest of the index', () => {
    const attested = workflow.jobs.image.steps.find(({ with: inputs }) => inputs?.['subject-name']);
    const given = Object.entries(attested?.with ?? {}).map(([name, value]) => [
      name,
      expanded(String(value), '', { name: 'image', digest: 'sha256:x' }),
    ]);
    expect(Object.fromEntries(given)).toEqual({
      'subject-name': 'image',
      'subject-digest': 'sha256:x',
      'push-to-registry': 'true',
    });
  });
});

onLinux('the list of packages of the release', () => {
  it('has every package that dist/ contains, without an installation', () => {
    const scripts = workflow.jobs.publish.steps.map(({ run = '' }) => run).join('\n');
    const [command = ''] = /npm sbom [^>]*/.exec(scripts) ?? [];
    for (const name of ['package.json', 'package-lock.json'])
      writeFileSync(path.join(clone, name), read(name));
    // With `--omit=dev`, npm leaves out packages that a development package needs, too.
    const text = execFileSync('bash', ['-c', command], { cwd: clone, encoding: 'utf8', maxBuffer: 1 << 28 });
    const { components } = JSON.parse(text) as { components: { 'bom-ref': string }[] };
    const bundled = [...read('dist/THIRD-PARTY-NOTICES.txt').matchAll(/^(\S+) (\d+\.\d+\.\d+) \(.*\)$/gm)];
    expect(bundled.length).toBeGreaterThan(5);
    expect(components.map((one) => one['bom-ref'])).toEqual(
      expect.arrayContaining(bundled.map(([, name, version]) => `${name}@${version}`)),
    );
  });
});

onLinux('the commands of SECURITY.md', () => {
  it('verify every file of a release that jobs run or read, and name each one that is not attested', () => {
    const scripts = blocksIn(read('SECURITY.md'), 'sh');
    const script = scripts.find((text) => text.includes('attestation verify')) ?? '';
    const gh = `#!/bin/bash\necho "$*" >>"$CALLS"\n[ "$3" != dist/main.js ]\n`;
    writeFileSync(path.join(scratch, 'bin/gh'), gh);
    const calls = path.join(scratch, 'calls');
    const { stdout, status } = spawnSync('bash', ['-c', script], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${path.join(scratch, 'bin')}:${process.env['PATH']}`, CALLS: calls },
    });
    expect([stdout, status]).toEqual(['NOT ATTESTED: dist/main.js\n', 1]);
    const verified = readFileSync(calls, 'utf8').trim().split('\n');
    for (const call of verified)
      expect(call).toMatch(/^attestation verify .*\/release\.yml --source-ref refs\/tags\/v/);
    writeFileSync(path.join(scratch, 'bin/gh'), '#!/bin/bash\n');
    const whole = spawnSync('bash', ['-c', script], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${path.join(scratch, 'bin')}:${process.env['PATH']}` },
    });
    expect([whole.stdout, whole.status]).toEqual(['Every file that a job runs is attested.\n', 0]);
    const archive = execFileSync('git', ['archive', '--format=tar', 'HEAD'], {
      cwd: root,
      maxBuffer: 1 << 28,
    });
    const names = filesOf(archive).map(({ name }) => name);
    const run = names.filter((name) => name !== 'LICENSE');
    expect(verified.map((call) => call.split(' ')[2]).toSorted()).toEqual(run.toSorted());
  });
});

onLinux('the commands of docs/command.md', () => {
  it('verify digest and attestation of the script and of the package', () => {
    const script =
      blocksIn(read('docs/command.md'), 'sh').find((text) => text.includes('release download')) ?? '';
    const files = ['oci-wif-1.0.0.mjs', 'oci-wif-1.0.0.tgz'];
    const gh = `#!/bin/bash\necho "$*" >>"$CALLS"
if [ "$2" = download ]; then for one in ${files.join(' ')}; do echo "$one" >"$one"; done; sha256sum oci-wif-1.* >SHA256SUMS; fi\n`;
    writeFileSync(path.join(scratch, 'bin/gh'), gh);
    const folder = path.join(scratch, 'download');
    mkdirSync(folder);
    const { stdout, status } = spawnSync('bash', ['-ec', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${path.join(scratch, 'bin')}:${process.env['PATH']}`,
        CALLS: path.join(scratch, 'calls'),
      },
    });
    expect([stdout, status]).toEqual([files.map((name) => `${name}: OK\n`).join(''), 0]);
    const [download = '', ...verified] = readFileSync(path.join(scratch, 'calls'), 'utf8').trim().split('\n');
    const pattern =
      /--pattern (oci-wif-\S+)/.exec(download)?.[1]?.replaceAll('.', '\\.').replace('*', '.*') ?? '';
    for (const name of files) expect(name).toMatch(new RegExp(`^${pattern}$`));
    expect('oci-wif-action-v1.0.0.tar.gz').not.toMatch(new RegExp(`^${pattern}$`));
    expect(verified.map((call) => call.split(' ')[2])).toEqual(files);
    for (const call of verified)
      expect(call).toMatch(/^attestation verify .*\/release\.yml --source-ref refs\/tags\/v1\.0\.0$/);
  });
});
