// The journal of one run, and copies of what it changes: in a new directory that only this user can read. No secrets.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../src/ports.ts';
import type { WriteRequest } from '../connect/observed.ts';
import { CommandError } from '../failure.ts';
import { MAX_NAME } from './names.ts';

export interface Journal {
  directory: string;
  /** What was changed, in one line. */
  done(line: string): void;
  request(request: WriteRequest): void;
  /** @returns the path of the copy */
  copy(name: string, content: unknown): string;
  /** Whether a service has accepted a change. */
  hasChanges(): boolean;
}

/**
 * Creates the directory below `home`, mode 0700.
 * @throws CommandError FILE_NOT_WRITABLE, as the members do
 */
export function openJournal(home: string, name: string, clock: Clock): Journal {
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const directory = path.join(
    home,
    '.oci-wif',
    `${stamp}-${name.replace(/[^\w.-]+/g, '-').slice(0, MAX_NAME)}`,
  );
  const journal = path.join(directory, 'journal.jsonl');
  let [changed, copies] = [false, 0];
  const toDisk = (file: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CommandError('FILE_NOT_WRITABLE', `The journal ${file} cannot be written (${code}).`);
    }
  };
  toDisk(journal, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(journal, '', { mode: 0o600, flag: 'wx' });
  });
  const write = (entry: Readonly<Record<string, unknown>>) => {
    const line = `${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...entry })}\n`;
    toDisk(journal, () => appendFileSync(journal, line));
  };
  return {
    directory,
    done(line) {
      changed = true;
      write({ done: line });
    },
    request({ status, ...request }) {
      if (status !== undefined && status < 400) changed = true;
      write({ ...request, ...(status === undefined ? { sent: true } : { status }) });
    },
    copy(object, content) {
      copies += 1;
      const target = path.join(directory, `${object.replace(/[^\w.-]+/g, '-')}-before-${copies}.json`);
      const text = `${JSON.stringify(content, undefined, 2)}\n`;
      toDisk(target, () => writeFileSync(target, text, { mode: 0o600, flag: 'wx' }));
      return target;
    },
    hasChanges: () => changed,
  };
}
