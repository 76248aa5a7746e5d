// The report of a failed step: one line in the log, the job summary, the output `failure-code`.
import { ActionError } from '../errors/action-error.ts';
import { describeError } from '../errors/codes.ts';
import type { Failure } from '../errors/failure.ts';
import type { Runner } from '../ports.ts';
import { escapeMarkup, helpLink, helpUrl, literal, snippetLines, tableOf } from './markdown.ts';

/** Must not throw: an error here would hide the failure. */
export async function reportFailure(runner: Runner, thrown: ActionError, hasSummary: boolean): Promise<void> {
  const failure = await withReason(thrown);
  const { code, message, remedy, requestId } = failure;
  const id = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
  runner.error(`${code}: ${message} ${remedy}${id} See ${helpUrl(runner, code)}`);
  if (runner.isDebug()) logStack(runner, thrown);
  runner.output('failure-code', code);
  if (hasSummary) runner.summary(summaryOf(runner, failure));
}

/** For debug logging. */
export function logStack(runner: Runner, failure: Failure): void {
  const stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : undefined];
  for (const line of stacks.join('\n').split('\n')) runner.debug(line);
}

/** Explains a missing ID token by the event of the run. Loads the module for it only then. */
async function withReason(failure: ActionError): Promise<ActionError> {
  const { code, message } = failure;
  if (code !== 'GITHUB_OIDC_UNAVAILABLE') return failure;
  try {
    const { explainMissingIdToken } = await import('../github/missing-id-token.ts');
    const { reason, ...explanation } = explainMissingIdToken();
    return new ActionError(code, `${message} ${reason}`.trimEnd(), { ...failure, ...explanation });
  } catch {
    return failure; // an unreadable event file must not hide the real failure
  }
}

function summaryOf(runner: Runner, failure: ActionError): string {
  const { code, message, remedy, requestId, facts, details, snippets } = failure;
  const more = details.filter((detail) => !message.includes(detail));
  const id = requestId === undefined ? {} : { 'Request ID': requestId };
  return [
    '### Login failed',
    '',
    `**${code}**: ${describeError(code).title}`,
    '',
    `**What happened**: ${escapeMarkup(message)}`,
    '',
    `**What to do**: ${escapeMarkup(remedy)}`,
    '',
    ...more.map((detail) => `- ${escapeMarkup(detail)}`),
    ...(more.length === 0 ? [] : ['']),
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    `Likely causes: ${helpLink(runner, code)}`,
    '',
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    '',
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines),
  ].join('\n');
}
