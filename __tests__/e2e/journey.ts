// What every journey shares: an emulator, a job on a runner in miniature, and the proof, after each stage, that no
// secret has come out where it should not.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
import { formsOf } from './secret-forms.ts';

export interface Journey {
  emulator: Emulator;
  job: Job;
  /** Runs main with inputs that fit the emulator, `changes` laid over them. */
  main(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  /** Likewise, with the inputs that lead on to AWS. */
  toAws(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  /** The doctor with the inputs of `toAws`. */
  doctor(changes?: Record<string, string>, options?: StageOptions): Promise<Stage>;
  post(main: Pick<Stage, 'state'>, options?: StageOptions): Promise<Stage>;
  /** Another job against the same clouds; on the same home if that is given. */
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
    // Debug logging on: what is scanned shall be all that could ever be printed.
    const job = startJob({ ...jobOptions, env: { ...emulator.env, RUNNER_DEBUG: '1', ...jobOptions?.env } });
    open.push(() => job.end());
    const scanned = async (running: Promise<Stage>) => {
      const stage = await running;
      expect(leaks(stage, job, secretsOf(emulator, stage))).toEqual([]);
      return stage;
    };
    const logins = new Set<string | undefined>();
    const main: Journey['main'] = async (changes, options) => {
      const stage = await scanned(job.main({ ...emulator.inputs, ...changes }, options));
      if (stage.endedBy !== null || stage.exitCode === 0) logins.add(stage.state['session']);
      await expectNoStrays(job, logins);
      return stage;
    };
    const post: Journey['post'] = async (main, options) => {
      const stage = await scanned(job.post(main, options));
      if (stage.endedBy === null) logins.delete(main.state['session']);
      await expectNoStrays(job, logins);
      return stage;
    };
    return {
      job,
      main,
      doctor: (changes, stage) =>
        scanned(job.doctor({ ...emulator.inputs, ...emulator.awsInputs, ...changes }, stage)),
      toAws: (changes, stage) => main({ ...emulator.awsInputs, ...changes }, stage),
      post,
    };
  };
  return { emulator, nextJob, ...nextJob(options.job) };
}

/** As long as a process may take to see that its directory is gone, whoever has removed that. */
const STRAYS_MS = 5000;

/** No process outlives the last post, nor a main that has failed: whatever serves a login ends with it. */
async function expectNoStrays(job: Job, logins: ReadonlySet<string | undefined>): Promise<void> {
  if (logins.size > 0) return;
  const giveUpAt = Date.now() + STRAYS_MS;
  while (job.processes().length > 0 && Date.now() < giveUpAt)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(job.processes()).toEqual([]);
}

/** What the emulator issued and received, and what main itself made and masked, such as the lines of the key. */
function secretsOf(emulator: Emulator, stage: Stage): string[] {
  const masked = maskedIn(stage).filter((value) => !value.startsWith('-----'));
  return [...new Set([...emulator.secrets(), ...masked])];
}

export function maskedIn({ stdout }: Pick<Stage, 'stdout'>): string[] {
  return [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value.replaceAll('%25', '%'));
}

/** The log without the commands that the runner swallows. */
export function logOf({ stdout }: Pick<Stage, 'stdout'>): string {
  return stdout.replaceAll(/^::add-mask::.*\n/gm, '');
}

const PROMISED_OUTPUTS = [
  'security-token',
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-session-token',
];
const PROMISED_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'OCI_TOKEN_EXCHANGE_CLIENT_SECRET',
];
/** Below the home or the runner's temp area. */
const PROMISED_FILES = [
  /sessions\/[^/]+\/(token|oci_api_key\.pem)$/,
  /^\.aws\/credentials$/,
  // What an earlier login of the job wrote to the same section, to be restored.
  /^\.aws\/\.oci-wif-action-ledger\.json$/,
  /^oci-wif-action-[0-9a-f]+\/(aws-web-identity-token|github-id-token|session\/(token|key\.pem))$/,
];

function without(values: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Text of Markdown as a reader would see it: references resolved, tags gone. */
export function asShown(markdown: string): string {
  const tagless = markdown.replaceAll('<br>', '\n').replaceAll(/<\/?[a-z]+>/g, '');
  return tagless.replaceAll(/&#(\d+);/g, (_reference, number: string) => String.fromCharCode(Number(number)));
}

/** Names of the places, other than those promised, in which a secret can be read in one form or another. */
export function leaks(
  stage: Stage,
  job: Pick<Job, 'home' | 'temp' | 'workspace'>,
  secrets: readonly string[],
): string[] {
  const places: [string, string][] = [
    ['log', logOf(stage)],
    ['stderr', stage.stderr],
    ['outputs', JSON.stringify(without(stage.outputs, PROMISED_OUTPUTS))],
    ['environment', JSON.stringify(without(stage.exported, PROMISED_VARIABLES))],
    ['state', JSON.stringify(stage.state)],
    ['summary', stage.summary],
    ['summary as shown', asShown(stage.summary)],
  ];
  for (const directory of [job.home, job.temp, job.workspace]) {
    for (const [name, content] of Object.entries(treeOf(directory))) {
      if (!PROMISED_FILES.some((pattern) => pattern.test(name))) places.push([name, content]);
    }
  }
  const forms = secrets.flatMap(formsOf);
  return places.filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

/** Every file below a directory with mode and content, every directory with its mode. */
export function treeOf(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(directory, name);
      const stats = statSync(file);
      const mode = (stats.mode & 0o777).toString(8);
      return [name, stats.isDirectory() ? `${mode} directory` : `${mode} ${readFileSync(file, 'latin1')}`];
    }),
  );
}

/** Who finds a file that was written just now has to think of other programs at work. */
const LONG_AGO = new Date('2026-01-01');

/** Puts files into a home, byte for byte, with the directories above them. */
export function writeHome(home: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home, name), content, { mode: 0o600, encoding: 'latin1' });
    utimesSync(path.join(home, name), LONG_AGO, LONG_AGO);
  }
}

/** The one annotation of a failed main. */
export function errorOf({ stdout }: Pick<Stage, 'stdout'>): string {
  const errors = [...stdout.matchAll(/^::error(?: [^:]*)?::(.*)$/gm)].map(([, text = '']) => text);
  expect(errors).toHaveLength(1);
  return errors[0] ?? '';
}

export function warningsOf({ stdout }: Pick<Stage, 'stdout'>): string[] {
  return [...stdout.matchAll(/^::warning(?: [^:]*)?::(.*)$/gm)].map(([, text = '']) => text);
}

/** Tries kept short: what is repeated, and how often, is the business of the retry policy's own tests. */
export const QUICK = { 'retry-max-attempts': '1' };

/** Runs main into a failure, and post after it: one code everywhere, a remedy, and the home as it was. */
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
