import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'remove',
  summary: 'Plan the removal of what setup made for a repository, and apply it with --apply',
  usage: '--repo <owner/name> --environment <name> [options]',
  options: {},
  examples: [],
  exitCodes: {
    0: 'Nothing to do, or everything is removed',
    1: 'Error',
    2: 'Removals are planned',
    3: 'Refused',
    4: 'Removed in part',
  },
  run() {
    throw new Error('not implemented yet');
  },
});
