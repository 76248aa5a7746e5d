// Keys and tokens of the administrator, from files, the environment or standard input.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { readKeyPair } from '../../src/oci/key-pair.ts';
import { type SigningKey, sessionKey } from '../../src/oci/request-signature.ts';
import type { Environment } from '../../src/ports.ts';
import { isJwt, isTime } from '../../src/response.ts';
import { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';
import type { ConnectionOptions } from './options.ts';
import type { Profile } from './profile.ts';

/** @throws CommandError CREDENTIALS_UNUSABLE when a value is missing, or the key cannot be read */
export function apiKeyOf(profile: Profile): SigningKey {
  const [tenancy, user, fingerprint] = [
    required(profile, 'tenancy', profile.tenancy),
    required(profile, 'user', profile.user),
    required(profile, 'fingerprint', profile.fingerprint),
  ];
  const privateKeyPem = readPrivateKey(profile);
  return { keyId: new Secret(`${tenancy}/${user}/${fingerprint}`), privateKeyPem };
}

/** @param now milliseconds since the epoch. @throws CommandError CREDENTIALS_UNUSABLE, also for an expired session */
export function sessionKeyOf(profile: Profile, now: number): SigningKey {
  const file = required(profile, 'security_token_file', profile.tokenFile);
  const remedy = renewSession(profile);
  const token = new Secret(readText(file, 'The session token', remedy).trim());
  assertToken(token, `The session token in ${file}`, now, remedy);
  return sessionKey({ token, privateKeyPem: readPrivateKey(profile) });
}

export function renewSession({ name }: Pick<Profile, 'name'>): string {
  return `Run \`oci session authenticate --profile-name ${name}\`.`;
}

/** What to do when OCI refuses the API key. A fingerprint that is not the key's is the usual cause. */
export function apiKeyAdvice(profile: Profile, { privateKeyPem }: SigningKey): string {
  const actual = readKeyPair(privateKeyPem)?.fingerprint;
  if (actual !== undefined && actual !== profile.fingerprint?.toLowerCase())
    return `The key in ${profile.keyFile} has the fingerprint ${actual}, but profile [${profile.name}] says ${profile.fingerprint}. Correct one of them.`;
  return `Check that the user of profile [${profile.name}] has an API key with the fingerprint ${profile.fingerprint}, and is active.`;
}

/**
 * The access token for `--auth bearer`. It is never an argument, because other users of the machine can read those.
 * @throws CommandError CREDENTIALS_UNUSABLE
 */
export function bearerTokenOf(options: ConnectionOptions, env: Environment, now: number): Secret {
  const file = options['token-file'];
  const text = file === undefined ? env('OCI_WIF_TOKEN') : readText(file === '-' ? 0 : file, 'The token');
  const token = new Secret((text ?? '').trim());
  const from = file === undefined ? 'OCI_WIF_TOKEN' : file === '-' ? 'standard input' : file;
  if (token.reveal() === '') {
    const remedy = 'Give it with `--token-file` or OCI_WIF_TOKEN.';
    throw new CommandError('CREDENTIALS_UNUSABLE', `There is no access token in ${from}.`, { remedy });
  }
  assertToken(token, `The access token in ${from}`, now, 'Get a new token from the domain.');
  return token;
}

/** Refuses what is certainly unusable: characters that no header may have, and an end in the past. */
function assertToken(token: Secret, what: string, now: number, remedy: string): void {
  if (!isJwt(token.reveal()))
    throw new CommandError('CREDENTIALS_UNUSABLE', `${what} is not a JWT.`, { remedy });
  const expiry = expiryOf(token);
  if (expiry === undefined || expiry > now) return;
  const [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  const text = `${what} expired at ${end}; this machine's clock says ${here}.`;
  throw new CommandError('CREDENTIALS_UNUSABLE', text, { remedy });
}

function expiryOf(token: Secret): number | undefined {
  try {
    const { exp } = decodeJwt(token.reveal());
    return isTime(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function readPrivateKey(profile: Profile): Secret {
  const file = required(profile, 'key_file', profile.keyFile);
  // Oracle's console adds a label after the key, which OpenSSL ignores.
  const correction = `Correct \`key_file\` of profile [${profile.name}].`;
  const key = readText(file, 'The private key', correction);
  const fail = (text: string, remedy: string) => new CommandError('CREDENTIALS_UNUSABLE', text, { remedy });
  try {
    const passphrase = profile.passPhrase?.reveal();
    const privateKey = createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
    return new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  } catch {
    const isEncrypted = /ENCRYPTED/.test(key);
    if (isEncrypted && profile.passPhrase === undefined)
      throw fail(
        `The private key ${file} is encrypted.`,
        `Add \`pass_phrase\` to profile [${profile.name}].`,
      );
    if (isEncrypted)
      throw fail(
        `\`pass_phrase\` of profile [${profile.name}] does not decrypt ${file}.`,
        'Correct `pass_phrase`.',
      );
    throw fail(`${file} does not contain a private key in PEM format.`, correction);
  }
}

function required(profile: Profile, key: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new CommandError('CREDENTIALS_UNUSABLE', `Profile [${profile.name}] has no \`${key}\`.`, {
    remedy: 'Add it, or use another profile (`--profile`) or another kind of credentials (`--auth`).',
  });
}

/** @param file 0 for standard input */
function readText(file: string | 0, what: string, remedy?: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const text = `${what} cannot be read from ${file === 0 ? 'standard input' : file} (${code}).`;
    throw new CommandError('CREDENTIALS_UNUSABLE', text, remedy === undefined ? {} : { remedy });
  }
}
