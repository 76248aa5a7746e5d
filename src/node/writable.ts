import { type System, thisSystem, withFileErrors } from './system.ts';

/**
 * Checks without writing that files can be created in a directory.
 * @throws ActionError FILES_NOT_WRITABLE
 */
export function assertWritable(directory: string, { fs }: System = thisSystem): void {
  withFileErrors(directory, () => fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK));
}
