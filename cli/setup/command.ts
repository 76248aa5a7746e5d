import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'setup',
  summary: 'Plan what lets a repository log in to OCI, and apply it with --apply',
  usage: '--repo <owner/name> --environment <name> [options]',
  options: {},
  examples: [],
  exitCodes: {
    0: 'Nothing to do, or everything is applied',
    1: 'Error',
    2: 'Changes are planned',
    3: 'Refused',
    4: 'Applied in part',
  },
  run() {
    throw new Error('not implemented yet');
  },
});
