// A job that runs `oci-wif exec`, with the emulator as cloud. Every output is searched for secrets.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect } from '@jest/globals';
import { killProcessesWith } from '../../../emulator/runner/processes.ts';
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  type WorldSettings,
} from '../../../emulator/server/start.ts';
import { encodingsOf } from '../../e2e/secret-encodings.ts';

export const MAIN = path.join(import.meta.dirname, '../../../cli/main.ts');
/** Variable in the environment of every process of a test. */
const MARK = 'EXEC_TEST';

export interface ExecEnd {
  exitCode: number | null;
  endedBy: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

export interface ExecOptions {
  /** Added to the variables of the job; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is empty otherwise. */
  input?: string | Buffer;
  stdio?: StdioOptions;
}

export interface Running {
  process: ChildProcess;
  /** Resolves when standard output has this text. Rejects when the process ends before. */
  shows(text: string): Promise<void>;
  stdout(): string;
  end: Promise<ExecEnd>;
}

export interface ExecJob {
  readonly emulator: Emulator;
  /** Of the current test, as the next ones. */
  home(): string;
  /** The directory of the sessions. */
  temp(): string;
  env(): Record<string, string>;
  /** The names of all sessions, and of everything else in the temporary directory. */
  sessions(): string[];
  /** `oci-wif exec` with these arguments. */
  start(args: readonly string[], options?: ExecOptions): Running;
  exec(args: readonly string[], options?: ExecOptions): Promise<ExecEnd>;
}

interface ExecJobOptions {
  /** The path of the program. Default: that of the sources. */
  program?: string;
  hosts?: NonNullable<EmulatorOptions['hosts']>;
}

/** Starts an emulator for all tests of a file. Each test has its own directories, in which nothing may be left. */
export async function startExecJob(
  world: Partial<WorldSettings> = {},
  { program = MAIN, hosts = {} }: ExecJobOptions = {},
): Promise<ExecJob> {
  const emulator = await startEmulator({ hosts, world: { scrambleInventedTexts: true, ...world } });
  let root = '';
  const directory = (name: string) => path.join(root, name);
  const initial = { ...emulator.world.settings };
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'exec-')));
    for (const name of ['home', 'temp']) mkdirSync(directory(name), { mode: 0o700 });
    Object.assign(emulator.world.settings, initial);
    emulator.faults.clear();
  });
  afterEach(() => {
    killProcessesWith(MARK, root);
    const left = ['home', 'temp'].map((name) => readdirSync(directory(name)));
    rmSync(root, { recursive: true });
    expect(left).toEqual([[], []]);
  });
  afterAll(() => emulator.close());
  const env = () => ({
    ...jobVariables(emulator),
    ...{ HOME: directory('home'), USERPROFILE: directory('home') },
    ...{ TMPDIR: directory('temp'), TEMP: directory('temp'), TMP: directory('temp') },
    [MARK]: root,
  });
  const start: ExecJob['start'] = (args, options) => {
    const running = startProgram([process.execPath, program, 'exec', ...args], env(), options);
    const end = running.end.then((ended) => {
      expect(leaksIn(emulator, ended.stderr)).toEqual([]);
      return ended;
    });
    return { ...running, end };
  };
  return {
    emulator,
    home: () => directory('home'),
    temp: () => directory('temp'),
    env,
    sessions: () => readdirSync(directory('temp')),
    start,
    exec: (args, options) => start(args, options).end,
  };
}

/** What a job on GitHub has, and the settings of the login. */
export function jobVariables({ env, inputs }: Emulator): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    ...env,
    OCI_WIF_DEBUG: '1', // everything that can be printed is searched
    OCI_DOMAIN_URL: inputs['domain-url'],
    OCI_CLIENT_ID: inputs['client-id'],
    OCI_CLIENT_SECRET: inputs['client-secret'],
    OCI_REGION: inputs.region,
    OCI_TENANCY: inputs.tenancy,
  };
}

export function startProgram(
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  { env: changes = {}, input = '', stdio = 'pipe' }: ExecOptions = {},
): Running {
  const child = spawn(file, args, { env: { ...env, ...changes }, stdio });
  const output: Buffer[] = [];
  let stderr = '';
  const stdout = () => Buffer.concat(output).toString();
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin?.on('error', () => {}); // the command ended without reading
  child.stdin?.end(input);
  const end = new Promise<ExecEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, endedBy) => {
      // Programs that outlive the command keep its output open.
      setTimeout(() => resolve({ exitCode, endedBy, stdout: Buffer.concat(output), stderr }), 50);
    });
  });
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => stdout().includes(text) && resolve();
      child.stdout?.on('data', check);
      end.then(() => reject(new Error(`ended without ${text}: ${stderr}`)), reject);
      check();
    });
  return { process: child, shows, stdout, end };
}

/** Encodings of secrets of the emulator that occur in a text. */
export function leaksIn(emulator: Emulator, text: string): string[] {
  return emulator
    .secrets()
    .flatMap(encodingsOf)
    .filter((one) => text.includes(one));
}

/** All files below a directory, in one text. */
export function contentOf(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
