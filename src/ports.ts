// Interfaces to the runner, the network and the machine. `github/runner.ts` and `node/` implement them.
import type { TransportError } from './errors/transport-error.ts';
import type { Secret } from './secret.ts';

export type Environment = (name: string) => string | undefined;

export interface Runner {
  env: Environment;
  /** Masks the value and each of its lines, because the runner searches the log line by line. */
  mask(secret: Secret): void;
  output(name: string, value: string | Secret): void;
  exportVariable(name: string, value: string | Secret): void;
  /** Adds a directory to PATH of later steps. */
  addPath(directory: string): void;
  saveState(name: string, value: string): void;
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
  /** Appends Markdown to the step's job summary. Never throws: a login must not fail because of its summary. */
  summary(text: string): void;
  /** Logs lines folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /** Logged only with debug logging. */
  debug(text: string): void;
  isDebug(): boolean;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** Set by `Http.send`, for messages: the host that the request was sent to. */
  host?: string;
  /** Set by `Http.retry`, for messages: how many attempts it made, and why it stopped early. */
  attempts?: string;
}

export interface RetriedCall {
  /** Names the call in log lines. */
  label: string;
  /** The reason to repeat a refusal whose status alone does not show that it is transient. */
  transientReason?: (response: HttpResponse) => string | undefined;
  /** Whether an attempt that failed like this may be repeated without harm. Default: always. */
  mayRepeat?: (failure: HttpResponse | TransportError) => boolean;
}

export interface HttpProxy {
  /** Its origin, without credentials. */
  url: URL;
  /** Value of `Proxy-Authorization`. */
  authorization: Secret | undefined;
}

export interface SendOptions {
  /** Default and maximum: that of the step. */
  timeoutMs?: number;
  /** For a service of this machine or of its cluster: no proxy, and with `ca`, in PEM, no other certificate authority. */
  direct?: { ca?: string };
}

export interface Http {
  /** Sends one request, without retries. Never follows a redirect: it is a response. @throws TransportError */
  send(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>;
  /**
   * Repeats `attempt` by the retry policy while its response or its TransportError is transient.
   * @returns the last result, whatever the status of its response
   * @throws TransportError of the last attempt, and every other error of `attempt`
   */
  retry<T extends { response: HttpResponse }>(call: RetriedCall, attempt: () => Promise<T>): Promise<T>;
}

/** How long after a program wrote a file it may still write back a text that it read before our change. */
export const BUSY_MS = 1000;

export interface FileState {
  /** Changes whenever the file is written or replaced. */
  id: string;
  /** Milliseconds since another program wrote it. Infinite for an absent file, and if we wrote it after BUSY_MS had passed. */
  ageMs: number;
  /** Milliseconds since content or metadata changed; infinite for an absent file. */
  quietMs: number;
  /** Permission bits of a file that others may open; undefined for every other file, and on Windows. */
  openMode: number | undefined;
}

export type FileKind = 'absent' | 'file' | 'directory' | 'link' | 'other';

/** What a login does at a path. The mode of a `shared file` is its user's choice: a login limits it while it must. */
export type PathUse = 'directory' | 'file' | 'shared file';

export interface PathToCheck {
  path: string;
  use: PathUse;
}

/**
 * The file system. Only `canonical`, `realPath` and `unsafeReason` follow a link.
 * Every member throws FILES_NOT_WRITABLE or PATH_UNSAFE when the operating system reports an error.
 */
export interface Files {
  /**
   * The canonical name of an absolute path, which can have others by linked directories and, on Windows and macOS, by letter
   * case and short names. Resolves the part that exists. A link in place of the file stays, so that it is refused later.
   */
  canonical(path: string, kind?: 'directory' | 'file'): string;
  kind(path: string): FileKind;
  state(path: string): FileState;
  /**
   * Why one of these paths is not safe for keys, as a sentence without its full stop; undefined if all are outside the
   * checkout and other users of the machine cannot replace them. They may be absent.
   */
  unsafeReason(paths: readonly PathToCheck[]): string | undefined;
  /** The content of a regular file of at most 64 MB; undefined if there is none, also if it is just being removed. */
  read(path: string): Uint8Array | undefined;
  /** The path without links; undefined if it leads nowhere. Only for clean-up, which checks the content before it removes a file. */
  realPath(path: string): string | undefined;
  /** Gives this user, if it is the owner, all access to a path that clean-up has to remove. */
  allowOwner(path: string): void;
  /** Replaces bytes of a file in place by as many others. Needs no write access to its directory. */
  overwrite(path: string, edit: (text: string) => string): void;
  /** Throws if this user cannot create files in a directory. Writes nothing. */
  assertWritable(directory: string): void;
  list(directory: string): string[];
  /** Creates a directory with mode 0700. Its parent must exist, and the directory must not. */
  makeDirectory(path: string): void;
  /** As `makeDirectory`, but another process may have created it, or may just have removed its parent. */
  ensureDirectory(path: string): void;
  /** Creates a file with mode 0600. It must not exist. */
  create(path: string, content: Uint8Array | string): void;
  /** Writes a file of ours in one step, with mode 0600: renames `scratch`, which must be on the same file system. */
  replace(path: string, content: Uint8Array, scratch: string): void;
  /**
   * Replaces the content of a file that other programs share, and keeps owner, group and mode. A new file gets
   * mode 0600. A file that has several names, or that only its owner may open, is replaced in one step. Any other one is
   * written in place, and keeps its ACL and label, too.
   * @throws Contention when the file no longer has this `state`; the file is unchanged then
   * @throws ActionError PATH_UNSAFE when others may open a file for secrets, and its mode cannot be changed
   */
  rewrite(path: string, content: Uint8Array, state: string, plan: RewritePlan): void;
  /** Restores the content before a rewrite in place that a crash has interrupted, unless another program has changed it since. */
  undoRewrite(path: string, journal: string): void;
  /** Changes the mode of a file. */
  setMode(path: string, mode: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Tries every entry, even if others cannot be removed. */
  removeTree(path: string): void;
  removeIfEmpty(directory: string): void;
}

export interface RewritePlan {
  /** Path in the same directory. Holds the new content until it is complete. */
  scratch: string;
  /** Path in the same directory. Holds old and new content while the file is written in place. */
  journal: string;
  /** Whether only the owner may open the file from now on. It may have an ACL. */
  isSecret: boolean;
}

export interface Lock {
  /**
   * Runs `work` while no other process holds the lock of `path`, and runs it again if it throws `Contention`. `prepare`
   * runs before every attempt and creates the directory, which another process may remove while it is empty.
   * @throws ActionError CONFIG_LOCKED after 30 seconds, and whatever `work` throws
   */
  hold<T>(path: string, prepare: () => void, work: () => T): Promise<T>;
}

/** The runner's process that started a step. Two values mean the same process only if all four members are equal. */
export interface RunnerProcess {
  pid: number;
  /** Clock ticks since boot. */
  startTime: string;
  bootId: string;
  pidNamespace: string;
}

export interface RunnerProcesses {
  /** The process that started this one; null when it cannot be read (no /proc, another PID namespace). */
  parent(): RunnerProcess | null;
  /** `unknown` for a process of another host or container. */
  stateOf(process: RunnerProcess | null): 'alive' | 'gone' | 'unknown';
  /**
   * Latest end of a login without a parent process, in milliseconds since the epoch. Such a login refuses to
   * replace the valid session of a job whose process is `unknown`. Any other login replaces it, with a warning.
   */
  latestEnd?: number;
}

/** What a single step of a login needs. */
export interface StepDeps {
  runner: Pick<Runner, 'mask'>;
  http: Http;
  clock: Clock;
}

export interface Disk {
  files: Files;
  lock: Lock;
  clock: Clock;
}

/** Processes that outlive the step. */
export interface Background {
  /**
   * Starts a program of this action and returns once it has read its instructions.
   * @returns the process id
   * @throws ActionError REFRESHER_NOT_STARTED, and as `Files` for the log
   */
  start(command: {
    /** Arguments of Node: the absolute path of a script, and what it needs besides the mark. */
    program: readonly string[];
    /** The last argument, which identifies the process. */
    mark: string;
    /** A new file for its output. */
    log: string;
    instructions: Secret;
  }): Promise<number>;
  /** Whether a process can log that it was requested to stop. */
  logsItsStop: boolean;
  /** True also if a process with this ID runs and the system does not show its arguments. */
  isRunning(pid: number, mark: string, log: string): boolean;
  /** Sends the signal if the process can be identified. @returns `isRunning` before the signal */
  signal(pid: number, mark: string, log: string, signal: 'SIGTERM' | 'SIGKILL'): boolean;
}
