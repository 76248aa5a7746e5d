// What a command shows and asks. Results go to standard output; progress, questions and errors go to standard error.
import util from 'node:util';
import type { Environment } from '../src/ports.ts';
import { withoutCommands } from '../src/response.ts';
import { CommandError } from './failure.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  /** Whether somebody can answer a question. */
  isInteractive: boolean;
  /** A result for people. It may hold names that others have chosen: commands of the runner in it have no effect. */
  print(text: string): void;
  /** A result for programs: one JSON document. */
  printJson(value: unknown): void;
  /** One line for each step. */
  progress(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** For `print`. Unchanged when standard output shows no colors. */
  style(style: Style, text: string): string;
  /**
   * Asks for a text that must be typed exactly, such as `yes` or the name of a domain.
   * @returns whether it was typed
   * @throws CommandError OPTION_INVALID when nobody can answer. @param instead the option that replaces the answer
   */
  confirm(question: string, expected: string, instead?: string): Promise<boolean>;
}

interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
}

export function createTerminal({ stdin, stdout, stderr }: Streams, env: Environment): Terminal {
  // The reader of a pipe may end at any time, as `head` does. What was begun is finished nevertheless.
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  const styled = (stream: Streams['stdout'], style: Style, text: string) =>
    hasColors(stream, env) ? util.styleText(style, text, { validateStream: false }) : text;
  const line = (text: string, start = '') => stderr.write(`${withoutCommands(start + plain(text))}\n`);
  return {
    isInteractive,
    print: (text) => stdout.write(`${text.split('\n').map(withoutCommands).join('\n')}\n`),
    printJson: (value) => stdout.write(`${jsonText(value)}\n`),
    progress: (text) => line(text),
    warn: (text) => line(text, `${styled(stderr, 'yellow', 'warning:')} `),
    error: (text) => line(text, `${styled(stderr, 'red', 'error:')} `),
    style: (style, text) => styled(stdout, style, text),
    async confirm(question, expected, instead) {
      if (!isInteractive) {
        const remedy = instead === undefined ? 'Run the command in a terminal.' : `Add ${instead}.`;
        const text = 'Nobody can confirm, because standard input is not a terminal. Nothing was changed.';
        throw new CommandError('OPTION_INVALID', text, { remedy });
      }
      const text = plain(`${question} Type ${expected} to continue: `);
      return (await ask({ stdin, stderr }, text)) === expected;
    },
  };
}

/** Replaces line breaks, control characters and bidirectional controls, so that a name cannot hide text or start a line. */
export function plain(text: string): string {
  return text.replace(UNSAFE, ' ');
}

const UNSAFE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

/** The same value, also in a log: no string of it has a command of a CI system. */
function jsonText(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const lines = JSON.stringify(value, undefined, 2).split('\n');
  return lines.map((line) => line.replace(UNSAFE, escaped).replace(/(##\w*)\[/g, '$1\\u005b')).join('\n');
}

async function ask({ stdin, stderr }: Pick<Streams, 'stdin' | 'stderr'>, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: stdin, output: stderr });
  try {
    // Ctrl-C reaches the reader, not the process. Ctrl-D ends the input, which is no answer. Neither ends the line.
    reader.once('SIGINT', () => {
      stderr.write('\n');
      process.kill(process.pid, 'SIGINT');
    });
    const ended = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
    const answer = await Promise.race([reader.question(question), ended]);
    if (answer === undefined) stderr.write('\n');
    return answer?.trim() ?? '';
  } finally {
    reader.close();
  }
}

/** @see https://no-color.org */
function hasColors(stream: Streams['stdout'], env: Environment): boolean {
  return stream.isTTY === true && !env('NO_COLOR') && env('TERM') !== 'dumb';
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
