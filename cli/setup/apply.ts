// Applies the steps of a plan in their order, also those of `remove`: asks, keeps a journal, and says how far it came.
import { homedir } from 'node:os';
import { ActionError } from '../../src/errors/action-error.ts';
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { type Journal, openJournal } from './journal.ts';
import type { Made, Run, SetupContext, Step } from './part.ts';
import { untilKnown } from './until-known.ts';

interface Application {
  steps: readonly Step[];
  context: SetupContext;
  /** What the plan has found. */
  made: Made;
  /** Whether `--yes` was given. */
  yes: boolean;
  /** For the name of the journal. */
  name: string;
}

/**
 * @returns the journal; undefined when the administrator did not confirm, and nothing was changed
 * @throws CommandError with exit code 4 after a change, otherwise 1
 */
export async function applySteps(
  command: CommandContext,
  { steps, context, made, yes, name }: Application,
): Promise<Journal | undefined> {
  if (!(await isConfirmed(command, steps, yes))) return undefined;
  const { terminal, clock, clients, onInterrupt } = command;
  const journal = openJournal(homedir(), name, clock);
  clients.observe(journal.request);
  onInterrupt(() => `Journal: ${journal.directory}.`);
  const run: Run = {
    ...context,
    made,
    report(line) {
      journal.done(line);
      terminal.progress(line);
    },
    saveCopy: journal.copy,
    untilKnown: untilKnown(clock, terminal.progress),
  };
  try {
    for (const { apply } of steps) await apply?.(run);
  } catch (error) {
    throw withJournal(error, journal, 'The plan is applied in part; the next run completes it.');
  }
  return journal;
}

/** Settings of the whole domain are asked for one by one, whatever `--yes` says. All questions come before the first change. */
async function isConfirmed(
  { terminal }: CommandContext,
  steps: readonly Step[],
  yes: boolean,
): Promise<boolean> {
  if (!yes && !(await terminal.confirm('Apply this plan?', 'yes', '`--yes`'))) return false;
  for (const { confirmation } of steps) {
    if (confirmation === undefined) continue;
    if (!(await terminal.confirm(confirmation.question, confirmation.expected))) return false;
  }
  return true;
}

/** @param state how far the plan came. @returns the error to throw: with exit code 4 after a change */
export function withJournal(thrown: unknown, journal: Journal, state: string): unknown {
  if (!(thrown instanceof CommandError || thrown instanceof ActionError)) return thrown;
  if (!journal.hasChanges()) return thrown;
  const { code, message, remedy, requestId } = thrown;
  const isCommand = thrown instanceof CommandError;
  return new CommandError(
    isCommand ? thrown.code : 'UNEXPECTED',
    isCommand ? message : `${code}: ${message}`,
    {
      ...(isCommand ? thrown.details : { requestId }),
      remedy: `${remedy} ${state} Journal: ${journal.directory}.`,
      exitCode: 4,
    },
  );
}
