// Parts of the set-up that are done on request only.
import type { CommandContext } from '../command.ts';
import { type AwsOptions, awsSelectionFrom } from './aws/selection.ts';
import type { Part } from './part.ts';
import type { Selection } from './selection.ts';

/**
 * In the order in which they are applied, after the parts that every set-up has.
 * @throws CommandError OPTION_INVALID
 */
export async function partsFor(
  options: AwsOptions,
  { names }: Selection,
  { clients, clock, terminal }: CommandContext,
): Promise<Part[]> {
  const wanted = awsSelectionFrom(options, names);
  if (wanted === undefined) return [];
  const { awsPart } = await import('./aws/part.ts');
  return [
    awsPart(wanted, { aws: await clients.aws(), http: clients.http, clock, progress: terminal.progress }),
  ];
}
