import { pathsOf } from '../inputs/paths.ts';
import { type System, thisSystem } from './system.ts';

/** See `Files.canonical`. */
export function canonicalPath(
  name: string,
  kind: 'directory' | 'file' = 'file',
  system: System = thisSystem,
): string {
  const { fs, platform } = system;
  const { basename, dirname, join, normalize } = pathsOf(platform);
  const isLink = () => {
    try {
      return fs.lstatSync(name).isSymbolicLink();
    } catch {
      return false; // absent
    }
  };
  const resolve = (one: string): string => {
    try {
      return fs.realpathSync.native(one);
    } catch {
      // Absent, or not readable: then later operations fail, too.
      return dirname(one) === one ? normalize(one) : join(resolve(dirname(one)), basename(one));
    }
  };
  return kind === 'file' && isLink() ? join(resolve(dirname(name)), basename(name)) : resolve(name);
}
