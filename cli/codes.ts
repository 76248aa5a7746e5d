// The errors of the commands. A code has a title for the documentation and the remedy that applies when the error has none.

export interface CommandCodeText {
  title: string;
  remedy: string;
}

export const COMMAND_CODES = {
  OPTION_INVALID: {
    title: 'An option is missing, unknown or has a wrong value',
    remedy: 'Correct the option. `--help` lists all of them.',
  },
  CREDENTIALS_UNUSABLE: {
    title: 'The credentials of the administrator cannot be used',
    remedy: 'Log in again, or name another profile with `--profile`.',
  },
  SERVICE_UNREACHABLE: {
    title: 'There was no response from a service',
    remedy: 'Check the host, the network and the proxy, then run the command again.',
  },
  NOT_PERMITTED: {
    title: 'A service refused the administrator',
    remedy: 'Use an account that has the permission.',
  },
  SERVICE_REFUSED: {
    title: 'A service refused a request',
    remedy: 'Correct what the response names, then run the command again.',
  },
} as const satisfies Readonly<Record<string, CommandCodeText>>;

export type CommandCode = keyof typeof COMMAND_CODES;
