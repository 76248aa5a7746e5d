// Messages of the modules that the action shares, in the words of the command line.
import { ActionError } from '../../src/errors/action-error.ts';
import type { Failure } from '../../src/errors/failure.ts';
import type { OptionRules } from '../command.ts';
import { CommandError, describeFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { withOptionNames } from './options.ts';

/** Refusals that a trust causes. */
export const TRUST_REFUSALS: readonly string[] = ['OCI_NO_RULE_MATCHED', 'OCI_EXCHANGE_REJECTED'];
const DOCTOR = '`oci-wif doctor` shows the trust that this job needs, with commands that change it.';

/**
 * A failure in lines: first what happened and what to do, then what else is known.
 * @param rules the options of the command
 */
export function failureLines(failure: Failure, rules: OptionRules): [first: string, ...others: string[]] {
  const isInput = failure.code === 'INPUT_INVALID'; // its remedy is about workflow files
  const first = isInput ? new CommandError('OPTION_INVALID', failure.message) : failure;
  const lines = failure instanceof ActionError ? detailLines(failure) : [];
  if (TRUST_REFUSALS.includes(failure.code)) lines.push(DOCTOR);
  return [
    withOptionNames(describeFailure(first), rules),
    ...lines.map((line) => withOptionNames(line, rules)),
  ];
}

/** What a job summary shows unfolded. */
export function detailLines({ details, snippets }: Pick<ActionError, 'details' | 'snippets'>): string[] {
  const open = snippets.filter(({ isFolded }) => !isFolded);
  const texts = open.flatMap(({ title, text }) => [
    `${title}:`,
    ...text.split('\n').map((one) => `  ${one}`),
  ]);
  return [...details.map((detail) => `- ${detail}`), ...texts];
}

/** The same terminal. Messages that name inputs of the action show the options instead. @param rules the options of the command */
export function withNamedOptions(terminal: Terminal, rules: OptionRules): Terminal {
  const named = (write: (text: string) => void) => (text: string) => write(withOptionNames(text, rules));
  const { progress, warn, error } = terminal;
  return { ...terminal, progress: named(progress), warn: named(warn), error: named(error) };
}
