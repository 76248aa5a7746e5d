// A profile of the OCI config file. Pure: the caller reads the file. Keys of [DEFAULT] are inherited, as in the OCI CLI.
import { expandHome } from '../../src/inputs/paths.ts';
import { listSections, readKey } from '../../src/profiles/ini-text.ts';
import { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';

export interface Profile {
  name: string;
  tenancy: string | undefined;
  user: string | undefined;
  fingerprint: string | undefined;
  region: string | undefined;
  keyFile: string | undefined;
  passPhrase: Secret | undefined;
  tokenFile: string | undefined;
  /** How the profile itself says that it authenticates; undefined when only the OCI CLI knows how. */
  auth: 'api_key' | 'security_token' | undefined;
}

/**
 * @param text of the file, one character per byte
 * @param file its path, for messages
 * @throws CommandError CREDENTIALS_UNUSABLE when the profile is not in it
 */
export function readProfile(
  text: string,
  name: string,
  { file, home }: { file: string; home: string },
): Profile {
  const sections = listSections(text);
  const textOf = (section: string) =>
    sections
      .filter((one) => one.name === section)
      .map((one) => one.text)
      .join('\n');
  const own = textOf(name);
  if (own === '')
    throw missingProfile(
      name,
      file,
      sections.map((one) => one.name),
    );
  const defaults = textOf('DEFAULT');
  const valueIn = (section: string, key: string) => decode(readKey(section, key)) || undefined;
  const value = (key: string) => valueIn(own, key) ?? valueIn(defaults, key);
  const pathOf = (key: string) => {
    const given = value(key);
    return given === undefined ? undefined : expandHome(given, home);
  };
  const passPhrase = value('pass_phrase') ?? value('passphrase');
  return {
    name,
    tenancy: value('tenancy'),
    user: value('user'),
    fingerprint: value('fingerprint'),
    region: value('region'),
    keyFile: pathOf('key_file'),
    passPhrase: passPhrase === undefined ? undefined : new Secret(passPhrase),
    tokenFile: pathOf('security_token_file'),
    auth: authOf((key) => valueIn(own, key) !== undefined) ?? authOf((key) => value(key) !== undefined),
  };
}

/** Own keys have precedence over inherited ones: a profile with an API key stays one, even if [DEFAULT] has a session. */
function authOf(has: (key: string) => boolean): Profile['auth'] {
  if (has('authentication_type') || has('delegation_token_file')) return undefined;
  if (has('security_token_file')) return 'security_token';
  return has('user') && has('fingerprint') ? 'api_key' : undefined;
}

/** Paths can hold any character; the text has one character per byte. */
function decode(value: string | undefined): string {
  return Buffer.from(value ?? '', 'latin1').toString('utf8');
}

function missingProfile(name: string, file: string, others: readonly string[]): CommandError {
  const has = others.length > 0 ? `It has ${others.map((one) => `[${one}]`).join(', ')}.` : 'It has none.';
  return new CommandError('CREDENTIALS_UNUSABLE', `Profile [${name}] is not in ${file}. ${has}`, {
    remedy: 'Name a profile with `--profile`, or create one with `oci session authenticate`.',
  });
}
