// The instructions of the refresher. Main writes them to the standard input of that process: they hold secrets, so they
// never become an argument, an environment variable or a file.
import type { IdTokenSource } from '../github/id-token.ts';
import { type ClientCredentials, toClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { TokenFile } from '../profiles/session-files.ts';
import { parseObject } from '../response.ts';
import { Secret } from '../secret.ts';

export interface Validity {
  /** Milliseconds since the epoch, like every time in this directory. */
  issuedAt: number;
  expiresAt: number;
}

interface Target {
  validity: Validity;
}

/** The OCI session token, in each file that has a copy. */
export interface SessionTarget extends Target {
  kind: 'session';
  source: IdTokenSource;
  client: ClientCredentials;
  config: Pick<OciConfig, 'audience' | 'tenancy' | 'resource'>;
  publicKey: Pick<KeyPair, 'publicKeyBase64' | 'publicJwk'>;
  tokenFiles: readonly TokenFile[];
}

/** GitHub's ID token in a file, for clients that exchange it themselves. */
export interface IdTokenTarget extends Target {
  kind: 'id-token';
  source: IdTokenSource;
  audience: string;
  file: string;
}

/** The access token of the identity domain in a file, which AWS SDKs present to STS. */
export interface AccessTokenTarget extends Target {
  kind: 'access-token';
  client: ClientCredentials;
  scope: string;
  audience: string;
  file: string;
}

export type RefreshTarget = SessionTarget | IdTokenTarget | AccessTokenTarget;

export interface RefreshSpec {
  loginId: string;
  /** The refresher's own directory in the runner's temp area. It ends when this directory is gone. */
  directory: string;
  /** The directory of the OCI session. The refresher ends when this directory is gone. */
  sessionDirectory: string | undefined;
  domainUrl: URL;
  limits: { maxAttempts: number; requestTimeoutMs: number; timeoutMs: number };
  /** When GitHub's request token expires. */
  renewableUntil: number;
  targets: readonly RefreshTarget[];
}

export function filesOf(targets: readonly RefreshTarget[]): string[] {
  return targets.flatMap((target) =>
    target.kind === 'session' ? target.tokenFiles.map(({ file }) => file) : [target.file],
  );
}

/** The targets without the files that another refresher renews already. */
export function withoutFiles(targets: readonly RefreshTarget[], files: readonly string[]): RefreshTarget[] {
  const isOpen = ({ file }: { file: string }) => !files.includes(file);
  return targets.flatMap((target): RefreshTarget[] => {
    if (target.kind !== 'session') return isOpen(target) ? [target] : [];
    const tokenFiles = target.tokenFiles.filter(isOpen);
    return tokenFiles.length > 0 ? [{ ...target, tokenFiles }] : [];
  });
}

export function serializeRefreshSpec(spec: RefreshSpec): Secret {
  const text = JSON.stringify(spec, function reveal(this: Record<string, unknown>, key, value: unknown) {
    const original = this[key]; // `value` is what `toJSON` made of it
    return original instanceof Secret ? original.reveal() : value;
  });
  return new Secret(text);
}

/** @throws TypeError when the text is not a spec; the message names the member and never holds a value */
export function parseRefreshSpec(json: string): RefreshSpec {
  const spec = object({ spec: parseObject(json) }, 'spec');
  const limits = object(spec, 'limits');
  return {
    loginId: text(spec, 'loginId'),
    directory: text(spec, 'directory'),
    sessionDirectory: optional(text)(spec, 'sessionDirectory'),
    domainUrl: new URL(text(spec, 'domainUrl')),
    limits: {
      maxAttempts: number(limits, 'maxAttempts'),
      requestTimeoutMs: number(limits, 'requestTimeoutMs'),
      timeoutMs: number(limits, 'timeoutMs'),
    },
    renewableUntil: number(spec, 'renewableUntil'),
    targets: list(spec, 'targets').map(parseTarget),
  };
}

function parseTarget(target: Members): RefreshTarget {
  const kind = text(target, 'kind');
  const times = object(target, 'validity');
  const validity = { issuedAt: number(times, 'issuedAt'), expiresAt: number(times, 'expiresAt') };
  if (kind === 'session') return parseSessionTarget(target, validity);
  const fileTarget = { validity, file: text(target, 'file'), audience: text(target, 'audience') };
  if (kind === 'id-token') return { kind, ...fileTarget, source: source(target, 'source') };
  if (kind === 'access-token')
    return { kind, ...fileTarget, client: client(target, 'client'), scope: text(target, 'scope') };
  throw invalid('kind');
}

function parseSessionTarget(target: Members, validity: Validity): SessionTarget {
  const [config, publicKey] = [object(target, 'config'), object(target, 'publicKey')];
  const publicJwk = object(publicKey, 'publicJwk');
  const resource = optional(object)(config, 'resource');
  return {
    kind: 'session',
    validity,
    source: source(target, 'source'),
    client: client(target, 'client'),
    config: {
      audience: text(config, 'audience'),
      tenancy: optional(text)(config, 'tenancy'),
      resource: resource && {
        type: text(resource, 'type'),
        lifetimeSeconds: optional(number)(resource, 'lifetimeSeconds'),
      },
    },
    publicKey: {
      publicKeyBase64: text(publicKey, 'publicKeyBase64'),
      publicJwk: { n: text(publicJwk, 'n'), e: text(publicJwk, 'e') },
    },
    tokenFiles: list(target, 'tokenFiles').map((one) => ({
      file: text(one, 'file'),
      keyFile: text(one, 'keyFile'),
      lock: optional(text)(one, 'lock') ?? null,
    })),
  };
}

function source(from: Members, name: string): IdTokenSource {
  const members = object(from, name);
  return { url: new URL(text(members, 'url')), requestToken: new Secret(text(members, 'requestToken')) };
}

function client(from: Members, name: string): ClientCredentials {
  const members = object(from, name);
  return toClientCredentials(text(members, 'clientId'), new Secret(text(members, 'clientSecret')));
}

type Members = Readonly<Record<string, unknown>>;
type Parse<T> = (from: Members, name: string) => T;

const text = member((value) => typeof value === 'string');
const number = member((value) => typeof value === 'number');
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object = member(isMembers);
const list = member((value): value is Members[] => Array.isArray(value) && value.every(isMembers));

function member<T>(is: (value: unknown) => value is T): Parse<T> {
  return (from, name) => {
    const value = from[name];
    if (!is(value)) throw invalid(name);
    return value;
  };
}

function optional<T>(parse: Parse<T>): Parse<T | undefined> {
  return (from, name) => (from[name] === undefined || from[name] === null ? undefined : parse(from, name));
}

function invalid(name: string): TypeError {
  return new TypeError(`The refresh spec has no valid \`${name}\`.`);
}
