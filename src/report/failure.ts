// The report of a failed step: one line in the log, the job summary, the output `failure-code`.
import type { ActionError } from '../errors/action-error.ts';
import { describeError } from '../errors/codes.ts';
import type { Runner } from '../ports.ts';
import { helpLink, helpUrl } from './help-link.ts';
import { escapeMarkup, literal, snippetLines, tableOf } from './markdown.ts';

type FailureReport = Pick<
  ActionError,
  'code' | 'message' | 'remedy' | 'requestId' | 'facts' | 'details' | 'snippets'
>;

/** Must not throw: an error here would hide the failure. */
export async function reportFailure(
  runner: Runner,
  failure: ActionError,
  hasSummary: boolean,
): Promise<void> {
  const report = await reportOf(failure);
  const { code, message, remedy, requestId } = report;
  const id = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
  runner.error(`${code}: ${message} ${remedy}${id} See ${helpUrl(runner, code)}`);
  if (runner.isDebug()) logStack(runner, failure);
  runner.output('failure-code', code);
  if (hasSummary) runner.summary(summaryOf(runner, report));
}

/** For debug logging. */
export function logStack(runner: Runner, failure: ActionError): void {
  const stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : undefined];
  for (const line of stacks.join('\n').split('\n')) runner.debug(line);
}

/** A missing ID token is explained by the event of the run, which only that failure loads. */
async function reportOf(failure: ActionError): Promise<FailureReport> {
  if (failure.code !== 'GITHUB_OIDC_UNAVAILABLE') return failure;
  const { code, message, remedy, requestId, facts, details, snippets } = failure;
  try {
    const { explainMissingIdToken } = await import('../github/missing-id-token.ts');
    const explanation = explainMissingIdToken();
    return {
      code,
      message: [message, explanation.reason].filter((part) => part !== '').join(' '),
      remedy: explanation.remedy ?? remedy,
      requestId,
      facts,
      details: [...details, ...(explanation.details ?? [])],
      snippets: [...snippets, ...(explanation.snippets ?? [])],
    };
  } catch {
    return failure; // an unreadable event file must not hide the real failure
  }
}

function summaryOf(runner: Runner, report: FailureReport): string {
  const { code, message, remedy, requestId, facts, details, snippets } = report;
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
