// Node for Windows under Wine. Wine shows the files of this machine on drive Z:.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NodeCommand } from '../../emulator/runner/job.ts';
import { installed } from '../interop/install.ts';

const root = path.join(import.meta.dirname, '../..');
const WINE_DIRECTORY = '/usr/lib/wine';
export const WINE = path.join(WINE_DIRECTORY, 'wine64');
export const WINE_SERVER = path.join(WINE_DIRECTORY, 'wineserver64');
/** Variable with the directory of Wine's registry and drive C:. `setup.ts` sets it for all workers. */
export const PREFIX = 'WINEPREFIX';

/** Starts a step with the variables that the runner sets. Wine itself replaces PATH, TEMP, USERPROFILE and others. */
const RUNNER = path.join(import.meta.dirname, 'runner.mjs');
/**
 * Runs its arguments with files as output: Node cannot open the pipes of Wine 8, and background processes would keep
 * those of this machine open.
 */
const WITH_FILES =
  '"$@" >"$0.out" 2>"$0.err"; code=$?; cat "$0.out"; cat "$0.err" >&2; rm "$0".*; exit "$code"';

/** The program that was patched by `setup.ts`. */
export const nodeProgram = () => installed('windows', 'node.exe');

/** How programs for Windows spell a path of this machine. */
export function onWindows(file: string): string {
  return path.isAbsolute(file) ? `Z:${file.replaceAll('/', '\\')}` : file;
}

/** What Wine's own processes need, as variables of this machine. */
export function wineVariables(): Record<string, string> {
  const { PATH = '', [PREFIX]: prefix = '' } = process.env;
  return { PATH, LANG: 'C.UTF-8', HOME: prefix, [PREFIX]: prefix, WINEDEBUG: '-all' };
}

/** Starts Node for Windows. The runner finds processes by RUNNER_TRACKING_ID in the environment of this machine. */
export const windowsNode: NodeCommand = (args, env) => windowsProgram(nodeProgram(), args, env);

/** Paths of this machine among the arguments and variables become paths of Windows. */
export function windowsProgram(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): ReturnType<NodeCommand> {
  const { RUNNER_TRACKING_ID = '' } = env;
  const step = { file: translated(file), args: args.map(translated), env: variablesOf(env) };
  const variables = { ...wineVariables(), RUNNER_TRACKING_ID, WINDOWS_STEP: JSON.stringify(step) };
  const output = path.join(tmpdir(), `step-${randomUUID()}`);
  const command = [WINE, nodeProgram(), onWindows(RUNNER)];
  return { file: '/bin/sh', args: ['-c', WITH_FILES, output, ...command], env: variables };
}

/** Windows' spelling of PATH. A search path of this machine means nothing there. */
function variablesOf({ PATH: _, ...env }: Record<string, string>): Record<string, string> {
  const entries = Object.entries(env).map(([name, value]) => [name, translated(value)]);
  return { Path: 'C:\\windows\\system32;C:\\windows', ...Object.fromEntries(entries) };
}

function translated(text: string): string {
  if ([tmpdir(), root].some((directory) => text.startsWith(`${directory}/`))) return onWindows(text);
  return text.replaceAll(/file:\/\/\/(?![A-Za-z]:)/g, 'file:///Z:/');
}

/** Runs a program of Wine to its end. @throws Error when it fails */
export function wine(...args: readonly string[]): void {
  // No pipes: Wine's services would hold them open.
  const { status, error } = spawnSync(WINE, args, { env: wineVariables(), stdio: 'ignore' });
  if (status !== 0) throw new Error(`${WINE} ${args.join(' ')} failed (${error ?? status})`);
}
