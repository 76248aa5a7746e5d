// Where a path lies in relation to another, as the platform counts. Pure: links on the way are not looked at.
import path from 'node:path';

export interface HomeDirectories {
  /** By HOME (USERPROFILE on Windows), else by the account; undefined if neither gives an absolute path. */
  home: string | undefined;
  /** By the account's entry in the user database, as clients in Go and Java look it up; undefined without an entry. */
  account: string | undefined;
}

/** Whether a file lies below a directory; the directory itself does not. */
export function isInside(
  file: string,
  directory: string,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const { relative, isAbsolute, sep } = pathsOf(platform);
  const way = relative(folded(directory, platform), folded(file, platform));
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  return way !== '' && !isOutside;
}

/** The rules for paths of a platform, which need not be the one this runs on. */
export function pathsOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

/** `~/` at the beginning is the home directory, as a shell would have it. */
export function expandHome(file: string, home: string): string {
  return /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}

/** One spelling for all names by which a platform takes the same file. Short names (PROGRA~1) only the disk could tell. */
function folded(name: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') {
    // Win32 drops dots and blanks at the end of a name; `\\?\` and `\\.\` may stand before the same paths.
    const plain = name.replaceAll('/', '\\').replace(/^\\\\[?.]\\(?=[a-z]:)/i, '');
    return plain.replace(/(?<=[^\\. ])[. ]+(?=\\|$)/g, '').toLowerCase();
  }
  if (platform === 'darwin') {
    // Its file system ignores case and the composition of letters; /tmp, /var and /etc are links into /private.
    const plain = name.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/i, '');
    return plain.normalize('NFC').toLowerCase();
  }
  return name;
}

/** The directory in which clients would look to find this file as their `.oci/config`; undefined if it is no such file. */
export function homeOfConfig(file: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const { basename, dirname } = pathsOf(platform);
  const isUsual = basename(file) === 'config' && basename(dirname(file)) === '.oci';
  return isUsual ? dirname(dirname(file)) : undefined;
}
