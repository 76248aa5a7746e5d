// A machine on which `oci-wif login` and `logout` run as processes, against the emulator. After each of them, its output and the
// files are searched for secrets.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { type JobProcess, killProcessesWith, processesWith } from '../../../emulator/runner/processes.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { treeOf } from '../../e2e/journey.ts';
import { encodingsOf } from '../../e2e/secret-encodings.ts';
import { type CommandOptions, type CommandRun, runCommand } from '../command.ts';

export interface Host {
  emulator: Emulator;
  home: string;
  /** The directory of the sessions. */
  temp: string;
  workspace: string;
  /** The environment of a job. Another number is another job on the same machine. */
  env(job?: number): Record<string, string>;
  run(args: readonly string[], options?: HostOptions): Promise<CommandRun>;
  /** `login` with `--json`, which must succeed. */
  login(args?: readonly string[], options?: HostOptions): Promise<LoggedIn>;
  logout(args?: readonly string[], options?: HostOptions): Promise<CommandRun>;
  /** Processes that the commands have left. */
  processes(): JobProcess[];
  /** Everything that commands can have changed. */
  trees(): { home: Record<string, string>; temp: Record<string, string> };
  /** Kills the processes and removes the directories, as the end of the test does. */
  end(): void;
}

export interface HostOptions extends CommandOptions {
  /** Default: 1. */
  job?: number;
}

export interface LoggedIn extends CommandRun {
  json: Record<string, string> & { variables: Record<string, string>; path: string[]; renewed: boolean };
}

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const JOBS = [1, 2, 3];

export async function startHost(options: EmulatorOptions = {}): Promise<Host> {
  const world = { scrambleInventedTexts: true, ...options.world };
  const emulator = await startEmulator({ ...options, world });
  open.push(() => emulator.close());
  return hostOf(emulator);
}

/** Another machine with the same emulator. */
export function hostOf(emulator: Emulator): Host {
  const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'host-')));
  const directory = (name: string) => {
    mkdirSync(path.join(root, name), { mode: 0o700 });
    return path.join(root, name);
  };
  const [home, temp, workspace] = [directory('home'), directory('temp'), directory('workspace')];
  const end = () => {
    for (const job of JOBS) killProcessesWith('RUNNER_TRACKING_ID', `${root}/${job}`);
    rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  };
  open.push(end);
  const env = (job = 1) => ({
    ...jobEnvironment(emulator, job),
    ...{ HOME: home, USERPROFILE: home },
    ...{ TMPDIR: temp, TEMP: temp, TMP: temp },
    GITHUB_WORKSPACE: workspace,
    RUNNER_TRACKING_ID: `${root}/${job}`,
  });
  const trees = () => ({ home: treeOf(home), temp: treeOf(temp) });
  const run: Host['run'] = async (args, { job, ...more } = {}) => {
    const ended = await runCommand(args, {
      ...more,
      env: { ...env(job), ...more.env },
      cwd: workspace,
    });
    expect(leaks(ended, trees(), emulator.secrets())).toEqual([]);
    return ended;
  };
  return {
    ...{ emulator, home, temp, workspace, env, run, trees, end },
    async login(args = [], more) {
      const ended = await run(['login', '--json', ...args], more);
      expect([ended.exitCode, ended.exitCode === 0 ? '' : ended.stderr]).toEqual([0, '']);
      return { ...ended, json: JSON.parse(ended.stdout) as LoggedIn['json'] };
    },
    logout: (args = [], more) => run(['logout', ...args], more),
    processes: () => JOBS.flatMap((job) => processesWith('RUNNER_TRACKING_ID', `${root}/${job}`)),
  };
}

function jobEnvironment(emulator: Emulator, job: number): Record<string, string> {
  const { inputs } = emulator;
  return {
    ...emulator.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: String(job),
    GITHUB_JOB: 'deploy',
    OCI_DOMAIN_URL: inputs['domain-url'],
    OCI_CLIENT_ID: inputs['client-id'],
    OCI_CLIENT_SECRET: inputs['client-secret'],
    OCI_REGION: inputs.region,
    OCI_TENANCY: inputs.tenancy,
  };
}

/** Files for secrets: of sessions, of AWS, and of what a crash of the latter leaves. */
const FOR_SECRETS = [
  /sessions\/[^/]+\/(token|oci_api_key\.pem)$/,
  /(^|\/)\.aws\/(credentials|\.oci-wif-action-(ledger\.json|scratch|journal-credentials))$/,
  /^oci-wif-action-[0-9a-f]+\/(aws-web-identity-token|session\/(token|key\.pem))$/,
];

/** Where a secret is, in any encoding, that must not be there. */
function leaks(
  { stdout, stderr }: CommandRun,
  trees: Record<string, Record<string, string>>,
  secrets: readonly string[],
): string[] {
  const files = Object.values(trees).flatMap((tree) => Object.entries(tree));
  const places = [
    ['standard output', stdout],
    ['standard error', stderr],
    ...files.filter(([name]) => !FOR_SECRETS.some((pattern) => pattern.test(name))),
  ];
  const encodings = secrets.flatMap(encodingsOf);
  return places.flatMap(([name = '', text = '']) =>
    encodings.some((encoding) => text.includes(encoding)) ? [name] : [],
  );
}

/** The text of a file below the home directory. */
export const readHome = ({ home }: Host, name: string) => readFileSync(path.join(home, name), 'utf8');
