// Words and comments of a POSIX shell, for commands that people copy.
import { inShell } from '../src/diagnosis/trust-template.ts';

export { inShell };

/** Without quotes where a shell needs none. */
export const inShellIfNeeded = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : inShell(text));

/** Joins the words of a command; empty ones are left out. */
export const words = (...all: readonly string[]) => all.filter((one) => one !== '').join(' ');

/** On one line, whatever the text. */
export const comment = (text: string) => `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
