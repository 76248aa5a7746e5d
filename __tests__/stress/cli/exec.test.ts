// `oci-wif exec` with every exit code, many times at once, past three sessions, killed at every call, and on disks that become full.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { contentOf, leaksIn, startExecJob, startProgram } from '../../cli/exec/exec-job.ts';
import { pack, SCRIPT } from '../../cli/packed.ts';
import { describeAsRoot } from '../../unit/systems-with.ts';
import { type Call, openFaultHook, type Plan } from '../crashes/fault-hook.ts';
import { figure } from '../figures.ts';
import { describeCrash } from './crash-plans.ts';

const SUITE = 'exec';
const SECONDS = 4;
/** The program of a release: it starts faster than its sources. */
const release = mkdtempSync(path.join(tmpdir(), 'pack-'));
pack(release);
afterAll(() => rmSync(release, { recursive: true }));

const program = path.join(release, SCRIPT);
const world = { upstLifetimeSeconds: SECONDS, githubJwtLifetimeSeconds: 60 };
const job = await startExecJob(world, { program });
const { emulator, exec, sessions } = job;

describe('exec', () => {
  it('ends with every exit code of its command', async () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const left = [...codes];
    const seen: (number | null)[] = [];
    const worker = async () => {
      for (let code = left.pop(); code !== undefined; code = left.pop()) {
        const { exitCode } = await exec(['--refresh', 'false', '--', 'sh', '-c', `exit ${code}`]);
        expect([code, exitCode]).toEqual([code, code]);
        seen.push(exitCode);
      }
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(codes);
  });

  it('runs 20 times at once, and no run disturbs another', async () => {
    const command = ['--', 'sh', '-c', 'test -s "$OCI_CONFIG_FILE" && echo $OCI_WIF_SESSION'];
    const ends = await Promise.all(Array.from({ length: 20 }, () => exec(command)));
    expect(new Set(ends.map(({ stdout }) => String(stdout))).size).toBe(20);
    const disturbances = ends.filter((one) => one.exitCode !== 0 || /warning:|Removed /.test(one.stderr));
    expect(disturbances).toEqual([]);
  });

  it('renews the session with the same key for longer than three sessions last', async () => {
    const since = Date.now();
    const { exitCode, stdout, stderr } = await exec(['--', 'sh', '-c', watcher(7)]);
    expect([exitCode, stderr.includes('warning')]).toEqual([0, false]);
    expect(Date.now() - since).toBeGreaterThan(3 * SECONDS * 1000);
    const lines = String(stdout).trim().split('\n');
    const distinct = (start: string) => new Set(lines.filter((line) => line.startsWith(start))).size;
    expect([distinct('token'), distinct('key')]).toEqual([7, 1]);
  });
});

/** Prints the key with each new token, until there were `count` tokens. */
const watcher = (count: number) => `
  cd "$OCI_WIF_SESSION/.oci/sessions/DEFAULT"; n=0
  while [ $n -lt ${count} ]; do
    now=$(cksum < token)
    if [ "$now" != "$last" ]; then last=$now; n=$((n + 1)); echo token $now; echo key $(cksum < oci_api_key.pem); fi
    sleep 0.05
  done`;

/** Makes the directory look as if a login had begun in it two hours ago. */
function age(directory: string): void {
  const time = Date.now() / 1000 - 2 * 3600;
  for (const name of readdirSync(directory)) utimesSync(path.join(directory, name), time, time);
  utimesSync(directory, time, time);
}

async function run(plan: Plan = {}): Promise<Call[]> {
  const hook = openFaultHook(plan);
  await exec(['--', 'true'], { env: hook.env });
  return hook.read().calls;
}

describe('an exec that is killed', () => {
  it('at any call leaves nothing after the next one, and no secret that the next one does not remove', async () => {
    const calls = await run();
    expect(sessions()).toEqual([]);
    for (const { n: at, call } of calls) {
      const plans: Plan[] = call === 'writeSync' ? [{ at }, { at, when: 'partial' }] : [{ at }];
      for (const plan of plans) {
        await run(plan);
        const crash = describeCrash(plan, calls);
        for (const directory of sessions().map((name) => path.join(job.temp(), name))) {
          if (existsSync(path.join(directory, 'owner.json'))) continue;
          expect([crash, leaksIn(emulator, contentOf(directory))]).toEqual([crash, []]);
          age(directory);
        }
        const { exitCode } = await exec(['--', 'true']);
        expect([crash, exitCode, sessions()]).toEqual([crash, 0, []]);
      }
    }
    figure(SUITE, 'calls at which exec was killed', calls.length);
  });
});

const mounts: string[] = [];
afterEach(() => {
  for (const directory of mounts.splice(0)) {
    spawnSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true, force: true });
  }
});

function smallDisk(options: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=0700`, 'tmpfs', directory]);
  if (status !== 0) throw new Error('tmpfs cannot be mounted');
  mounts.push(directory);
  return directory;
}

describeAsRoot('as the first process of a container, which no signal of its own ends', () => {
  it.each([
    ['TERM', 143],
    ['KILL', 137],
  ])('exec shows that SIG%s ended its command', async (signal, code) => {
    const container = ['unshare', '--pid', '--fork', '--mount-proc', process.execPath, program];
    const command = ['exec', '--', 'sh', '-c', `kill -${signal} $$`];
    const { exitCode } = await startProgram([...container, ...command], job.env()).end;
    expect(exitCode).toBe(code);
  });
});

describeAsRoot('a disk', () => {
  it.each(['nr_blocks', 'nr_inodes'])(
    'with too few %s ends exec with 125, and nothing is left',
    async (limit) => {
      let [size, code] = [2, 125 as number | null];
      for (; code !== 0; size += 1) {
        const disk = smallDisk(`${limit}=${size}`);
        const { exitCode, stderr } = await exec(['--', 'true'], { env: { TMPDIR: disk } });
        expect([0, 125]).toContain(exitCode);
        if (exitCode === 125) expect(stderr).toMatch(/error: FILES_NOT_WRITABLE: .*ENOSPC/);
        expect([size, readdirSync(disk)]).toEqual([size, []]);
        code = exitCode;
      }
      figure(SUITE, `${limit} that a session needs`, size - 1);
      expect(size).toBeGreaterThan(6);
    },
  );

  it('that the command fills makes a renewal fail; the command continues, and the session is removed', async () => {
    const disk = smallDisk('size=1m');
    const script = `dd if=/dev/zero of="$TMPDIR/ballast" bs=4k 2> /dev/null; sleep ${SECONDS + 2}; rm "$TMPDIR/ballast"; exit 5`;
    const { exitCode, stderr } = await exec(['--', 'sh', '-c', script], { env: { TMPDIR: disk } });
    expect([exitCode, readdirSync(disk)]).toEqual([5, []]);
    expect(stderr).toMatch(/warning: Could not renew the OCI session token .*ENOSPC/);
  });

  it('that is read-only ends exec with 125', async () => {
    const disk = smallDisk('size=1m,ro');
    const { exitCode, stderr } = await exec(['--', 'true'], { env: { TMPDIR: disk } });
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/error: FILES_NOT_WRITABLE: .*EROFS/);
  });
});
