// Converts messages of modules that the action also uses: they name options instead of inputs.
import { ActionError, type ErrorCode } from '../../src/errors/action-error.ts';
import { describeError } from '../../src/errors/codes.ts';
import { describeFailure, type Failure } from '../../src/errors/failure.ts';
import type { OptionRules } from '../command.ts';
import { CommandError } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { withOptionNames } from './options.ts';

/** Refusals that a trust causes. */
export const TRUST_REFUSALS: readonly string[] = ['OCI_NO_RULE_MATCHED', 'OCI_EXCHANGE_REJECTED'];
const DOCTOR = '`oci-wif doctor` shows the trust that this job needs, with commands that change it.';

/** Instead of remedies that name inputs, steps or the summary of the action. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  AWS_ACCESS_DENIED:
    'Check that the role in --aws-role-arn exists. If it does, add the statement below to its trust policy.',
  PATH_UNSAFE: 'Correct this, or choose a path outside the checkout that only this user can change.',
  PROFILE_EXISTS:
    'Choose another --profile, or add --overwrite-profile: `oci-wif logout` then restores the existing profile.',
  FILES_NOT_WRITABLE:
    'Check that the directory exists, that this user may write there, and that the disk has space. TMPDIR sets the directory of temporary files.',
};

/** The failure with a remedy for the command line. Its texts still name inputs: see `withOptionNames`. */
export function asOfCommand(failure: Failure, rules: OptionRules): Failure {
  if (failure.code === 'INPUT_INVALID')
    return new CommandError('OPTION_INVALID', withVariables(failure.message, rules));
  if (!(failure instanceof ActionError)) return failure;
  const remedy = REMEDIES[failure.code];
  const isOwn = failure.remedy !== describeError(failure.code).remedy;
  return remedy === undefined || isOwn
    ? failure
    : new ActionError(failure.code, failure.whatHappened, { ...failure, cause: failure.cause, remedy });
}

/** Adds the variable that can set a missing option. */
function withVariables(text: string, rules: OptionRules): string {
  return text.replace(/`([a-z-]+)` is required(?! with)/g, (whole, name: string) => {
    const variable = Object.hasOwn(rules, name) ? rules[name]?.env : undefined;
    return variable === undefined ? whole : `--${name} (or ${variable}) is required`;
  });
}

/**
 * A failure in lines: first what happened and what to do, then what else is known.
 * @param rules the options of the command
 */
export function failureLines(failure: Failure, rules: OptionRules): [first: string, ...others: string[]] {
  const lines = failure instanceof ActionError ? detailLines(failure, rules) : [];
  if (TRUST_REFUSALS.includes(failure.code)) lines.push(DOCTOR);
  return [withOptionNames(describeFailure(asOfCommand(failure, rules)), rules), ...lines];
}

/** What a job summary shows unfolded. Text to paste comes first and stays unchanged: its subject may contain any text. */
export function detailLines(
  { details, snippets }: Pick<ActionError, 'details' | 'snippets'>,
  rules: OptionRules,
): string[] {
  const open = snippets.filter(({ isFolded }) => !isFolded);
  const texts = open.flatMap(({ title, text }) => [
    `${withOptionNames(title, rules)}:`,
    ...text.split('\n').map((one) => `  ${one}`),
  ]);
  return [...texts, ...details.map((detail) => `- ${withOptionNames(detail, rules)}`)];
}

/** The same terminal. Messages that name inputs of the action show the options instead. @param rules the options of the command */
export function withNamedOptions(terminal: Terminal, rules: OptionRules): Terminal {
  const named = (write: (text: string) => void) => (text: string) => write(withOptionNames(text, rules));
  const { progress, warn, error } = terminal;
  return { ...terminal, progress: named(progress), warn: named(warn), error: named(error) };
}
