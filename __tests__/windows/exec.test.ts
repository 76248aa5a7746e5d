// `oci-wif exec` on Windows: exit codes, programs by PATHEXT, batch files.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { untilEnd } from '../../emulator/runner/ended.ts';
import { startEmulator } from '../../emulator/server/start.ts';
import { jobVariables, leaksIn, MAIN } from '../cli/exec/exec-job.ts';
import { nodeProgram, onWindows, windowsNode } from './wine.ts';

const emulator = await startEmulator();
const root = mkdtempSync(path.join(tmpdir(), 'exec-'));
const [home, temp, tools] = ['home', 'temp', 'tools'].map((name) => path.join(root, name));

beforeEach(() => {
  for (const directory of [home, temp, tools]) {
    rmSync(String(directory), { recursive: true, force: true });
    mkdirSync(String(directory));
  }
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await emulator.close();
});

async function exec(args: readonly string[], changes: Record<string, string> = {}) {
  const { PATH: _, ...variables } = jobVariables(emulator);
  const own = { USERPROFILE: String(home), TEMP: String(temp), TMP: String(temp), RUNNER_TRACKING_ID: root };
  const { file, args: all, env } = windowsNode([MAIN, 'exec', ...args], { ...variables, ...own, ...changes });
  const ended = await untilEnd(spawn(file, all, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  expect(leaksIn(emulator, ended.stderr)).toEqual([]);
  return { ...ended, left: readdirSync(String(temp)) };
}

const SHOW = 'process.stdout.write(JSON.stringify(process.argv.slice(2)))';

/** A batch file that passes its arguments on, as those of npm do. */
function writeBatchFile(name: string): string {
  const [script, batch] = [path.join(String(tools), 'show.js'), path.join(String(tools), name)];
  writeFileSync(script, SHOW);
  writeFileSync(batch, `@echo off\r\n"${onWindows(nodeProgram())}" "${onWindows(script)}" %*\r\n`);
  return batch;
}

describe('exec on Windows', () => {
  it.each([0, 7, 255, 3_221_225_477])('ends with %i, as its command', async (code) => {
    const { exitCode, stdout, left } = await exec(['--', nodeProgram(), '-e', `process.exit(${code})`]);
    expect([exitCode, stdout, left]).toEqual([code % 256, '', []]); // Wine keeps eight bits
  });

  it('runs its command with the files of the session', async () => {
    const code =
      'fs.readFileSync(process.env.OCI_CONFIG_FILE); console.log(process.env.OCI_WIF_SESSION, process.env.OCI_CLIENT_SECRET)';
    const { exitCode, stdout, left } = await exec(['--', nodeProgram(), '-e', code]);
    expect([exitCode, left]).toEqual([0, []]);
    expect(stdout.trim()).toMatch(/^Z:\\.*\\oci-wif-action-[0-9a-f]{16} undefined$/);
  });

  it('finds a batch file by PATHEXT, and passes arguments on that mean something to cmd.exe', async () => {
    writeBatchFile('show.cmd');
    const words = ['a b', 'x&exit 9', 'p|q', '<in>', '^(caret)', 'say "no"', 'tail\\', ''];
    const { exitCode, stdout } = await exec(['--', 'show', ...words], {
      Path: `${tools};C:\\windows\\system32`,
    });
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, words]);
  });

  it('ends with the exit code of a batch file', async () => {
    const batch = path.join(String(tools), 'fail.bat');
    writeFileSync(batch, '@exit /b 5\r\n');
    expect((await exec(['--', batch])).exitCode).toBe(5);
  });

  it.each([
    ['127 when the command does not exist', 'none-such', 127, 'COMMAND_NOT_FOUND'],
    ['126 when the command is a directory', String(temp), 126, 'COMMAND_NOT_EXECUTABLE'],
  ])('ends with %s', async (_title, command, code, text) => {
    const { exitCode, stderr } = await exec(['--', command]);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(`error: ${text}`);
  });
});
