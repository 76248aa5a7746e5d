// What the use cases need from outside, as types only. Implemented by `runner/` and `platform/`.
import type { Secret } from './secret.ts';

/** The GitHub runner: its protocol for inputs, outputs, environment, masks, state and log. */
export interface Runner {
  env(name: string): string | undefined;
  /** Registers the value and each of its lines, so that a multi-line secret is masked as the runner matches: by line. */
  mask(secret: Secret): void;
  output(name: string, value: string | Secret): void;
  exportVariable(name: string, value: string | Secret): void;
  saveState(name: string, value: string): void;
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
  /** Appends Markdown to the job summary of this step; never fails, a login is worth more than its summary. */
  summary(text: string): void;
  /** Lines of the log that are folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /** Shown with debug logging only. */
  debug(text: string): void;
  isDebug(): boolean;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Names the call in log lines and messages. */
  label: string;
  /** True for a call whose failure is no more than worth a warning: one try, and a short one. */
  isOptional?: boolean;
  /** A transient refusal that its status does not show; the text says why a further try makes sense. */
  transient?: (response: HttpResponse) => string | undefined;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** How many tries it took, and why there was no further one, for messages. */
  tries?: string;
}

/** The HTTP proxy that a request has to go through. */
export interface HttpProxy {
  /** Its origin, without credentials. */
  url: URL;
  /** Value of `Proxy-Authorization`. */
  authorization: Secret | undefined;
}

export interface Http {
  /** Says that a request to this origin will come soon, so that its connection may be opened meanwhile. */
  preconnect(url: URL): void;
  /**
   * Sends what `describe` builds and repeats by the one retry policy; the request is built anew for every try,
   * so that a short-lived token in it can be renewed. Redirects are answers, never followed.
   * @throws TransportError when no try brought a complete answer
   */
  send(describe: () => HttpRequest | Promise<HttpRequest>): Promise<HttpResponse>;
}

export interface FileState {
  /** Changes with every write to the file and every replacement. */
  id: string;
  /** Milliseconds since a program wrote it; infinite for what is absent and for what `replace` has put there. */
  ageMs: number;
  /** Milliseconds since anything of it changed; infinite for what is absent. */
  quietMs: number;
}

export type FileKind = 'absent' | 'file' | 'directory' | 'link' | 'other';

/**
 * Files of the runner's own user, none of them followed through a link.
 * Every member throws FILES_NOT_WRITABLE or PATH_UNSAFE when the system refuses.
 */
export interface Files {
  kind(path: string): FileKind;
  state(path: string): FileState;
  /** Why a directory is not to be written into, to be read after its name; undefined if it is ours alone, or absent. */
  whyUnsafe(directory: string): string | undefined;
  read(path: string): Uint8Array;
  list(directory: string): string[];
  /** Makes one directory, 0700; its parent must exist, and it must not. */
  makeDirectory(path: string): void;
  /** Likewise, but another process may make it first. */
  ensureDirectory(path: string): void;
  /** Makes a new file, 0600; an existing one is an error. */
  create(path: string, content: Uint8Array | string): void;
  /**
   * Replaces a file in one step by way of `scratch` on the same file system, keeping its mode; a new one gets 0600.
   * @throws Contention when its state is given and no longer this one; nothing is changed then
   */
  replace(path: string, content: Uint8Array, scratch: string, state?: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  removeTree(path: string): void;
  removeIfEmpty(directory: string): void;
}

export interface Lock {
  /**
   * Runs `work` while no other process holds the lock of `path`. `prepare` is called before every attempt and sees to
   * it that the directory exists; another process may remove an empty one at any time. Work that meets a `Contention`
   * is run again from its beginning.
   * @throws ActionError CONFIG_LOCKED when the lock cannot be had in time, and what `work` throws
   */
  hold<T>(path: string, prepare: () => void, work: () => T): Promise<T>;
}

/** What it takes to change files that others share. */
export interface Disk {
  files: Files;
  lock: Lock;
  clock: Clock;
}

/** A process that outlives the step. */
export interface Background {
  /**
   * Starts a script of ours and returns once it has taken its instructions.
   * @returns the number of the process
   * @throws ActionError REFRESHER_NOT_STARTED, and as `Files` for the log
   */
  start(command: {
    script: string;
    /** An argument that tells the process from every other one. */
    mark: string;
    /** A new file for what it has to say. */
    log: string;
    instructions: Secret;
  }): Promise<number>;
  isRunning(pid: number, mark: string): boolean;
  /** Ends exactly that process, and what it has started, at once; nothing if it cannot be told from others. */
  kill(pid: number, mark: string): void;
}
