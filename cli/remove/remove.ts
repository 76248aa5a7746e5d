// One run of `remove`: reads, plans, shows, applies, reads again.
import type { CommandContext } from '../command.ts';
import { CommandError } from '../failure.ts';
import { EXIT, runPlan } from '../setup/apply.ts';
import { awsSelectionFrom } from '../setup/aws/selection.ts';
import type { Step } from '../setup/part.ts';
import { changesOf } from '../setup/plan-text.ts';
import type { Plan } from '../setup/plan-types.ts';
import { selectionFrom, targetOf } from '../setup/selection.ts';
import { contextOf } from '../setup/set-up.ts';
import type { RemoveOptions } from './command.ts';
import { planRemoval } from './plan.ts';
import { inspectRemoval } from './snapshot.ts';

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
  const name = `remove-${selection.repository}-${targetOf(selection)}`;
  const journal = await runPlan(command, { plan, steps, context, made: {}, name, options });
  if (typeof journal === 'number') return journal;
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
