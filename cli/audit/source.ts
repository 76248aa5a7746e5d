// Reads one source of an audit. A failure is stored as a gap and not thrown, so that the other sources are still read.
import { TransportError } from '../../src/errors/transport-error.ts';
import { CommandError } from '../failure.ts';
import type { Source } from './snapshot.ts';

/** A failure of a service as a gap: what happened, and what to do. @throws everything else, such as a defect */
export function gapOf(error: unknown): string {
  if (error instanceof CommandError) return `${error.message} ${error.remedy}`;
  if (error instanceof TransportError) return `${error.message}.`;
  throw error;
}

export async function readSource<Data>(read: () => Promise<Data>): Promise<Source<Data>> {
  try {
    return { data: await read(), gaps: [] };
  } catch (error) {
    return { gaps: [gapOf(error)] };
  }
}

/** Reads a source that needs the data of another one. */
export async function readWith<First, Data>(
  first: Source<First>,
  read: (data: First) => Promise<Data>,
): Promise<Source<Data>> {
  return first.data === undefined ? { gaps: first.gaps } : readSource(() => read(first.data as First));
}

/** The items of several requests; those that fail are gaps. */
export async function readEach<Item, Data>(
  items: readonly Item[],
  read: (item: Item) => Promise<readonly Data[]>,
): Promise<Source<Data[]>> {
  const data: Data[] = [];
  const gaps: string[] = [];
  for (const item of items) {
    const source = await readSource(() => read(item));
    data.push(...(source.data ?? []));
    gaps.push(...source.gaps);
  }
  return { data, gaps: [...new Set(gaps)] };
}
