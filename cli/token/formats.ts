// The forms in which `token` prints a secret.
import { variablesForAwsRegion } from '../../src/aws/variables.ts';
import type { AwsSession } from '../../src/login/aws-session.ts';
import type { Secret } from '../../src/secret.ts';
import { CommandError } from '../failure.ts';
import { inShell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';

type Format = 'raw' | 'json' | 'env' | 'credential-process';

/** The forms of each kind; the first is the default. */
const FORMATS = {
  session: ['json', 'raw'],
  access: ['raw', 'json'],
  aws: ['credential-process', 'env'],
} as const satisfies Readonly<Record<string, readonly Format[]>>;

export type Kind = keyof typeof FORMATS;
export const KINDS = Object.keys(FORMATS) as readonly Kind[];

/** @throws CommandError OPTION_INVALID for a form that the kind does not have */
export function formatFor(kind: Kind, wanted: string | undefined): Format {
  const formats: readonly Format[] = FORMATS[kind];
  const found = formats.find((one) => one === (wanted ?? formats[0]));
  if (found !== undefined) return found;
  const text = `--type ${kind} has no --format ${wanted}. Use ${formats.join(' or ')}.`;
  throw new CommandError('OPTION_INVALID', text);
}

/** @param expiresAt milliseconds since the epoch. @param facts what else the JSON has */
export function writeToken(
  terminal: Terminal,
  format: Format,
  { token, expiresAt }: { token: Secret; expiresAt: number },
  facts: Readonly<Record<string, string>> = {},
): void {
  if (format === 'raw') terminal.print(token.reveal());
  else terminal.printJson({ version: 1, token: token.reveal(), expiration: timeOf(expiresAt), ...facts });
}

/** @see Source credentials with an external process (AWS CLI User Guide); aws configure export-credentials */
export function writeAwsCredentials(
  terminal: Terminal,
  format: Format,
  { accessKeyId, secretAccessKey, sessionToken, expiresAt }: AwsSession['credentials'],
  region: string,
): void {
  const [id, key, token] = [accessKeyId, secretAccessKey, sessionToken].map((secret) => secret.reveal());
  const expiration = timeOf(expiresAt);
  if (format === 'credential-process') {
    const keys = { AccessKeyId: id, SecretAccessKey: key, SessionToken: token };
    terminal.printJson({ Version: 1, ...keys, Expiration: expiration });
    return;
  }
  const variables = {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: key,
    AWS_SESSION_TOKEN: token,
    AWS_CREDENTIAL_EXPIRATION: expiration,
    ...variablesForAwsRegion(region),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${inShell(value ?? '')}`);
  terminal.print(lines.join('\n'));
}

/** Without a fraction, which not every parser accepts. */
const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
