// Directories that others can change, and a process that no signal ends.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeAsRoot, itWithModes } from '../../unit/systems-with.ts';
import { MAIN, startExecJob, startProgram } from './exec-job.ts';

const job = await startExecJob();
const { emulator, exec } = job;

const NAME = 'oci-wif-action-0123456789abcdef';
const SHOW = ['--', 'sh', '-c', 'echo $OCI_WIF_SESSION'];
const GONE = JSON.stringify({
  pid: 4711,
  process: { pid: 4711, startTime: '1', bootId: 'another', pidNamespace: 'another' },
});

function makeDirectory(name: string, mode = 0o700): string {
  const directory = path.join(job.temp(), name);
  mkdirSync(directory);
  chmodSync(directory, mode);
  return directory;
}

const makeOld = (file: string) => utimesSync(file, 0, 0);

describe('the directory of the sessions', () => {
  itWithModes('is not XDG_RUNTIME_DIR if others can write there', async () => {
    const open = makeDirectory('open', 0o777);
    const { stdout } = await exec(SHOW, { env: { XDG_RUNTIME_DIR: open } });
    rmSync(open, { recursive: true });
    expect(path.dirname(String(stdout))).toBe(job.temp());
  });

  itWithModes('is refused if others can replace what is in it, and nothing in it is removed', async () => {
    const open = makeDirectory('open', 0o777);
    const directory = makeDirectory(`open/${NAME}`);
    makeOld(directory);
    const before = emulator.journal.length;
    const { exitCode, stderr } = await exec(['--', 'true'], { env: { TMPDIR: open } });
    const left = readdirSync(open);
    rmSync(open, { recursive: true });
    expect([exitCode, left, emulator.journal.length - before]).toEqual([125, [NAME], 0]);
    expect(stderr).toContain('PATH_UNSAFE');
    expect(stderr).toContain('Set TMPDIR to a directory of this user.');
  });
});

describeAsRoot('the directory of the sessions', () => {
  it('is not XDG_RUNTIME_DIR of another user, as after `sudo`', async () => {
    const other = makeDirectory('other');
    chownSync(other, 65_534, 65_534);
    const { stdout } = await exec(SHOW, { env: { XDG_RUNTIME_DIR: other } });
    rmSync(other, { recursive: true });
    expect(path.dirname(String(stdout))).toBe(job.temp());
  });
});

it('the age of a session is not that of files that its links lead to', async () => {
  const target = path.join(job.home(), 'target');
  mkdirSync(target);
  writeFileSync(path.join(target, 'new'), '');
  symlinkSync(target, path.join(target, 'loop'));
  const directory = makeDirectory(NAME);
  symlinkSync(target, path.join(directory, 'link'));
  writeFileSync(path.join(directory, 'owner.json'), GONE);
  for (const name of ['owner.json', '']) makeOld(path.join(directory, name));
  await startProgram(['touch', '-h', '-d', '@0', path.join(directory, 'link'), directory], job.env()).end;
  makeOld(directory);
  await exec(['--', 'true']);
  const left = readdirSync(target).toSorted();
  rmSync(target, { recursive: true });
  expect([left, job.sessions()]).toEqual([['loop', 'new'], []]);
});

const asFirstProcess = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
const { endedBy, exitCode: canUnshare } = await startProgram([...asFirstProcess, 'true'], {
  PATH: String(process.env['PATH']),
}).end.catch(() => ({ endedBy: null, exitCode: 1 }));
const itAsFirstProcess = endedBy === null && canUnshare === 0 ? it : it.skip;

itAsFirstProcess(
  'SIGTERM during the login ends exec as the first process of a container, and its command is not started',
  async () => {
    const file = path.join(job.home(), 'started');
    const preload = path.join(job.temp(), 'preload.mjs');
    // The response of the domain follows at once.
    writeFileSync(
      preload,
      `const https = process.getBuiltinModule('node:https');
      const { request } = https;
      let count = 0;
      https.request = (...args) => {
        count += 1;
        if (count === 2) process.kill(process.pid, 'SIGTERM');
        return request(...args);
      };
      process.getBuiltinModule('node:module').syncBuiltinESMExports();`,
    );
    const command = [...asFirstProcess, process.execPath, '--import', preload, MAIN, 'exec'];
    const { exitCode, stderr } = await startProgram([...command, '--', 'touch', file], job.env()).end;
    const wasStarted = existsSync(file);
    for (const one of [file, preload]) rmSync(one, { force: true });
    expect([exitCode, wasStarted, stderr.match(/^error: \w+/gm)]).toEqual([
      143,
      false,
      ['error: INTERRUPTED'],
    ]);
  },
);

itWithModes(
  'a program that outlives its session reads no session that others have put in its place',
  async () => {
    const planted = makeDirectory(NAME, 0o777);
    writeFileSync(path.join(planted, 'state.json'), '{}');
    const env = { OCI_WIF_SESSION: planted };
    const program = [process.execPath, MAIN, 'docker-credential', 'get'];
    const { exitCode, stdout } = await startProgram(program, job.env(), { env }).end;
    rmSync(planted, { recursive: true });
    expect([exitCode, String(stdout)]).toEqual([
      1,
      expect.stringContaining('or other users have access to it'),
    ]);
  },
);
