// An emulator and a job for e2e tests. After each step, its output and files are searched for secrets.
import fs, { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import {
  type Job,
  type JobOptions,
  type Stage,
  type StageOptions,
  startJob,
} from '../../emulator/runner/job.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server/start.ts';
import { codeOf, isHeld } from '../../src/node/system.ts';
import { modeOf } from '../unit/profiles/tree.ts';
import { hasRefresher, type RefresherSeen, refresherOf } from './refresher.ts';
import { encodingsOf } from './secret-encodings.ts';

export interface Journey {
  emulator: Emulator;
  job: Job;
  /** Runs main with valid inputs, except for `changes`. */
  main(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  /** Runs main with valid inputs for OCI and AWS, except for `changes`. */
  toAws(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  /** The doctor with the inputs of `toAws`. */
  doctor(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  post(main: Pick<Stage, 'state'>, options?: StageOptions): Promise<Stage>;
  /** Returns another job with the same emulator. */
  nextJob(options?: JobOptions): Omit<Journey, 'emulator' | 'nextJob'>;
}

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export async function startJourney(options: EmulatorOptions & { job?: JobOptions } = {}): Promise<Journey> {
  // Random words instead of texts that no source shows: a journey that depends on one of them fails.
  const world = { scrambleInventedTexts: true, ...options.world };
  const emulator = await startEmulator({ ...options, world });
  open.push(() => emulator.close());
  const nextJob: Journey['nextJob'] = (jobOptions) => {
    // With debug logging, everything that can be printed is searched.
    const job = startJob({ ...jobOptions, env: { ...emulator.env, RUNNER_DEBUG: '1', ...jobOptions?.env } });
    /** On other systems than Linux, the job does not find its processes. */
    const started: RefresherSeen[] = [];
    open.push(() => {
      for (const { pid } of started.filter(({ isRunning }) => isRunning())) process.kill(pid, 'SIGKILL');
      job.end();
    });
    const searched = async (running: Promise<Stage>) => {
      const stage = await running;
      expect(leaks(stage, job, secretsOf(emulator, stage))).toEqual([]);
      return stage;
    };
    const logins = new Set<string | undefined>();
    const main: Journey['main'] = async (changes, options) => {
      const stage = await searched(job.main({ ...emulator.inputs, ...changes }, options));
      // A process that was killed set no outputs. Windows reports no signal.
      if (stage.outputs['failure-code'] === undefined) logins.add(stage.state['session']);
      if (hasRefresher(stage)) started.push(refresherOf(stage));
      if (logins.size === 0) await expectNoProcesses(job, started);
      return stage;
    };
    const post: Journey['post'] = async (main, options) => {
      const stage = await searched(job.post(main, options));
      if (stage.endedBy === null) logins.delete(main.state['session']);
      if (logins.size === 0) await expectNoProcesses(job, started);
      return stage;
    };
    return {
      job,
      main,
      doctor: (changes, stage) =>
        searched(job.doctor({ ...emulator.inputs, ...emulator.awsInputs, ...changes }, stage)),
      toAws: (changes, stage) => main({ ...emulator.awsInputs, ...changes }, stage),
      post,
    };
  };
  return { emulator, nextJob, ...nextJob(options.job) };
}

/** The refresher notices within this time that its directory was removed. */
const PROCESS_END_MS = 5000;

/** Fails when a process outlives the last post step or a failed main. */
async function expectNoProcesses(job: Job, started: readonly RefresherSeen[]): Promise<void> {
  const left = () => [...job.processes(), ...started.filter(({ isRunning }) => isRunning())];
  const giveUpAt = Date.now() + PROCESS_END_MS;
  while (left().length > 0 && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(left()).toEqual([]);
}

/** Returns what the emulator issued and received, and what main masked, such as each line of the key. */
function secretsOf(emulator: Emulator, stage: Stage): string[] {
  const masked = maskedIn(stage).filter((value) => !value.startsWith('-----'));
  return [...new Set([...emulator.secrets(), ...masked])];
}

export function maskedIn({ stdout }: Pick<Stage, 'stdout'>): string[] {
  return [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value.replaceAll('%25', '%'));
}

/** Returns the log without the masks, which the runner does not show. */
export function logOf({ stdout }: Pick<Stage, 'stdout'>): string {
  return stdout.replaceAll(/^::add-mask::.*\n/gm, '');
}

const DOCUMENTED_OUTPUTS = [
  'security-token',
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-session-token',
];
const DOCUMENTED_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'OCI_TOKEN_EXCHANGE_CLIENT_SECRET',
];
/** Files in the home or RUNNER_TEMP that contain a secret. */
const DOCUMENTED_FILES = [
  /sessions\/[^/]+\/(token|oci_api_key\.pem)$/,
  /(^|\/)\.aws\/credentials$/,
  // Contains the section of an earlier login, to be restored.
  /(^|\/)\.aws\/\.oci-wif-action-ledger\.json$/,
  // After a crash.
  /(^|\/)\.aws\/\.oci-wif-action-(scratch|journal-credentials)$/,
  // With `ocir-login`: a password, also that of an earlier login in the ledger.
  /(^|\/)\.docker\/(config\.json|\.oci-wif-action-(ledger\.json|scratch|journal-config\.json))$/,
  /^oci-wif-action-[0-9a-f]+\/(aws-web-identity-token|github-id-token|session\/(token|key\.pem))$/,
];

function without(values: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Returns Markdown without tags and with its character references decoded. */
export function asShown(markdown: string): string {
  const tagless = markdown.replaceAll('<br>', '\n').replaceAll(/<\/?[a-z]+>/g, '');
  return tagless.replaceAll(/&#(\d+);/g, (_reference, number: string) => String.fromCharCode(Number(number)));
}

/** Returns the names of outputs and files that contain a secret in any encoding and are not documented to do so. */
export function leaks(
  stage: Stage,
  job: Pick<Job, 'home' | 'temp' | 'workspace'>,
  secrets: readonly string[],
): string[] {
  const places: [string, string][] = [
    ['log', logOf(stage)],
    ['stderr', stage.stderr],
    ['outputs', JSON.stringify(without(stage.outputs, DOCUMENTED_OUTPUTS))],
    ['environment', JSON.stringify(without(stage.exported, DOCUMENTED_VARIABLES))],
    ['state', JSON.stringify(stage.state)],
    ['summary', stage.summary],
    ['summary as shown', asShown(stage.summary)],
  ];
  for (const directory of [job.home, job.temp, job.workspace]) {
    for (const [name, content] of Object.entries(treeOf(directory))) {
      if (!DOCUMENTED_FILES.some((pattern) => pattern.test(name))) places.push([name, content]);
    }
  }
  const encodings = secrets.flatMap(encodingsOf);
  return places
    .filter(([, text]) => encodings.some((encoding) => text.includes(encoding)))
    .map(([name]) => name);
}

/**
 * Returns each file below a directory with its mode and content, and each directory with its mode. Names have slashes. A file
 * that another job removes meanwhile is missing.
 */
export function treeOf(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
  const entries = names.flatMap((name) => {
    const entry = entryOf(path.join(directory, name));
    return entry === undefined ? [] : [[name.replaceAll(path.sep, '/'), entry] as const];
  });
  return Object.fromEntries(entries);
}

function entryOf(file: string): string | undefined {
  try {
    const stats = statSync(file);
    return `${modeOf(stats)} ${stats.isDirectory() ? 'directory' : contentOf(file)}`;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

/** One byte per character. On Windows, nobody else can read the file by which a refresher shows that it runs. */
function contentOf(file: string): string {
  if (process.platform === 'win32' && isHeld(fs, file)) return 'held';
  return readFileSync(file, 'latin1');
}

/** A login waits when a file has just been written, because another program could still be writing. */
const LONG_AGO = new Date('2026-01-01');

/** Writes files into a home, one byte per character. */
export function writeHome(home: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home, name), content, { mode: 0o600, encoding: 'latin1' });
    utimesSync(path.join(home, name), LONG_AGO, LONG_AGO);
  }
}

/** Returns the error annotation, of which there must be one. */
export function errorOf({ stdout }: Pick<Stage, 'stdout'>): string {
  const errors = [...stdout.matchAll(/^::error(?: [^:]*)?::(.*)$/gm)].map(([, text = '']) => text);
  expect(errors).toHaveLength(1);
  return errors[0] ?? '';
}

export function warningsOf({ stdout }: Pick<Stage, 'stdout'>): string[] {
  return [...stdout.matchAll(/^::warning(?: [^:]*)?::(.*)$/gm)].map(([, text = '']) => text);
}

/** One attempt per request. Retries have their own tests. */
export const QUICK = { 'retry-max-attempts': '1' };

/** Expects main to fail with this code and a remedy, and the home to be unchanged after main and after post. */
export async function expectFailure(
  { job, main, post }: Journey,
  code: string,
  changes: Record<string, string> = {},
) {
  const before = treeOf(job.home);
  const stage = await main({ ...QUICK, ...changes });
  expect([stage.exitCode, stage.outputs]).toEqual([1, { 'failure-code': code }]);
  expect(stage.exported).toEqual({});
  expect(treeOf(job.home)).toEqual(before);
  expect(stage.stderr).toBe('');
  expect(stage.summary).toContain(code);
  const message = errorOf(stage);
  expect(message).toMatch(new RegExp(`^${code}: \\S.*\\. \\S`));
  expect((await post(stage)).exitCode).toBe(0);
  expect(treeOf(job.home)).toEqual(before);
  return { message, stage };
}
