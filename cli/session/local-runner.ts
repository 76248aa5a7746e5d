// The `Runner` of a session outside GitHub: keeps what a login exports, and logs on standard error.
import type { Environment, Runner } from '../../src/ports.ts';
import type { Secret } from '../../src/secret.ts';
import type { Terminal } from '../terminal.ts';

export interface LocalRunner extends Runner {
  /** What the login exports for later programs. */
  readonly variables: ReadonlyMap<string, string | Secret>;
  readonly outputs: ReadonlyMap<string, string | Secret>;
  /** Directories for PATH. */
  readonly directories: readonly string[];
}

interface LocalRunnerDeps {
  env: Environment;
  terminal: Pick<Terminal, 'progress' | 'warn' | 'error'>;
  /** Called before each change that has to be undone. What it throws stops the login. Default: nothing is saved. */
  saveState?: (value: string) => void;
}

export function createLocalRunner({ env, terminal, saveState = () => {} }: LocalRunnerDeps): LocalRunner {
  const variables = new Map<string, string | Secret>();
  const outputs = new Map<string, string | Secret>();
  const directories: string[] = [];
  const isDebug = env('OCI_WIF_DEBUG') === '1';
  return {
    variables,
    outputs,
    directories,
    env,
    mask: () => {}, // no token is printed, so there is nothing to mask
    output: (name, value) => void outputs.set(name, value),
    exportVariable: (name, value) => void variables.set(name, value),
    addPath: (directory) => void directories.push(directory),
    saveState: (_name, value) => saveState(value),
    info: terminal.progress,
    warning: terminal.warn,
    error: terminal.error,
    summary: () => {},
    group: (title, lines) => {
      for (const line of [title, ...lines]) terminal.progress(line);
    },
    debug: (text) => {
      if (isDebug) terminal.progress(text);
    },
    isDebug: () => isDebug,
  };
}
