// A job of GitHub's runner: starts a program of `dist/` as a step and reads its file commands and state.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Ended, untilEnd } from './ended.ts';
import { parseFileCommand, parseIncomplete } from './file-commands.ts';
import { type JobProcess, killProcessesWith, processesWith } from './processes.ts';

const DIST = path.join(import.meta.dirname, '../..', 'dist');
/** The runner finds the processes of a job by this variable. */
const TRACKING_ID = 'RUNNER_TRACKING_ID';

export interface Stage extends Ended {
  outputs: Record<string, string>;
  exported: Record<string, string>;
  /** Directories for PATH of later steps. */
  addedPaths: readonly string[];
  state: Record<string, string>;
  summary: string;
}

export interface StageOptions {
  /** The step's own `env:`. */
  env?: Record<string, string>;
  /** Receives the output while the step runs. */
  onOutput?: (text: string) => void;
  /** Kills the process when aborted. */
  signal?: AbortSignal;
}

/** A command that starts Node with these arguments and this environment. */
export type NodeCommand = (
  args: readonly string[],
  env: Record<string, string>,
) => { file: string; args: readonly string[]; env: Record<string, string> };

export interface JobOptions {
  /** Variables of every step, such as ACTIONS_ID_TOKEN_REQUEST_URL. */
  env?: Record<string, string>;
  /** A home directory that outlives the job, as on a self-hosted runner. Default: a new one. */
  home?: string;
  /** Whether the parent of each step ends with the step, as if the runner had died. Default: this process is the parent. */
  runnerDies?: boolean;
  /** The directory of the action's programs. */
  dist?: string;
  /** Starts Node of another system. Default: the Node of this process. */
  node?: NodeCommand;
}

export interface Job {
  readonly home: string;
  readonly temp: string;
  readonly workspace: string;
  /** Environment of the next step, including what earlier steps exported. */
  env(): Record<string, string>;
  main(inputs: Record<string, string>, options?: StageOptions): Promise<Stage>;
  doctor(inputs: Record<string, string>, options?: StageOptions): Promise<Stage>;
  /** Runs the post step with the state that main saved. */
  post(main: Pick<Stage, 'state'>, options?: StageOptions): Promise<Stage>;
  /** Returns the processes of the job that still run. */
  processes(): JobProcess[];
  /** Kills these processes, as the runner does, and removes all directories except a given home. */
  end(): void;
}

export function startJob(options: JobOptions = {}): Job {
  // Without links and short names: on macOS, the temporary directory is below a link, and on Windows it has such a name.
  const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'job-')));
  const directory = (name: string) => {
    mkdirSync(path.join(root, name), { mode: 0o700 });
    return path.join(root, name);
  };
  const [temp, workspace] = [directory('temp'), directory('workspace')];
  const home = options.home ?? directory('home');
  const exported: Record<string, string> = {};
  const paths: string[] = [];
  const trackingId = `github_${randomUUID()}`;
  const env = () => ({
    ...systemVariables(),
    PATH: [...paths.toReversed(), process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: home,
    USERPROFILE: home,
    RUNNER_TEMP: temp,
    [TRACKING_ID]: trackingId,
    GITHUB_WORKSPACE: workspace,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/infra',
    GITHUB_RUN_ID: '4004004004',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'deploy',
    ...options.env,
    ...exported,
  });
  const run = async (entry: string, extra: Record<string, string>, stage: StageOptions = {}) => {
    const node = options.runnerDies === true ? underDyingRunner : (options.node ?? thisNode);
    const given = { ...stage, node, runnerDies: options.runnerDies === true };
    const result = await runStage(
      path.join(options.dist ?? DIST, entry),
      { ...env(), ...stage.env, ...extra },
      root,
      given,
    );
    Object.assign(exported, result.exported);
    paths.push(...result.addedPaths);
    return result;
  };
  return {
    home,
    temp,
    workspace,
    env,
    main: (inputs, stage) => run('main.js', inputVariables(inputs), stage),
    doctor: (inputs, stage) => run('doctor.js', inputVariables(inputs), stage),
    post: ({ state }, stage) => run('post.js', prefixed('STATE_', state), stage),
    processes: () => processesWith(TRACKING_ID, trackingId),
    end() {
      killProcessesWith(TRACKING_ID, trackingId);
      // Windows closes the files of a process some time after its end.
      rmSync(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Variables that programs on Windows need to find libraries and temporary directories. */
function systemVariables(): Record<string, string> {
  const entries = ['SystemRoot', 'windir', 'TEMP', 'TMP', 'PATHEXT', 'ComSpec'].flatMap((name) => {
    const value = process.platform === 'win32' ? process.env[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

function inputVariables(inputs: Record<string, string>) {
  return prefixed('INPUT_', inputs, (name) => name.toUpperCase());
}

function prefixed(prefix: string, values: Record<string, string>, spell = (name: string) => name) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${spell(name)}`, value]),
  );
}

const FILE_COMMANDS = [
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
] as const;

async function runStage(
  entry: string,
  env: Record<string, string>,
  root: string,
  options: SpawnOptions,
): Promise<Stage> {
  const files = mkdtempSync(path.join(root, 'stage-'));
  const fileOf = (name: string) => path.join(files, name.toLowerCase());
  for (const name of FILE_COMMANDS) writeFileSync(fileOf(name), '');
  const commands = Object.fromEntries(FILE_COMMANDS.map((name) => [name, fileOf(name)]));
  const ended = await spawnNode(entry, { ...commands, ...env }, options);
  const read = (name: (typeof FILE_COMMANDS)[number]) => {
    const file = env[name] ?? fileOf(name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const parse = ended.exitCode === 0 ? parseFileCommand : parseIncomplete;
  return {
    ...ended,
    outputs: parse(read('GITHUB_OUTPUT')),
    exported: parse(read('GITHUB_ENV')),
    addedPaths: linesOf(read('GITHUB_PATH'))
      .split('\n')
      .filter((line) => line !== ''),
    state: parse(read('GITHUB_STATE')),
    summary: linesOf(read('GITHUB_STEP_SUMMARY')),
  };
}

/** With `\n` as line end, whatever the program writes. */
const linesOf = (text: string) => text.replaceAll('\r\n', '\n');

interface SpawnOptions extends StageOptions {
  node: NodeCommand;
  runnerDies: boolean;
}

const DYING_RUNNER = path.join(import.meta.dirname, 'dying-runner.ts');

const thisNode: NodeCommand = (args, env) => ({ file: process.execPath, args, env });

const underDyingRunner: NodeCommand = (args, env) =>
  thisNode([DYING_RUNNER, ...args], { STEP_ENV: JSON.stringify(env) });

async function spawnNode(
  entry: string,
  env: Record<string, string>,
  { onOutput, signal, node, runnerDies }: SpawnOptions,
): Promise<Ended> {
  const command = node([entry], env);
  const child = spawn(command.file, command.args, {
    detached: runnerDies, // a group that can be killed with the step
    env: command.env,
    cwd: env['GITHUB_WORKSPACE'],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  signal?.addEventListener('abort', () => {
    if (runnerDies && child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  });
  const end = untilEnd(child);
  child.stdout.on('data', (text: string) => onOutput?.(text));
  const { stdout, stderr, ...how } = await end;
  return { ...how, stdout: linesOf(stdout), stderr: linesOf(stderr) };
}
