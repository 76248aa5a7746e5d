// The instructions of the refresher. Main writes them to the standard input of that process: they hold secrets, so they
// never become an argument, an environment variable or a file.
import type { ClientAuthentication, ClientCredentials } from '../inputs/client-credentials.ts';
import type { OciConfig } from '../inputs/config.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { TokenFile } from '../profiles/session-files.ts';
import { Secret } from '../secret.ts';

export interface Validity {
  /** Milliseconds since the epoch by the clock of this machine, like every time in this directory. */
  issuedAt: number;
  expiresAt: number;
}

/** The OCI session token, in each file that has a copy. */
export interface SessionTarget {
  kind: 'session';
  validity: Validity;
  renewableUntil: number;
  /** `spec` of the IdTokenSource. */
  source: unknown;
  client: ClientAuthentication;
  /** The tenancy is that of the first session. */
  config: Pick<OciConfig, 'audience' | 'tenancy' | 'resource'>;
  publicKey: Pick<KeyPair, 'publicKeyBase64' | 'publicJwk'>;
  /** See `macOf`. */
  macKey: Secret | undefined;
  tokenFiles: readonly TokenFile[];
}

/** The job's ID token in a file, for clients that exchange it themselves. */
export interface IdTokenTarget {
  kind: 'id-token';
  validity: Validity;
  renewableUntil: number;
  source: unknown;
  audience: string;
  file: string;
}

/** The access token of the identity domain in a file, which AWS SDKs present to STS. */
export interface AccessTokenTarget {
  kind: 'access-token';
  validity: Validity;
  renewableUntil: number;
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
  targets: readonly RefreshTarget[];
}

export function filesOf(targets: readonly RefreshTarget[]): string[] {
  return targets.flatMap((target) =>
    target.kind === 'session' ? target.tokenFiles.map(({ file }) => file) : [target.file],
  );
}

/** The targets without the files that another refresher renews already. */
export function withoutFiles(targets: readonly RefreshTarget[], files: readonly string[]): RefreshTarget[] {
  const isNotRenewed = ({ file }: { file: string }) => !files.includes(file);
  return targets.flatMap((target): RefreshTarget[] => {
    if (target.kind !== 'session') return isNotRenewed(target) ? [target] : [];
    const tokenFiles = target.tokenFiles.filter(isNotRenewed);
    return tokenFiles.length > 0 ? [{ ...target, tokenFiles }] : [];
  });
}

/** JSON in which a member of a reserved name keeps the type of secrets and URLs. */
export function serializeRefreshSpec(spec: RefreshSpec): Secret {
  const text = JSON.stringify(spec, function tag(this: Record<string, unknown>, name, value: unknown) {
    const original = this[name]; // `value` is what `toJSON` made of it
    if (original instanceof Secret) return { $secret: original.reveal() };
    return original instanceof URL ? { $url: original.href } : value;
  });
  return new Secret(text);
}

/**
 * Main of the same version wrote the text over a private pipe, so it is whole or cut off.
 * @throws TypeError, without the text, which holds secrets
 */
export function parseRefreshSpec(json: string): RefreshSpec {
  try {
    return JSON.parse(json, (_name, value) => {
      if (typeof value?.$secret === 'string') return new Secret(value.$secret);
      return typeof value?.$url === 'string' ? new URL(value.$url) : value;
    });
  } catch {
    throw new TypeError('The refresher received instructions that it cannot read.');
  }
}
