import type { OptionRules } from '../command.ts';

/** The options that name a source of ID tokens. */
export const SOURCE_OPTIONS = {} as const satisfies OptionRules;
