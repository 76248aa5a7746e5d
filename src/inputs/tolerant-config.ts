// A configuration from inputs of which some are wrong, for whoever wants to try all that the others allow.
// Knows which inputs can be relied on; not what depends on them.
import { type Config, readValues, toConfig } from './config.ts';
import { type InputContext, Refusal } from './parsers.ts';
import { INPUTS, type InputName, type InputRule, type InputValues } from './schema.ts';

export interface TolerantConfig {
  /** A wrong input has its default here, or nothing, whatever the type says: ask `doubtful` first. */
  config: Config;
  doubtful: ReadonlySet<InputName>;
  /** One sentence per fault, as `readConfig` would name them. */
  faults: readonly string[];
}

export function readTolerantly(
  read: (name: InputName) => string,
  surroundings: InputContext,
): TolerantConfig {
  const { values, faults } = readValues(read, surroundings);
  const names = Object.keys(INPUTS) as InputName[];
  const doubtful = new Set(names.filter((name) => faults.some((fault) => fault.startsWith(`\`${name}\``))));
  for (const name of doubtful) values[name] = presetOf(INPUTS[name], surroundings);
  return { config: toConfig(values as InputValues), doubtful, faults };
}

/** Even a default can be refused, such as `~/.oci/config` where the home lies in the checkout. */
function presetOf({ default: preset, parse }: InputRule<unknown>, surroundings: InputContext): unknown {
  try {
    return preset === undefined ? undefined : parse(preset, surroundings);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
