// The errors of the commands. A code has a title for the documentation and the remedy that applies when the error has none.

interface CommandCodeText {
  title: string;
  remedy: string;
}

export const COMMAND_CODES = {
  OPTION_INVALID: {
    title: 'An option is missing, unknown or has a wrong value',
    remedy: 'See `--help` for all options.',
  },
  CREDENTIALS_UNUSABLE: {
    title: 'The credentials of the administrator cannot be used',
    remedy: 'Log in again, or name another profile with `--profile`.',
  },
  TOOL_MISSING: {
    title: 'A program that the command runs is not installed',
    remedy: 'Install it, and check that it is in PATH.',
  },
  SERVICE_UNREACHABLE: {
    title: 'There was no response from a service',
    remedy: 'Check the host, the network and the proxy, then run the command again.',
  },
  NOT_PERMITTED: {
    title: 'A service refused the administrator',
    remedy: 'Use an account that has the permission.',
  },
  NOT_FOUND: {
    title: 'An object does not exist, or the administrator may not see it',
    remedy: 'Check the name, and that the account may read it.',
  },
  CONFLICT: {
    title: 'An object exists already, or somebody else changed it at the same time',
    remedy: 'Run the command again: it reads the object again.',
  },
  RATE_LIMITED: {
    title: 'A service received too many requests',
    remedy: 'Wait a minute, then run the command again.',
  },
  SERVICE_REFUSED: {
    title: 'A service refused a request',
    remedy: 'Fix what the response reports, then run the command again.',
  },
  TRUST_DAMAGED: {
    title: 'The domain lost entries of the trust while one was added',
    remedy: 'Compare the trust with the copy that the message names.',
  },
  DISCOVERY_UNUSABLE: {
    title: 'AWS cannot read the discovery document or the keys of the domain',
    remedy:
      'Check issuer and `Configure client access` of the domain. A change takes effect after some minutes.',
  },
  RESPONSE_MALFORMED: {
    title: 'A response is not what the service sends',
    remedy: 'Check the address, and that no proxy responds in place of the service.',
  },
  INTERRUPTED: {
    title: 'A signal or Ctrl-C interrupted the command',
    remedy: 'Everything that it wrote was removed. Run the command again.',
  },
  FILE_NOT_WRITABLE: {
    title: 'A file of the command cannot be written',
    remedy: 'Free space, or make the directory writable, then run the command again.',
  },
  COMMAND_NOT_FOUND: {
    title: 'The command of `exec` does not exist',
    remedy: 'Check its name and PATH. For a shell built-in, use `sh -c`. Nothing was requested or written.',
  },
  COMMAND_NOT_EXECUTABLE: {
    title: 'The command of `exec` cannot be started',
    remedy: 'Check the permissions of the file, and its first line (`#!`). For shell syntax, use `sh -c`.',
  },
  ID_TOKEN_MISSING: {
    title: 'The job has no ID token, or no system was found that gives one',
    remedy: 'Add the setting of the CI system that the message names, or name another source of ID tokens.',
  },
  ID_TOKEN_AMBIGUOUS: {
    title: 'Variables of several CI systems are set',
    remedy: 'Choose one of them with `--id-token-from`.',
  },
  ID_TOKEN_REFUSED: {
    title: 'The CI system or the command of `--id-token-command` returned an error in place of an ID token',
    remedy: 'Correct what the message names, then run the command again.',
  },
  ID_TOKEN_EXPIRED: {
    title: 'The ID token has expired',
    remedy: 'Log in earlier in the job, and check the clock of the machine.',
  },
  ID_TOKEN_UNREADABLE: {
    title: 'The variable, the file or the output of the command is not an ID token',
    remedy: 'Name a source that holds a JWT and nothing else.',
  },
  UNEXPECTED: {
    title: 'The command has a defect',
    remedy: 'Report it with the lines below.',
  },
} as const satisfies Readonly<Record<string, CommandCodeText>>;

export type CommandCode = keyof typeof COMMAND_CODES;

const [SYSTEMS, EXEC] = ['docs/other-ci.md#systems', 'docs/other-ci.md#what-exec-does'];

/** Path and anchor of the heading that helps. Other codes have none: their messages say everything. */
export const COMMAND_HELP: Readonly<Partial<Record<CommandCode, string>>> = {
  CREDENTIALS_UNUSABLE: 'docs/command.md#credentials',
  SERVICE_UNREACHABLE: 'docs/command.md#network-access',
  NOT_PERMITTED: 'docs/setup.md#what-you-need',
  TRUST_DAMAGED: 'docs/command.md#plan-and-apply',
  DISCOVERY_UNUSABLE: 'docs/troubleshooting.md#aws_issuer_unusable',
  COMMAND_NOT_FOUND: EXEC,
  COMMAND_NOT_EXECUTABLE: EXEC,
  ID_TOKEN_MISSING: SYSTEMS,
  ID_TOKEN_AMBIGUOUS: SYSTEMS,
  ID_TOKEN_REFUSED: SYSTEMS,
  ID_TOKEN_EXPIRED: SYSTEMS,
  ID_TOKEN_UNREADABLE: SYSTEMS,
};
