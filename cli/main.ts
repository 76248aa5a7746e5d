// The program `oci-wif`: finds the command, parses its options, runs it and sets the exit code.
import packageJson from '../package.json' with { type: 'json' };
import { describeFailure, Failure } from '../src/errors/failure.ts';
import { nearestNames } from '../src/inputs/regions.ts';
import { systemClock } from '../src/node/system.ts';
import { HELP_OPTION, parseOptions, wantsHelp } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { CONNECTION_OPTIONS, type ConnectionOptions } from './connect/options.ts';
import { CommandError, helpUrl } from './failure.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { asOfCommand, failureLines, withNamedOptions } from './session/messages.ts';
import { createTerminal } from './terminal.ts';

const COMMANDS = {
  setup: () => import('./setup/command.ts'),
  audit: () => import('./audit/command.ts'),
  remove: () => import('./remove/command.ts'),
  login: () => import('./login/command.ts'),
  logout: () => import('./logout/command.ts'),
  exec: () => import('./exec/command.ts'),
  token: () => import('./token/command.ts'),
  doctor: () => import('./doctor/command.ts'),
};

/** Programs that other tools start, not people. They set the exit code themselves. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  async refresher() {
    const { runRefresher } = await import('../src/run-refresher.ts');
    return runRefresher((await import('./sources/find.ts')).idTokensFrom);
  },
  'kubectl-token': async (args) => (await import('../src/run-kubectl-token.ts')).runKubectlToken(args),
  'docker-credential': async (args) =>
    (await import('./session/docker-credential.ts')).dockerCredential(args, env),
};

const USE_HELP = '`oci-wif --help` lists the commands.';

const variables = { ...process.env };
/** Undefined until it is known which command runs. */
let running: Command | undefined;

// Certificates are verified in any case. With the variable, Node would warn that they are not.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

const env = (name: string) => process.env[name];
const terminal = createTerminal(process, env);
const bold = (text: string) => terminal.style('bold', text);

// No top-level await: the bundle is also CommonJS. A command that never ends its work must not exit with 0.
process.exitCode = 1;
void run(process.argv.slice(2))
  .catch(report)
  .then((exitCode) => {
    process.exitCode = exitCode;
  });

async function run([name, ...args]: string[]): Promise<number> {
  if (name === '--version') return print(packageJson.version);
  if (name === undefined || wantsHelp([name])) {
    const all = await Promise.all(Object.values(COMMANDS).map(async (load) => (await load()).command));
    const help = overviewHelp(all as Command[], bold);
    if (name !== undefined) return print(help);
    throw new CommandError('OPTION_INVALID', 'The command is missing.', { remedy: USE_HELP });
  }
  if (Object.hasOwn(PROGRAMS, name)) {
    process.exitCode = 0;
    await PROGRAMS[name]?.(args);
    return Number(process.exitCode);
  }
  const { command } = (await loaderOf(name)()) as { command: Command };
  running = command;
  const shared = command.isFor === 'administrators' ? CONNECTION_OPTIONS : {};
  if (wantsHelp(args)) return print(commandHelp(command, { ...shared, help: HELP_OPTION }, bold));
  const end = command.hasOperands ? args.indexOf('--') : -1;
  const [own, operands] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  if (command.hasOperands && operands.length === 0) throw missingOperands(command);
  const options = parseOptions({ ...command.options, ...shared }, own, env);
  const connection = options as unknown as ConnectionOptions;
  const { createClients } = await import('./clients.ts'); // loads HTTPS, which --help does not need
  const clients = createClients({ connection, env, clock: systemClock, log: terminal.progress });
  const onInterrupt = command.isFor === 'administrators' ? reportInterruption() : () => {};
  const script = import.meta.filename;
  const shown = command.isFor === 'jobs' ? withNamedOptions(terminal, command.options) : terminal;
  const machine = { env, variables, terminal: shown, clock: systemClock, clients, script };
  return command.run({ ...machine, operands, onInterrupt }, options);
}

/** @returns a function by which a command adds a hint to the message of an interruption */
function reportInterruption(): CommandContext['onInterrupt'] {
  const hints: (() => string)[] = [];
  const report = (exitCode: number) => {
    const text =
      hints.length === 0
        ? 'Interrupted. Nothing was changed.'
        : 'Interrupted. Run the command again: it completes the change.';
    terminal.error([text, ...hints.map((hint) => hint())].join(' '));
    process.exit(exitCode);
  };
  process.once('SIGINT', () => report(130)).once('SIGTERM', () => report(143));
  return (hint) => void hints.push(hint);
}

function loaderOf(name: string) {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name as keyof typeof COMMANDS];
  const [near] = nearestNames(name, Object.keys(COMMANDS));
  const text = `${JSON.stringify(name)} is not a command.${near === undefined ? '' : ` Did you mean ${near}?`}`;
  throw new CommandError('OPTION_INVALID', text, { remedy: USE_HELP });
}

function missingOperands({ name, usage }: Command): CommandError {
  const remedy = `Write it after --: \`oci-wif ${name} ${usage}\`.`;
  return new CommandError('OPTION_INVALID', 'The command to run is missing.', { remedy });
}

function print(text: string): number {
  terminal.print(text);
  return 0;
}

function report(thrown: unknown): number {
  const error = thrown instanceof Failure ? thrown : new CommandError('UNEXPECTED', `${thrown}.`);
  const [first, ...others] =
    running?.isFor === 'jobs' ? failureLines(error, running.options) : [describeFailure(error)];
  terminal.error(first);
  const stack = error === thrown ? [] : String((thrown as Error)?.stack).split('\n');
  const help = helpUrl(asOfCommand(error, running?.options ?? {}));
  for (const line of [...others, ...stack, ...(help ? [`See ${help}`] : [])]) terminal.progress(line);
  const exitCode = error instanceof CommandError ? error.details.exitCode : undefined;
  return exitCode ?? running?.failureExitCode ?? 1;
}
