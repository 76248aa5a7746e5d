// The credential helper as Docker runs it: a program `docker-credential-<name>` on PATH. Pure.
import { helperName } from '../profiles/json-members.ts';

/** What the helper gets as arguments, before those of Docker. */
export interface HelperCommand {
  /** Absolute path of Node, and its arguments. */
  program: readonly string[];
  /** Absolute paths. */
  keyFile: string;
  tokenFile: string;
  /** The registries that it knows. */
  hosts: readonly string[];
}

/** The program file: a shell script, because `node` is often not on PATH. Without NODE_OPTIONS, which could load code. */
export function helperFile(
  loginId: string,
  { program, keyFile, tokenFile, hosts }: HelperCommand,
  platform: NodeJS.Platform,
): { name: string; content: string } {
  const name = `docker-credential-${helperName(loginId)}`;
  const words = [...program, keyFile, tokenFile, hosts.join(',')];
  if (platform === 'win32') {
    // A batch file expands variables also in quotes.
    const quoted = words.map((word) => `"${word.replaceAll('%', '%%')}"`).join(' ');
    return { name: `${name}.cmd`, content: `@echo off\r\nset NODE_OPTIONS=\r\n${quoted} %*\r\n` };
  }
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return { name, content: `#!/bin/sh\nunset NODE_OPTIONS\nexec ${quoted} "$@"\n` };
}
