// Files, standard input and output for the plugins of kubectl and Docker. A tool starts its plugin at each call: keep this small.
import fs from 'node:fs';

/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now();
}

/**
 * Reads a file of the session.
 * @throws Error whose message is for the user
 */
export function readSessionFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const isGone = code === 'ENOENT' || code === 'ENOTDIR';
    throw new Error(
      isGone
        ? `The session is gone: ${file} does not exist. The clean-up or another login removed it. Log in again.`
        : `${file} cannot be read (${code}). Run this step as the user of the login.`,
    );
  }
}

/** What the tool writes for its plugin. */
export function readStandardInput(): string {
  return fs.readFileSync(0, 'utf8');
}

/** Prints what the tool expects. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Prints the reason and what to do. Does not exit, so that Node can write the whole text. */
export function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : 'unexpected failure';
  // The runner executes `##[…]` anywhere in a line: see `withoutCommands`, which would double the size of a plugin.
  process.stderr.write(`oci-wif-action: ${text.replace(/(##\w*)\[/g, '$1 [')}\n`);
  process.exitCode = 1;
}
