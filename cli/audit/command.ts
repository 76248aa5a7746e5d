import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'audit',
  summary: 'Find faults in trusts, applications, users, policies and the repository',
  usage: '--repo <owner/name> --environment <name> [options]',
  options: {},
  examples: [],
  exitCodes: {
    0: 'No finding at or above --fail-on',
    1: 'Error',
    2: 'Findings at or above --fail-on',
    3: 'Incomplete: something could not be read',
  },
  run() {
    throw new Error('not implemented yet');
  },
});
