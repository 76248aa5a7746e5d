import { spawn } from 'node:child_process';
import fs, { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createBackground } from '../../../src/node/processes.ts';
import { thisSystem } from '../../../src/node/system.ts';
import { Secret } from '../../../src/secret.ts';
import { until } from '../../e2e/refresher.ts';
import { itWithProcfs, itWithSignals } from '../systems-with.ts';

let directory: string;
const started: number[] = [];
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'background-'));
});
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended
    }
  }
  rmSync(directory, { recursive: true, maxRetries: 10 }); // Windows closes files some time after the end
});

const READY = "require('fs').writeSync(3, 'ready');";
const STAY = 'setInterval(() => {}, 1000);';

function commandFor(code: string) {
  const script = path.join(directory, 'script.cjs');
  writeFileSync(script, code);
  return {
    program: [script],
    mark: 'mark-4711',
    log: path.join(directory, 'log'),
    instructions: new Secret('do it'),
  };
}

async function start(code: string, environment: NodeJS.ProcessEnv = {}) {
  const pid = await createBackground(environment).start(commandFor(code));
  started.push(pid);
  return pid;
}

/** Variables of every process on macOS and under Wine, and those that libuv adds on Windows. */
const ADDED_BY_SYSTEM =
  /^(__CF_USER_TEXT_ENCODING|HOME(DRIVE|PATH)|LOGONSERVER|SYSTEM(DRIVE|ROOT)|TEMP|USER(DOMAIN|NAME|PROFILE)|WINDIR|WINE\w+)$/i;

/** Identifies a process on Windows only. */
const logFile = '';

describe('createBackground', () => {
  it('passes instructions through a pipe, and only the listed environment variables', async () => {
    const show =
      "console.log(JSON.stringify([process.argv.slice(2), require('fs').readFileSync(0,'utf8'), process.env, process.cwd()]));";
    const passed = {
      PATH: '/bin',
      RUNNER_TRACKING_ID: 'github_1',
      VSTS_PROCESS_LOOKUP_ID: 'vsts_1',
      JENKINS_NODE_COOKIE: 'c',
      BUILD_ID: '7',
      https_proxy: 'http://p',
      NODE_EXTRA_CA_CERTS: '/dev/null',
    };
    const environment = {
      ...passed,
      NODE_OPTIONS: '--import=/none',
      'INPUT_CLIENT-SECRET': 's',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
      ACTIONS_RUNTIME_TOKEN: 's',
      GITHUB_TOKEN: 's',
      OCI_CLI_PROFILE: 'P',
    };
    const pid = await start(show + READY, environment);
    const log = () => readFileSync(path.join(directory, 'log'), 'utf8');
    await until(() => log().endsWith('\n'));
    const [args, input, env, cwd] = JSON.parse(log()) as [string[], string, Record<string, string>, string];
    expect([args, input, cwd]).toEqual([['mark-4711'], 'do it', path.parse(directory).root]);
    for (const name of Object.keys(env)) if (ADDED_BY_SYSTEM.test(name)) delete env[name];
    expect(env).toEqual(passed);
    expect(pid).toBeGreaterThan(1);
  });

  it.each([
    ['ends at once', 'process.exit(3)', /ended immediately \(exit code 3\)/],
    [
      'is killed at once',
      "process.kill(process.pid, 'SIGKILL')",
      /ended immediately \((SIGKILL|exit code 1)\)/, // Windows has no signals
    ],
  ])('returns REFRESHER_NOT_STARTED when the process %s', async (_what, code, text) => {
    const failure = createBackground({}).start(commandFor(code));
    await expect(failure).rejects.toMatchObject({
      code: 'REFRESHER_NOT_STARTED',
      message: expect.stringMatching(text),
    });
  });

  it('returns REFRESHER_NOT_STARTED when the executable does not exist', async () => {
    const failure = createBackground({}, { executable: path.join(directory, 'none') }).start(commandFor(''));
    await expect(failure).rejects.toMatchObject({ code: 'REFRESHER_NOT_STARTED' });
  });

  it('returns PATH_UNSAFE when the log file exists', async () => {
    const command = commandFor(READY + STAY);
    writeFileSync(command.log, 'theirs');
    await expect(createBackground({}).start(command)).rejects.toMatchObject({ code: 'PATH_UNSAFE' });
    expect(readFileSync(command.log, 'utf8')).toBe('theirs');
  });

  const platforms = process.platform === 'linux' ? (['linux', 'darwin'] as const) : [process.platform];
  itWithSignals.each(platforms)('identifies the process by its arguments on %s', async (platform) => {
    const background = createBackground({}, { system: { ...thisSystem, platform } });
    const pid = await start(READY + STAY);
    expect(background.isRunning(pid, 'mark-4711', logFile)).toBe(true);
    expect(background.isRunning(pid, 'mark-4712', logFile)).toBe(false);
    expect(background.signal(pid, 'mark-4712', logFile, 'SIGKILL')).toBe(false);
    expect(background.signal(process.pid, 'mark-4711', logFile, 'SIGKILL')).toBe(false);
    expect(background.isRunning(pid, 'mark-4711', logFile)).toBe(true);
    expect(background.signal(pid, 'mark-4711', logFile, 'SIGKILL')).toBe(true);
    await until(() => !background.isRunning(pid, 'mark-4711', logFile));
    expect(background.isRunning(2 ** 30, 'mark-4711', logFile)).toBe(false);
  });

  const noProcfs = () => {
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  };
  it('sends no signal to a process that it cannot identify because there is no /proc', async () => {
    const changes = {
      platform: 'linux',
      fs: { ...fs, readFileSync: noProcfs } as unknown as typeof fs,
    } as const;
    const background = createBackground({}, { system: { ...thisSystem, ...changes } });
    const pid = await start(READY + STAY);
    expect(background.signal(pid, 'mark-4711', logFile, 'SIGKILL')).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([pid, 2 ** 30].map((one) => background.isRunning(one, 'mark-4711', logFile))).toEqual([
      true,
      false,
    ]);
  });

  itWithProcfs('runs the running executable when another file lies at its path', async () => {
    const executable = path.join(directory, 'node');
    copyFileSync(process.execPath, executable);
    const {
      program: [script = ''],
      log,
    } = commandFor(READY);
    const replaceAndStart = `
      const { createBackground } = await import(${JSON.stringify(path.resolve('src/node/processes.ts'))});
      const { Secret } = await import(${JSON.stringify(path.resolve('src/secret.ts'))});
      const fs = await import('node:fs');
      fs.rmSync(process.execPath);
      fs.writeFileSync(process.execPath, '#!/bin/false', { mode: 0o755 });
      const [script, log] = process.argv.slice(1);
      await createBackground({}).start({ program: [script], log, mark: 'mark-4711', instructions: new Secret('') });
    `;
    const main = spawn(executable, ['--input-type=module', '-e', replaceAndStart, script, log]);
    const exitCode = await new Promise((resolve) => main.once('close', resolve));
    expect(exitCode).toBe(0);
  });

  itWithProcfs('reports a zombie as not running', async () => {
    // In a container whose first process does not reap, ended processes stay as zombies.
    const parent = spawn('sh', ['-c', `sh -c 'sleep 0.3; true' mark-4711 & echo $!; exec sleep 5`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.push(parent.pid ?? 0);
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(text))),
    );
    await until(() => /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
    expect(createBackground({}).isRunning(pid, 'mark-4711', logFile)).toBe(false);
  });
});
