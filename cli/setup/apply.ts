// Shows a plan, asks, applies its steps in their order, keeps a journal, and says how far it came. Also for `remove`.
import { homedir } from 'node:os';
import { ActionError } from '../../src/errors/action-error.ts';
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { type Journal, openJournal } from './journal.ts';
import type { Made, Run, SetupContext, Step } from './part.ts';
import { changesOf, planText, planTotals, refusalsOf } from './plan-text.ts';
import type { Plan } from './plan-types.ts';
import { untilKnown } from './until-known.ts';

/** What `setup` and `remove` exit with. */
export const EXIT = { done: 0, planned: 2, refused: 3, partly: 4 } as const;

interface Application {
  plan: Plan;
  /** The plan that was reviewed. */
  expected?: Plan | undefined;
  steps: readonly Step[];
  context: SetupContext;
  /** What the plan has found. */
  made: Made;
  /** For the name of the journal. */
  name: string;
  options: { apply: boolean; yes: boolean; json: boolean };
}

/**
 * Shows the plan, and applies it if that was asked for.
 * @returns the exit code when nothing was changed, otherwise the journal
 * @throws CommandError with exit code 4 after a change, otherwise 1
 */
export async function runPlan(command: CommandContext, application: Application): Promise<number | Journal> {
  const { terminal } = command;
  const { plan, options } = application;
  const stop = reasonToStop(application);
  if (!options.json) terminal.print(planText(plan, terminal.style));
  else if (stop !== undefined) terminal.printJson(plan);
  if (stop !== undefined) {
    terminal.progress(stop.text);
    return stop.exitCode;
  }
  if (await isConfirmed(command, application)) return applySteps(command, application);
  terminal.progress('Not confirmed. Nothing was changed.');
  return EXIT.refused;
}

/** Why nothing is applied. */
function reasonToStop({
  plan,
  expected,
  options,
}: Application): { text: string; exitCode: number } | undefined {
  const totals = `Plan: ${planTotals(plan)}.`;
  const nothing = 'Nothing was changed.';
  if (refusalsOf(plan).length > 0)
    return { text: `${totals} ${nothing} Lines with x say what to do.`, exitCode: EXIT.refused };
  if (expected !== undefined && JSON.stringify(expected.actions) !== JSON.stringify(plan.actions))
    return {
      text: `The plan differs from the one in \`--plan\`. ${nothing} Write it again with \`--out\`, and review it.`,
      exitCode: EXIT.refused,
    };
  if (changesOf(plan).length === 0) return { text: `${totals} ${nothing}`, exitCode: EXIT.done };
  if (!options.apply) return { text: `${totals} ${nothing} Apply with --apply.`, exitCode: EXIT.planned };
  return undefined;
}

async function applySteps(
  { terminal, clock, clients, onInterrupt }: CommandContext,
  { steps, context, made, name }: Application,
): Promise<Journal> {
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
async function isConfirmed({ terminal }: CommandContext, { steps, options }: Application): Promise<boolean> {
  if (!options.yes && !(await terminal.confirm('Apply this plan?', 'yes', '`--yes`'))) return false;
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
