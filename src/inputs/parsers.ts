// Parsers of single inputs: text to value. Each throws an InputError that says what would be valid.
import { expandHome, homeVariable, isFullPath, isInside, pathsOf, startsAtHome } from './paths.ts';

/** What a parser may know about the machine. The programs give canonical paths: see `Files.canonical`. */
export interface InputContext {
  /** Absolute path; undefined when neither the environment nor the account has one. */
  home: string | undefined;
  /** The checkout, into which this action never writes; undefined outside a job. */
  workspace: string | undefined;
  /** Default: no access to the file system. */
  canonical?: (file: string) => string;
  /** Default: this machine's. */
  platform?: NodeJS.Platform;
}

/** Why a value is invalid. The message continues a sentence that begins with the name of the input. */
export class InputError extends Error {}

export const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const MAX_QUOTED = 60;

/** A value for a message: in quotes, shortened, on one line. JSON does not escape all control characters. */
export function quoted(raw: string): string {
  const json = JSON.stringify(raw.length > MAX_QUOTED ? `${raw.slice(0, MAX_QUOTED)}…` : raw);
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(new RegExp(CONTROL, 'gu'), escaped);
}

export function invalid(reason: string): never {
  throw new InputError(reason);
}

export function singleLine(raw: string): string {
  return CONTROL.test(raw) ? invalid('must be a single line without control characters') : raw;
}

/** @param requirement continues the sentence that the input's name begins, such as "must be …" */
export function matching(pattern: RegExp, requirement: string): (raw: string) => string {
  return (raw) => (pattern.test(raw) ? raw : invalid(`${requirement}, not ${quoted(raw)}`));
}

/** The spellings of YAML 1.2, as `core.getBooleanInput` accepts them. */
const BOOLEAN = /^(true|True|TRUE|false|False|FALSE)$/;

export function boolean(raw: string): boolean {
  if (!BOOLEAN.test(raw)) return invalid(`must be true or false, not ${quoted(raw)}`);
  return raw.toLowerCase() === 'true';
}

/** `auto`: only when the session or a token file expires soon. */
export type RefreshMode = 'auto' | 'always' | 'never';

export function refreshMode(raw: string): RefreshMode {
  if (raw === 'auto') return raw;
  if (!BOOLEAN.test(raw)) return invalid(`must be auto, true or false, not ${quoted(raw)}`);
  return raw.toLowerCase() === 'true' ? 'always' : 'never';
}

export function integer(least: number, most: number): (raw: string) => number {
  return (raw) => {
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= least && value <= most) return value;
    return invalid(`must be a whole number from ${least} to ${most}, not ${quoted(raw)}`);
  };
}

export function oneOf<const T extends string>(known: readonly T[]): (raw: string) => T {
  return (raw) =>
    known.find((value) => value === raw) ?? invalid(`must be ${known.join(' or ')}, not ${quoted(raw)}`);
}

/** Entries separated by commas or newlines, without empty ones. */
export function splitList(raw: string): string[] {
  const entries = raw.split(/[,\n]/).map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

/** A list of names out of `known`; `none` alone is the empty list. */
export function choices<T extends string>(known: readonly T[]): (raw: string) => readonly T[] {
  return (raw) => {
    const names = splitList(raw);
    if (names.length === 1 && names[0] === 'none') return [];
    const unknown = names.filter((name) => !known.some((value) => value === name));
    if (unknown.length > 0 || names.length === 0) {
      return invalid(`must be none or a list of ${known.join(', ')}; not ${quoted(unknown.join(', '))}`);
    }
    return known.filter((value) => names.includes(value));
  };
}

/** Accepts what administrators paste: `:443`, a trailing slash, or the token path that Oracle's Java SDK uses. */
export function domainUrl(raw: string): URL {
  const url = confidentialUrl(raw, 'the identity domain, https://idcs-….identity.oraclecloud.com');
  if (!/^\/*(oauth2\/v1\/token\/*)?$/.test(url.pathname))
    return invalid(`must be the identity domain's URL without a path, not ${quoted(raw)}`);
  return new URL(url.origin);
}

/** The origin of a service. */
export function endpoint(raw: string): URL {
  const url = confidentialUrl(raw, 'the endpoint, https://…');
  return url.pathname === '/' ? new URL(url.origin) : invalid('must be a URL without a path');
}

function confidentialUrl(raw: string, what: string): URL {
  singleLine(raw);
  // Checked before any message quotes the value: it may hold a password.
  if (raw.includes('@')) return invalid('must not contain a user name or password');
  if (!/^[a-z]+:\/\/[^/]/i.test(raw) || !URL.canParse(raw))
    return invalid(`must be the URL of ${what}, not ${quoted(raw)}`);
  if (/[?#]/.test(raw)) return invalid('must be a URL without query and fragment');
  const url = new URL(raw);
  return isConfidential(url) ? url : invalid('must begin with https://');
}

export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Whether a secret may be sent to this URL: over TLS, or without leaving this machine. */
export function isConfidential(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** RFC 7617 section 2: the user id of Basic credentials ends at the first colon. */
export function clientId(raw: string): string {
  if (/^[\x21-\x39\x3b-\x7e]{1,255}$/.test(raw)) return raw;
  // The value is not quoted: it may be a secret in the wrong place.
  return invalid('must be the client ID of the application, without spaces and colons');
}

/** The form of region names of OCI and AWS. Unknown names are valid, because new regions appear every month. */
export function regionName(what: string): (raw: string) => string {
  return matching(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, `must be ${what}`);
}

export const region = regionName('the long name of an OCI region, such as us-ashburn-1');

/** Old tenancies have OCIDs such as `ocidv1:tenancy:oc1:phx:1460406592660:aaaa…`. */
export const tenancy = matching(
  /^ocid(1\.tenancy\.[a-z0-9]+\.[a-z0-9-]*\.|v1:tenancy:[a-z0-9]+:[a-z0-9-]+:(\d+:)?)[a-z0-9]{1,100}$/,
  'must be the OCID of a tenancy, ocid1.tenancy.oc1..…',
);

/** What Oracle's examples of a trust require as the audience of the job's token. */
export const DEFAULT_AUDIENCE = 'https://cloud.oracle.com';

/** A value that a trust compares as a whole: an audience, a resource type. */
export const word = matching(/^[\x21-\x7e]{1,255}$/, 'must be ASCII text without spaces');

/** Windows opens a device under these names, in every directory and with every extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Accepts the names that the OCI CLI's own session commands accept. */
export function profileName(
  raw: string,
  { platform = process.platform }: Pick<InputContext, 'platform'> = {},
): string {
  if (!/^[A-Za-z0-9._@-]{1,64}$/.test(raw) || raw === '.' || raw === '..')
    return invalid(`must have up to 64 letters, digits and . _ - @, not ${quoted(raw)}`);
  // The name becomes a directory. Windows drops a dot at the end, so that two profiles would share one.
  if (platform === 'win32' && (WINDOWS_DEVICE.test(raw) || raw.endsWith('.')))
    return invalid(`must be a name that Windows allows for a directory, not ${quoted(raw)}`);
  return raw;
}

export const NO_HOME = `needs a home directory, but neither ${homeVariable()} nor the account has an absolute one: set ${homeVariable()}`;

/** The name of an AWS profile, in files below the home directory. */
export function awsProfile(raw: string, context: InputContext): string {
  // botocore takes the section in `credentials` for defaults of all profiles, which then use these keys.
  if (raw === 'DEFAULT')
    return invalid('must not be DEFAULT. For the profile that AWS tools use by default, write default');
  return context.home === undefined ? invalid(NO_HOME) : profileName(raw, context);
}

/**
 * An absolute path, because later steps have other working directories; never in the checkout.
 * Without a home directory, `~/…` is returned unchanged: it is an error only if a session is written.
 */
export function configFile(raw: string, context: InputContext): string {
  const { home, workspace, platform = process.platform } = context;
  singleLine(raw);
  if (/[/\\]$/.test(raw)) return invalid(`must be a file, not the directory ${quoted(raw)}`);
  if (home === undefined && startsAtHome(raw)) return raw;
  const expanded = home === undefined ? raw : expandHome(raw, home, platform);
  const { canonical = pathsOf(platform).normalize } = context;
  if (!isFullPath(expanded, platform))
    return invalid(`must be an absolute path or begin with ~/, not ${quoted(raw)}`);
  const file = canonical(expanded);
  if (platform === 'win32' && file.split('\\').some((name) => WINDOWS_DEVICE.test(name)))
    return invalid(`must not contain a name that Windows reserves for a device: ${quoted(raw)}`);
  if (workspace !== undefined && writesInto(workspace, file, platform))
    return invalid('must be outside the checkout, where later steps could publish it');
  return file;
}

/** Whether a login with this config file would write into the checkout. Keys are in `sessions` beside the file. */
function writesInto(checkout: string, file: string, platform: NodeJS.Platform): boolean {
  const { dirname, join } = pathsOf(platform);
  const sessions = join(dirname(file), 'sessions');
  const isWithin = [file, join(sessions, '_')].some((written) => isInside(written, checkout, platform));
  return isWithin || isInside(checkout, sessions, platform);
}
