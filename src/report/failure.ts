// The report of a failed step: one line in the log, the job summary, the output `failure-code`.
import type { ActionError } from '../errors/action-error.ts';
import { describeFailure, type Failure } from '../errors/failure.ts';
import type { Runner } from '../ports.ts';
import { escapeMarkup, helpLink, helpUrl, literal, snippetLines, tableOf } from './markdown.ts';

/** Must not throw: an error here would hide the failure. */
export async function reportFailure(runner: Runner, thrown: ActionError, hasSummary: boolean): Promise<void> {
  const failure = await withReason(thrown);
  const { code } = failure;
  runner.error(`${describeFailure(failure)} See ${helpUrl(runner, code)}`);
  if (runner.isDebug()) logStack(runner, thrown);
  runner.output('failure-code', code);
  if (hasSummary) runner.summary(summaryOf(runner, failure));
}

/** For debug logging. */
export function logStack(runner: Runner, failure: Failure): void {
  const stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : undefined];
  for (const line of stacks.join('\n').split('\n')) runner.debug(line);
}

/** Explains a missing ID token, or missing inputs, by the event of the run. Loads the module for it only then. */
export async function withReason(failure: ActionError): Promise<ActionError> {
  if (!['GITHUB_OIDC_UNAVAILABLE', 'INPUT_INVALID'].includes(failure.code)) return failure;
  try {
    const { explainByRun } = await import('../github/missing-id-token.ts');
    return explainByRun(failure);
  } catch {
    return failure; // an unreadable event file must not hide the real failure
  }
}

function summaryOf(runner: Runner, failure: ActionError): string {
  const { code, whatHappened, remedy, requestId, facts, details, snippets } = failure;
  const evidence = failure.evidence?.replace(failure.logOnly, () => '').trim() ?? '';
  const more = [evidence, ...details.filter((detail) => !evidence.includes(detail))].filter(Boolean);
  const id = requestId === undefined ? {} : { 'Request ID': requestId };
  return [
    '### Login failed',
    '',
    `**${code}**: ${escapeMarkup(whatHappened)}`,
    '',
    `**What to do**: ${escapeMarkup(remedy)}`,
    '',
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    ...more.map((detail) => `- ${escapeMarkup(detail)}`),
    ...(more.length === 0 ? [] : ['']),
    `Likely causes: ${helpLink(runner, code)}`,
    '',
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    '',
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines),
  ].join('\n');
}
