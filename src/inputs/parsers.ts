// One rule per kind of input: a string in, a value out, or a refusal that says what would have been right.

import { expandHome, isInside, pathsOf } from './paths.ts';
import { isConfidential } from './urls.ts';

/** What a rule may know of the machine. */
export interface InputContext {
  /** Absolute; undefined when neither the environment nor the account names one. */
  home: string | undefined;
  /** The checkout, into which nothing is ever written; absent outside a job. */
  workspace: string | undefined;
  /** Default: the one this runs on. */
  platform?: NodeJS.Platform;
}

/** Why a value was refused, to be read after the name of the input. */
export class Refusal extends Error {}

const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];
const MAX_SHOWN = 60;

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Quoted, cut, and on one line: JSON leaves some control characters as they are. */
export function shown(raw: string): string {
  const quoted = JSON.stringify(raw.length > MAX_SHOWN ? `${raw.slice(0, MAX_SHOWN)}…` : raw);
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return quoted.replace(new RegExp(CONTROL, 'gu'), escaped);
}

export function refuse(why: string): never {
  throw new Refusal(why);
}

export function onOneLine(raw: string): string {
  return CONTROL.test(raw) ? refuse('must be a single line without control characters') : raw;
}

/** The six spellings of YAML 1.2; anything else would fail open one way or the other. */
export function boolean(raw: string): boolean {
  if (TRUE.includes(raw)) return true;
  if (FALSE.includes(raw)) return false;
  return refuse(`must be true or false, not ${shown(raw)}`);
}

export function integer(least: number, most: number): (raw: string) => number {
  return (raw) => {
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= least && value <= most) return value;
    return refuse(`must be a whole number from ${least} to ${most}, not ${shown(raw)}`);
  };
}

export function oneOf<const T extends string>(known: readonly T[]): (raw: string) => T {
  return (raw) =>
    known.find((one) => one === raw) ?? refuse(`must be ${known.join(' or ')}, not ${shown(raw)}`);
}

/** A list on commas and newlines, without its empty entries. */
export function entriesOf(raw: string): string[] {
  const entries = raw.split(/[,\n]/).map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

/** A list on commas and newlines, each entry one of `known`; `none` alone is the empty list. */
export function choices<T extends string>(known: readonly T[]): (raw: string) => readonly T[] {
  return (raw) => {
    const names = entriesOf(raw);
    if (names.length === 1 && names[0] === 'none') return [];
    const unknown = names.filter((name) => !known.some((one) => one === name));
    if (unknown.length > 0 || names.length === 0) {
      return refuse(`takes ${known.join(', ')}, or none on its own; not ${shown(unknown.join(', '))}`);
    }
    return known.filter((one) => names.includes(one));
  };
}

/** Spellings that administrators paste: with `:443`, a trailing slash, or the token path of Java's SDK. */
export function domainUrl(raw: string): URL {
  onOneLine(raw);
  // Before anything repeats the value: what stands before an @ may be a password.
  if (raw.includes('@')) return refuse('must not contain a user name or password');
  if (!/^https?:\/\/[^/]/i.test(raw) || !URL.canParse(raw)) {
    return refuse(
      `must be the URL of the identity domain, https://idcs-….identity.oraclecloud.com, not ${shown(raw)}`,
    );
  }
  const url = new URL(raw);
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(raw))
    return refuse('must have no query and no fragment');
  if (!isConfidential(url)) return refuse('must begin with https://');
  if (!/^\/*(oauth2\/v1\/token\/*)?$/.test(url.pathname)) {
    return refuse(`must be the domain's origin without a path, not ${shown(raw)}`);
  }
  return new URL(url.origin);
}

/** Where a service is to be asked instead of at its usual address. */
export function endpoint(raw: string): URL {
  onOneLine(raw);
  if (raw.includes('@')) return refuse('must not contain a user name or password');
  if (!URL.canParse(raw)) return refuse(`must be a URL, https://…, not ${shown(raw)}`);
  const url = new URL(raw);
  if (!isConfidential(url)) return refuse('must begin with https://');
  if (url.pathname !== '/' || /[?#]/.test(raw))
    return refuse('must be an origin without path, query or fragment');
  return new URL(url.origin);
}

/** RFC 7617 section 2: the user id of Basic credentials ends at the first colon. */
export function clientId(raw: string): string {
  return /^[\x21-\x39\x3b-\x7e]{1,255}$/.test(raw)
    ? raw
    : refuse(`must be the client id of the application, without spaces or colons`);
}

export function clientSecret(raw: string): string {
  return onOneLine(raw);
}

/** Unknown but well-formed names pass: the list of regions grows monthly. */
export function region(raw: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(raw)) return raw;
  return refuse(`must be the long name of a region, such as us-ashburn-1, not ${shown(raw)}`);
}

export function tenancy(raw: string): string {
  if (/^ocid1\.tenancy\.oc\d{1,3}\.[a-z0-9-]*\.[a-z0-9]{1,100}$/.test(raw)) return raw;
  return refuse(`must be the OCID of a tenancy, ocid1.tenancy.oc1..…, not ${shown(raw)}`);
}

/** What a trust compares as a whole: an audience, a type of resource. */
export function word(raw: string): string {
  return /^[\x21-\x7e]{1,255}$/.test(raw) ? raw : refuse(`must be one word of ASCII text, not ${shown(raw)}`);
}

/** Names of devices: Windows opens the device, whatever directory and extension are written round them. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The alphabet of the OCI CLI's own session commands: what they refuse, they could not manage. */
export function profileName(
  raw: string,
  { platform = process.platform }: Pick<InputContext, 'platform'> = {},
): string {
  if (!/^[A-Za-z0-9._@-]{1,64}$/.test(raw) || raw === '.' || raw === '..')
    return refuse(`takes up to 64 letters, digits and . _ - @, not ${shown(raw)}`);
  // The name becomes a directory; Windows drops a final dot, and two profiles would share one.
  if (platform === 'win32' && (WINDOWS_DEVICE.test(raw) || raw.endsWith('.')))
    return refuse(`must be a name that Windows can give to a directory, not ${shown(raw)}`);
  return raw;
}

export const NO_HOME =
  'needs a home directory, and neither HOME nor the account names an absolute one: set HOME';

/** A profile in files for which no input gives another place. */
export function profileAtHome(raw: string, surroundings: InputContext): string {
  return surroundings.home === undefined ? refuse(NO_HOME) : profileName(raw, surroundings);
}

/**
 * Absolute, so that every later step finds it whatever its directory; never inside the checkout.
 * Without a home, one below `~/` stays as written: only a session has to refuse it.
 */
export function configFile(raw: string, surroundings: InputContext): string {
  const { home, workspace, platform = process.platform } = surroundings;
  onOneLine(raw);
  if (/[/\\]$/.test(raw)) return refuse(`must name a file, not the directory ${shown(raw)}`);
  if (home === undefined && isBelowHome(raw)) return raw;
  const expanded = home === undefined ? raw : expandHome(raw, home);
  const { isAbsolute, normalize, dirname, join } = pathsOf(platform);
  // A path that begins with a slash is on whichever drive a step of Windows happens to work.
  const hasDrive = platform !== 'win32' || /^([a-z]:|[\\/]{2})/i.test(expanded);
  if (!isAbsolute(expanded) || !hasDrive)
    return refuse(`must be an absolute path or begin with ~/, not ${shown(raw)}`);
  const file = normalize(expanded);
  const sessions = join(dirname(file), 'sessions'); // the keys lie below
  const reaches = (checkout: string) =>
    [file, join(sessions, '_')].some((one) => isInside(one, checkout, platform)) ||
    isInside(checkout, sessions, platform);
  if (workspace !== undefined && reaches(workspace)) {
    return refuse('must lie outside the checkout (GITHUB_WORKSPACE), where later steps could publish it');
  }
  return file;
}

export function isBelowHome(file: string): boolean {
  return /^~[/\\]/.test(file);
}
