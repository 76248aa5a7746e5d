// Whether a directory can be written into, asked without writing.
import { guarded, type System, thisSystem } from './system.ts';

/** @throws ActionError FILES_NOT_WRITABLE */
export function assertWritable(directory: string, { fs }: System = thisSystem): void {
  guarded(directory, () => fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK));
}
