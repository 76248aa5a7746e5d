// Parts of the set-up that are done on request only.
import type { Clients } from '../command.ts';
import type { Part } from './part.ts';

/** In the order in which they are applied, after the parts that every set-up has. */
export function partsFor(_options: Readonly<Record<string, unknown>>, _clients: Clients): Part[] {
  return [];
}
