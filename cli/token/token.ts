// Requests what `--type` names and prints it, last: after a failure nothing is on standard output.
import path from 'node:path';
import { assertAudience, decodeAccessToken } from '../../src/aws/web-identity.ts';
import { toClientCredentials } from '../../src/inputs/client-credentials.ts';
import { type Config, readInputs } from '../../src/inputs/config.ts';
import { configWarnings } from '../../src/inputs/warnings.ts';
import { requestAccessToken } from '../../src/login/access-token.ts';
import { openAwsSession } from '../../src/login/aws-session.ts';
import { openOciSession } from '../../src/login/oci-session.ts';
import { signersOf } from '../../src/login/signers.ts';
import { canonicalPath } from '../../src/node/canonical-path.ts';
import type { Files } from '../../src/ports.ts';
import { assertSafePaths } from '../../src/profiles/install.ts';
import { Secret } from '../../src/secret.ts';
import type { CommandContext, OptionRule, OptionValues } from '../command.ts';
import { CommandError } from '../failure.ts';
import { createLocalRunner } from '../session/local-runner.ts';
import { AWS_OPTIONS, DOMAIN_OPTIONS, NETWORK_OPTIONS } from '../session/options.ts';
import { type SessionMachine, sessionConfig, sessionInputs, sessionMachine } from '../session/session.ts';
import { newKeyPair, sessionHttp } from '../session/step-deps.ts';
import { findIdTokens } from '../sources/find.ts';
import { TOKEN_OPTIONS } from './command.ts';
import { formatFor, type Kind, writeAwsCredentials, writeToken } from './formats.ts';

type Options = OptionValues<typeof TOKEN_OPTIONS>;

interface Request {
  context: CommandContext;
  options: Options;
  machine: SessionMachine;
  format: ReturnType<typeof formatFor>;
}

const PRINT: Readonly<Record<Kind, (request: Request) => Promise<void>>> = {
  session: printSessionToken,
  access: printAccessToken,
  aws: printAwsCredentials,
};

/** @throws Failure */
export async function printToken(context: CommandContext, options: Options): Promise<number> {
  const kind = options.type as Kind;
  const format = formatFor(kind, options.format);
  assertUsed(kind, options);
  await PRINT[kind]({ context, options, machine: sessionMachine(context), format });
  return 0;
}

const OF_ACCESS = ['aws-client-id', 'aws-client-secret-file', 'aws-scope', 'aws-audience'];
const OF_AWS = Object.keys(AWS_OPTIONS);
const OF_SESSION = Object.keys(TOKEN_OPTIONS).filter(
  (name) =>
    ![...Object.keys({ ...DOMAIN_OPTIONS, ...NETWORK_OPTIONS }), ...OF_AWS, 'type', 'format'].includes(name),
);

const WITHOUT_EFFECT: Readonly<Record<Kind, readonly string[]>> = {
  session: OF_AWS,
  access: [...OF_SESSION, ...OF_AWS.filter((name) => !OF_ACCESS.includes(name))],
  aws: OF_SESSION,
};

/** A variable of the project may be set for other commands; an option is given for this one. */
function assertUsed(kind: Kind, options: Options): void {
  const values: Readonly<Record<string, unknown>> = options;
  const rules: Readonly<Record<string, OptionRule>> = TOKEN_OPTIONS;
  const unused = WITHOUT_EFFECT[kind].filter((name) => {
    const { env, default: preset } = rules[name] ?? {};
    const value = values[name];
    return env === undefined && value !== undefined && value !== false && value !== preset;
  });
  if (unused.length === 0) return;
  const names = unused.map((name) => `--${name}`).join(', ');
  throw new CommandError('OPTION_INVALID', `${names} has no effect with --type ${kind}.`, {
    remedy: 'Remove it from the command line.',
  });
}

async function printSessionToken({ context, options, machine, format }: Request): Promise<void> {
  const { clock, terminal } = context;
  const { files } = machine.disk;
  const keyFile = newKeyFile(options['private-key-file'], files);
  const { oci, ...config } = sessionConfig(context, machine, options, { 'config-file': NO_FILE });
  if (oci === undefined) throw new CommandError('UNEXPECTED', 'The options request no session.');
  warn(context, { ...config, oci });
  const keyPair = newKeyPair();
  const findSource = () => findIdTokens({ env: context.env, options, warn: terminal.warn });
  const requestSigner = signersOf(context.env, files);
  const deps = { ...networkOf(context, config), clock, findIdTokens: findSource, requestSigner, keyPair };
  const { sessionToken } = await openOciSession(deps, { ...config, oci });
  files.create(keyFile, (await keyPair).privateKeyPem.reveal());
  const { tenancy } = sessionToken;
  writeToken(terminal, format, sessionToken, { tenancy, region: oci.region, private_key_file: keyFile });
}

/** @returns its absolute path. @throws CommandError OPTION_INVALID; ActionError PATH_UNSAFE, FILES_NOT_WRITABLE */
function newKeyFile(given: string | undefined, files: Files): string {
  if (given === undefined) {
    const text =
      '--type session needs --private-key-file, because the token has no use without its private key.';
    throw new CommandError('OPTION_INVALID', text, { remedy: 'Name a new file.' });
  }
  const file = canonicalPath(path.resolve(given));
  const directory = path.dirname(file);
  if (files.kind(file) !== 'absent')
    throw new CommandError('OPTION_INVALID', `The file of --private-key-file exists already: ${file}.`, {
      remedy: 'Name a new file.',
    });
  if (files.kind(directory) !== 'directory')
    throw new CommandError(
      'OPTION_INVALID',
      `The directory of --private-key-file does not exist: ${directory}.`,
      { remedy: 'Create it, or name another file.' },
    );
  assertSafePaths(files, [{ path: file, use: 'file' }]);
  files.assertWritable(directory);
  return file;
}

const OF_CLIENT = ['domain-url', 'client-id', 'client-secret', 'aws-client-id', 'aws-client-secret'] as const;
const OF_NETWORK = ['retry-max-attempts', 'request-timeout-seconds', 'timeout-seconds'] as const;

/** Checks the audience. Does not check the issuer, because the receiver need not be AWS. */
async function printAccessToken({ context, options, machine, format }: Request): Promise<void> {
  const names = [...OF_CLIENT, ...OF_NETWORK, 'aws-scope', 'aws-audience'] as const;
  const values = readInputs(names, ...sessionInputs(context, machine, options));
  const { 'aws-client-id': id, 'aws-client-secret': secret, 'aws-scope': scope } = values;
  if ((id === undefined) !== (secret === undefined))
    throw new CommandError(
      'OPTION_INVALID',
      '--aws-client-id and --aws-client-secret-file must be given together.',
    );
  const [clientId = values['client-id'], clientSecret = values['client-secret']] = [id, secret];
  if (clientId === undefined || clientSecret === undefined)
    throw new CommandError('OPTION_INVALID', '--type access needs --client-id and a client secret.');
  const requester = toClientCredentials(clientId, new Secret(clientSecret));
  const limits = {
    retryMaxAttempts: values['retry-max-attempts'],
    requestTimeoutMs: values['request-timeout-seconds'] * 1000,
    timeoutMs: values['timeout-seconds'] * 1000,
  };
  const { clock, terminal } = context;
  const deps = { ...networkOf(context, limits), clock };
  const token = await requestAccessToken(deps, { domainUrl: values['domain-url'], requester }, scope);
  const { claims, ...access } = decodeAccessToken(token, clock.now());
  assertAudience(claims, { scope, audience: values['aws-audience'] });
  writeToken(terminal, format, access);
}

async function printAwsCredentials({ context, options, machine, format }: Request): Promise<void> {
  if (options['aws-role-arn'] === undefined || options['aws-region'] === undefined)
    throw new CommandError('OPTION_INVALID', '--type aws needs --aws-role-arn and --aws-region.');
  const preset = { 'token-type': 'none', 'config-file': NO_FILE };
  const { aws, ...config } = sessionConfig(context, machine, options, preset);
  if (aws === undefined) throw new CommandError('UNEXPECTED', 'The options name no role.');
  warn(context, { ...config, aws });
  const deps = { ...networkOf(context, config), clock: context.clock };
  const { credentials } = await openAwsSession(deps, { ...config, aws }, undefined);
  writeAwsCredentials(context.terminal, format, credentials, aws.region);
}

function warn({ terminal }: CommandContext, config: Config): void {
  for (const text of configWarnings(config)) terminal.warn(text);
}

/** Nothing is written there. The default would be refused where the home directory is in the checkout. */
const NO_FILE = path.resolve('/', 'none');

function networkOf({ env, terminal, clock }: CommandContext, limits: Parameters<typeof sessionHttp>[1]) {
  const runner = createLocalRunner({ env, terminal });
  return { runner, http: sessionHttp({ clock }, limits, runner) };
}
