import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type CommandContext, defineCommand, type OptionValues } from '../command.ts';
import { CommandError } from '../failure.ts';
import { SETUP_OPTIONS } from './options.ts';
import type { Plan } from './plan-types.ts';
import { selectionFrom } from './selection.ts';

export type SetupOptions = OptionValues<typeof SETUP_OPTIONS>;

export const command = defineCommand({
  name: 'setup',
  summary: 'Plan what lets a repository log in to OCI, and apply it with --apply',
  isFor: 'administrators',
  usage: '--repo <owner/name> --environment <name> [options]',
  options: SETUP_OPTIONS,
  examples: [
    [
      'Show the plan. Nothing is changed',
      "setup --repo acme/infra --environment prod --compartment <ocid> --allow 'read buckets'",
    ],
    [
      'Show the plan, ask, and apply it',
      "setup --repo acme/infra --environment prod --compartment <ocid> --allow 'read buckets' --apply",
    ],
    [
      'For jobs on a branch, in a repository without environments',
      "setup --repo acme/infra --branch main --compartment <ocid> --allow 'read buckets'",
    ],
    [
      'Without a client secret, for runners on instances of a compartment',
      'setup --repo acme/infra --environment prod --client-auth instance-principal --runners <ocid>',
    ],
  ],
  exitCodes: {
    0: 'Applied, or nothing to do',
    1: 'Error',
    2: 'Changes are planned',
    3: 'Refused: a line with x, another plan than --plan, or no confirmation',
    4: 'Applied in part',
  },
  async run(context, options) {
    if (options.explain) {
      context.terminal.print((await import('./explain.ts')).explainText());
      return 0;
    }
    const selection = selectionFrom(options);
    const expected = options.plan === undefined ? undefined : readPlan(options.plan);
    const { setUp } = await import('./set-up.ts');
    return setUp(context, options, selection, expected);
  },
});

function readPlan(file: string): Plan {
  try {
    const plan: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof plan === 'object' && plan !== null && 'version' in plan && plan.version === 1)
      return plan as Plan;
  } catch {
    // The error below says it.
  }
  throw new CommandError(
    'OPTION_INVALID',
    `\`--plan\` must be a file that \`--out\` has written, not ${file}.`,
  );
}

/** A link in a directory of others must not choose the file that is overwritten. */
const WITHOUT_LINK = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

/** @throws CommandError FILE_NOT_WRITABLE */
export function writePlan(file: string, plan: Plan, { terminal }: Pick<CommandContext, 'terminal'>): void {
  try {
    const descriptor = openSync(file, WITHOUT_LINK, 0o600);
    writeFileSync(descriptor, `${JSON.stringify(plan, undefined, 2)}\n`);
    closeSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError('FILE_NOT_WRITABLE', `\`--out\`: ${file} cannot be written (${code}).`);
  }
  terminal.progress(`Plan written to ${file}`);
}
