// One run of `remove`: reads, plans, shows, applies, reads again.
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { applySteps } from '../setup/apply.ts';
import { awsSelectionFrom } from '../setup/aws/selection.ts';
import type { Step } from '../setup/part.ts';
import { changesOf, planText, planTotals, refusalsOf } from '../setup/plan-text.ts';
import type { Plan } from '../setup/plan-types.ts';
import { selectionFrom, targetOf } from '../setup/selection.ts';
import { contextOf } from '../setup/set-up.ts';
import type { RemoveOptions } from './command.ts';
import { planRemoval } from './plan.ts';
import { inspectRemoval } from './snapshot.ts';

const EXIT = { done: 0, planned: 2, refused: 3, partly: 4 } as const;

/** @returns the exit code */
export async function remove(command: CommandContext, options: RemoveOptions): Promise<number> {
  const { terminal, clients } = command;
  const selection = selectionFrom(options);
  const wanted = awsSelectionFrom(options, selection.names);
  const aws = wanted && { wanted, iam: await clients.aws() };
  const repositoryId = parseId(options['repository-id']);
  const context = await contextOf(command, options, selection);
  const read = async () => planRemoval(await inspectRemoval(context, aws, repositoryId), selection, aws);
  const steps = await read();
  const plan = planOf(steps, selection.repository, context.scim.url);
  const changes = changesOf(plan).length;
  const isApplied = options.apply && refusalsOf(plan).length === 0 && changes > 0;
  if (!options.json) terminal.print(planText(plan, terminal.style));
  else if (!isApplied) terminal.printJson(plan);
  if (!isApplied) {
    const advice = changes > 0 && !options.apply ? ' Apply with --apply.' : '';
    terminal.progress(`Plan: ${planTotals(plan)}. Nothing was changed.${advice}`);
    if (refusalsOf(plan).length > 0) return EXIT.refused;
    return changes > 0 ? EXIT.planned : EXIT.done;
  }
  const name = `remove-${selection.repository}-${targetOf(selection)}`;
  const journal = await applySteps(command, { steps, context, made: {}, yes: options.yes, name });
  if (journal === undefined) {
    terminal.progress('Not confirmed. Nothing was changed.');
    return EXIT.refused;
  }
  const left = changesOf(planOf(await read(), selection.repository, context.scim.url));
  if (options.json) terminal.printJson({ ...plan, journal: journal.directory, left });
  for (const { object, name } of left)
    terminal.warn(`${object} ${name} is not removed completely: run the command again.`);
  terminal.progress(`Journal: ${journal.directory}`);
  return left.length > 0 ? EXIT.partly : EXIT.done;
}

function parseId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CommandError('OPTION_INVALID', '`--repository-id` must be a number.');
}

function planOf(steps: readonly Step[], repository: string, domain: URL): Plan {
  const header = [`Domain ${domain.origin}`, `Repository ${repository}`];
  return { version: 1, header, actions: steps.map(({ action }) => action) };
}
