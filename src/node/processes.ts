// A process that outlives the step and dies with the job: how it is started, told apart from others, and ended.
// Knows processes and pipes; neither what the process does nor what it is told.
//
// Its standard streams are a pipe that we write to and close, and a file: with one of ours left open, the runner would
// wait for it at the end of the step. The runner ends what is left of a job by RUNNER_TRACKING_ID in the environment, so
// that stays in it; secrets that the runner has put there do not.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { ActionError } from '../errors/action-error.ts';
import type { Background } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { type System, thisSystem, withFileErrors } from './system.ts';

/** What a program needs to find its way on a machine and through its network. No `INPUT_`, no `ACTIONS_`. */
const PASSED_ON =
  /^(RUNNER_TRACKING_ID|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|SystemRoot|windir|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NODE_OPTIONS|SSL_CERT_(FILE|DIR))$/i;

/** Starting Node takes a twentieth of a second; a machine with more to do than it can may take its time. */
const START_MS = 30_000;

export function createBackground(
  environment: NodeJS.ProcessEnv,
  { system = thisSystem, command = process.execPath }: { system?: System; command?: string } = {},
): Background {
  return {
    async start({ script, mark, log, instructions }) {
      const descriptor = withFileErrors(log, () => system.fs.openSync(log, 'ax', 0o600));
      const env = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
      try {
        const child = spawn(command, [script, mark], {
          detached: true,
          windowsHide: true,
          cwd: rootOf(script), // a directory that is removed later must not be anybody's working directory
          env,
          stdio: ['pipe', descriptor, descriptor, 'pipe'],
        });
        return await handOver(child, instructions);
      } finally {
        system.fs.closeSync(descriptor);
      }
    },
    isRunning: (pid, mark) => isRunning(system, pid, mark),
    kill(pid, mark) {
      // A process of which only the number is known may be anybody's by now.
      if (system.platform === 'win32' || !isRunning(system, pid, mark)) return;
      try {
        process.kill(-pid, 'SIGKILL'); // with what it has started itself
      } catch {
        // It has ended meanwhile.
      }
    },
  };
}

function rootOf(script: string): string {
  return /^([a-z]:)?[/\\]/i.exec(script)?.[0] ?? '/';
}

/** Gives it its instructions and waits until it says that it has read them. */
function handOver(child: ChildProcess, instructions: Secret): Promise<number> {
  return new Promise((resolve, reject) => {
    const [input, , , answer] = child.stdio;
    const settle = (why?: string) => {
      clearTimeout(timer);
      for (const stream of [input, answer]) stream?.destroy();
      child.unref();
      const { pid } = child;
      if (why === undefined && pid !== undefined) return resolve(pid);
      child.kill('SIGKILL');
      reject(new ActionError('REFRESHER_NOT_STARTED', `The process in the background ${why}.`));
    };
    const timer = setTimeout(() => settle(`did not begin within ${START_MS / 1000} s`), START_MS);
    child.once('error', ({ message }) => settle(`could not be started (${message})`));
    child.once('exit', (code, signal) => settle(`ended at once (${signal ?? `exit code ${code}`})`));
    answer?.once('data', () => settle());
    answer?.on('error', () => {}); // its end is told by `exit`
    input?.on('error', () => {}); // likewise
    if (input !== null && input !== undefined && 'end' in input) input.end(instructions.reveal());
  });
}

/** Whether a process of this number runs and has the mark among its arguments. */
function isRunning({ platform, fs }: System, pid: number, mark: string): boolean {
  try {
    if (platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    process.kill(pid, 0);
    if (platform === 'win32') return true; // what it was started with cannot be asked for quickly there
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(mark);
  } catch {
    return false;
  }
}
