// Runs the shell scripts of release.yml in a repository of its own: nobody sees them run before a release. npm and gh are fakes
// that record their arguments; the test copies the files that the artifact actions would transfer.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  id?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
}

const file = path.join(import.meta.dirname, '../../.github/workflows/release.yml');
const workflow = parse(readFileSync(file, 'utf8')) as {
  jobs: Record<'build' | 'publish', { steps: Step[]; outputs?: Record<string, string> }>;
};
// The jobs run on Linux only.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

const FAKES = {
  npm: `echo "npm $*" >>"$CALLS"
case "$*" in
  sbom*) echo '{"bomFormat":"CycloneDX"}' ;;
  *release:check*) for last; do :; done; echo 'What is new.' >"$last" ;;
esac`,
  gh: `echo "gh $*" >>"$CALLS"
case "$*" in
  *.immutable) echo "$IMMUTABLE" ;;
  *PATCH*) exit "$NO_MAJOR_TAG" ;;
esac`,
};

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
  mkdirSync(path.join(clone, 'dist'), { recursive: true });
  writeFileSync(path.join(clone, 'dist/main.js'), text);
  git('add', '--all');
  git('commit', '--message', text);
}

beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'release-workflow-'));
  clone = path.join(scratch, 'clone');
  for (const name of ['clone', 'bin', 'temp', 'download']) mkdirSync(path.join(scratch, name));
  for (const [name, text] of Object.entries(FAKES)) {
    writeFileSync(path.join(scratch, 'bin', name), `#!/bin/bash\n${text}\n`);
    chmodSync(path.join(scratch, 'bin', name), 0o755);
  }
  git('init', '--initial-branch=main');
  commit('first');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** Replaces the expressions in a text. */
function expanded(text: string, outputs: Record<string, string>): string {
  return text.replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
    if (name === 'runner.temp') return path.join(scratch, 'temp');
    const [, output] = /^(?:steps|needs)\.\w+\.outputs\.(\w+)$/.exec(name) ?? [];
    if (output === undefined) throw new Error(`unknown: ${name}`);
    return outputs[output] ?? '';
  });
}

interface Run {
  failed?: string;
  outputs: Record<string, string>;
}

function runJob(job: 'build' | 'publish', tag: string, given: Record<string, string>, env = {}): Run {
  const outputs = { ...given };
  const file = path.join(scratch, 'output');
  const cwd = job === 'build' ? clone : path.join(scratch, 'download');
  for (const step of workflow.jobs[job].steps.filter(({ run }) => run !== undefined)) {
    if (step.if !== undefined) {
      expect(step.if).toBe("needs.build.outputs.major != ''");
      if (!outputs['major']) continue;
    }
    writeFileSync(file, '');
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, expanded(text, outputs)]);
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd,
      env: {
        PATH: `${path.join(scratch, 'bin')}:${process.env['PATH']}`,
        CALLS: path.join(scratch, 'calls'),
        GITHUB_OUTPUT: file,
        GITHUB_REF_NAME: tag,
        GH_REPO: 'org/repo',
        IMMUTABLE: 'true',
        NO_MAJOR_TAG: '0',
        ...env,
        ...Object.fromEntries(own),
      },
    });
    if (status !== 0) return { failed: step.run ?? '', outputs };
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const [name = '', value = ''] = line.split('=');
      // The output of the job can have another name than that of the step.
      const ofJob = Object.entries(workflow.jobs.build.outputs ?? {});
      const as = ofJob.find(([, from]) => from.includes(`steps.${step.id}.outputs.${name} `))?.[0];
      outputs[as ?? name] = value;
    }
  }
  return { outputs };
}

function release(tag: string, env = {}, tamper = () => {}): Run {
  const build = runJob('build', tag, {}, env);
  if (build.failed !== undefined) return build;
  execFileSync('cp', ['-r', `${path.join(scratch, 'temp/release')}/.`, path.join(scratch, 'download')]);
  tamper();
  return runJob('publish', tag, build.outputs, env);
}

const ghCalls = () =>
  readFileSync(path.join(scratch, 'calls'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('gh '));

onLinux('the release workflow', () => {
  it('publishes a draft with all files, checks that it is immutable, and moves the major tag', () => {
    git('tag', '--annotate', '--message', 'x', 'v1.2.3');
    const { failed, outputs } = release('v1.2.3');
    expect(failed).toBeUndefined();
    expect(outputs).toEqual({ commit: git('rev-parse', 'HEAD'), major: 'v1' });
    const name = 'oci-wif-action-v1.2.3';
    expect(ghCalls()).toEqual([
      `gh release create v1.2.3 --draft --verify-tag --title v1.2.3 --notes-file notes.md ${name}.tar.gz ${name}.cdx.json SHA256SUMS`,
      'gh release edit v1.2.3 --draft=false',
      'gh api repos/org/repo/releases/tags/v1.2.3 --jq .immutable',
      `gh api --method PATCH repos/org/repo/git/refs/tags/v1 -f sha=${outputs['commit']} -F force=true`,
    ]);
    expect(readFileSync(path.join(scratch, 'download', name, 'dist/main.js'), 'utf8')).toBe('first');
    expect(readdirSync(path.join(scratch, 'download')).toSorted()).toEqual([
      'SHA256SUMS',
      'notes.md',
      name,
      `${name}.cdx.json`,
      `${name}.tar.gz`,
    ]);
  });

  it('does not move the major tag when a newer version exists', () => {
    for (const tag of ['v1.9.1', 'v1.10.0', 'v2.0.0', 'v1']) git('tag', tag);
    expect(release('v1.9.1').failed).toBeUndefined();
    expect(ghCalls().filter((call) => call.includes('git/refs'))).toEqual([]);
  });

  it('stops before the build when the commit is not on main', () => {
    commit('second');
    expect(release('v1.0.0').failed).toContain('merge-base');
    expect(readdirSync(scratch)).not.toContain('calls');
  });

  it('publishes nothing when the files are not those that were built', () => {
    git('tag', 'v1.0.0');
    const archive = path.join(scratch, 'download/oci-wif-action-v1.0.0.tar.gz');
    const { failed } = release('v1.0.0', {}, () => writeFileSync(archive, 'another'));
    expect(failed).toContain('sha256sum --check');
    expect(ghCalls()).toEqual([]);
  });

  it('does not move the major tag when the release is not immutable', () => {
    git('tag', 'v1.0.0');
    expect(release('v1.0.0', { IMMUTABLE: 'false' }).failed).toContain('immutable');
    expect(ghCalls().at(-1)).toContain('.immutable');
  });
});
