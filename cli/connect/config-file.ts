import { readFileSync } from 'node:fs';
import { CommandError } from '../failure.ts';

/**
 * Reads a file of credentials, one character per byte.
 * @param name begins the message. Default: its path
 * @throws CommandError CREDENTIALS_UNUSABLE
 */
export function readConfigFile(
  file: string,
  { name = file, remedy }: { name?: string; remedy: string },
): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CommandError('CREDENTIALS_UNUSABLE', `${name} ${what}.`, { remedy });
  }
}
