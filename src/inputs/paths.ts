// Comparison of paths by the rules of each platform. Does not access the file system, so it does not resolve links.
import path from 'node:path';

export interface HomeDirectories {
  /** HOME (USERPROFILE on Windows), else the account's home directory; undefined if neither is an absolute path. */
  home: string | undefined;
  /** From the user database, where clients in Go and Java look it up; undefined without an entry. */
  account: string | undefined;
}

/** Where a profile is: a section of an OCI config file. */
export interface ProfileLocation {
  configFile: string;
  profile: string;
}

/** Whether a file is below a directory. A directory is not inside itself. */
export function isInside(
  file: string,
  directory: string,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const { relative, isAbsolute, sep } = pathsOf(platform);
  const relativePath = relative(comparable(directory, platform), comparable(file, platform));
  const isOutside = relativePath === '..' || relativePath.startsWith(`..${sep}`) || isAbsolute(relativePath);
  return relativePath !== '' && !isOutside;
}

/** Whether two spellings name one path. */
export function isSamePath(a: string, b: string, platform: NodeJS.Platform = process.platform): boolean {
  return comparable(a, platform) === comparable(b, platform);
}

/** The variable from which Node and most clients take the home directory. */
export function homeVariable(platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? 'USERPROFILE' : 'HOME';
}

/** `node:path` for a platform that may differ from this one. */
export function pathsOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

/** Whether a path is the same file for every working directory and, on Windows, for every current drive. */
export function isFullPath(file: string, platform: NodeJS.Platform = process.platform): boolean {
  const hasDrive = platform !== 'win32' || /^([a-z]:|[\\/]{2})/i.test(file);
  return hasDrive && pathsOf(platform).isAbsolute(file);
}

export function startsAtHome(file: string): boolean {
  return /^~[/\\]/.test(file);
}

/** Replaces `~/` at the beginning, as a shell does. */
export function expandHome(file: string, home: string, platform: NodeJS.Platform = process.platform): string {
  return startsAtHome(file) ? pathsOf(platform).join(home, file.slice(2)) : file;
}

/** The same text for all spellings of one path. Does not know short names (PROGRA~1), which need the disk. */
function comparable(name: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') {
    // Win32 drops dots and spaces at the end of a name; `\\?\` and `\\.\` are prefixes of the same paths.
    const plain = name.replaceAll('/', '\\').replace(/^\\\\[?.]\\(?=[a-z]:)/i, '');
    return plain.replace(/(?<=[^\\. ])[. ]+(?=\\|$)/g, '').toLowerCase();
  }
  if (platform === 'darwin') {
    // The file system ignores case and Unicode composition; /tmp, /var and /etc are links into /private.
    const plain = name.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/i, '');
    return plain.normalize('NFC').toLowerCase();
  }
  return name;
}

/** The home directory in which clients find this file as `~/.oci/config`; undefined if it has another name. */
export function homeOfConfig(file: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const { basename, dirname } = pathsOf(platform);
  const name = comparable(`${basename(dirname(file))}/${basename(file)}`, platform);
  return name === comparable('.oci/config', platform) ? dirname(dirname(file)) : undefined;
}
