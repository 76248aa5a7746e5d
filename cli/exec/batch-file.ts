// Batch files on Windows, which only cmd.exe runs. It parses the line once more: an argument must not become a command.
import path from 'node:path';
import { CommandError } from '../failure.ts';
import { type Variables, withUpperCase } from './environment.ts';

export function isBatchFile(file: string): boolean {
  return /^\.(bat|cmd)$/i.test(path.win32.extname(file));
}

/**
 * @returns the command line for cmd.exe, whose arguments are quoted and must be passed as they are
 * @throws CommandError OPTION_INVALID for an argument that no quoting protects
 * @see CVE-2024-24576; Rust, `make_bat_command_line` in library/std/src/sys/args/windows.rs
 */
export function batchCommand(
  file: string,
  args: readonly string[],
  env: Variables,
): { file: string; args: readonly string[]; argv0: string } {
  const { COMSPEC: shell = 'cmd.exe' } = withUpperCase(env);
  const unsafe = [file, ...args].find((one) => /[\r\n\0]/.test(one));
  if (unsafe !== undefined) {
    const text = `cmd.exe cannot pass an argument with a line break to the batch file ${file}: ${JSON.stringify(unsafe)}.`;
    throw new CommandError('OPTION_INVALID', text, { remedy: 'Run the program itself instead.' });
  }
  const line = [file, ...args].map(quoted).join(' ');
  // Without delayed expansion (/v:OFF), `!` has no meaning. With /s, only the outer quotation marks are removed.
  return { file: shell, args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', `"${line}"`], argv0: shell };
}

/** `%%cd:~,%` is an empty part of a variable: cmd.exe then expands no name that follows. */
function quoted(argument: string): string {
  const text = argument.replaceAll(/(\\*)("|$)/g, (_all, slashes: string, mark: string) =>
    mark === '' ? slashes.repeat(2) : `${slashes.repeat(2)}""`,
  );
  return `"${text.replaceAll('%', '%%cd:~,%')}"`;
}
