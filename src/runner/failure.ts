// How a failure is told: one line in the log, the long form in the job summary, the code as an output.
import { setOutput } from '@actions/core';
import { CATALOGUE, pageOf } from '../catalogue.ts';
import type { ActionError, ErrorCode } from '../errors.ts';
import { escapeMarkup, literal, tableOf } from '../markup.ts';
import { githubRunner, isDebug, reportError } from './github-runner.ts';

/** Reports a failed main; must not fail itself, or it would hide what it reports. */
export async function reportFailure(failure: ActionError, hasSummary: boolean): Promise<void> {
  const hint = failure.code === 'GITHUB_OIDC_UNAVAILABLE' ? await hintFromEvent() : '';
  const happened = [failure.message, hint].filter((part) => part !== '').join(' ');
  const requestId = failure.requestId === undefined ? '' : ` Request id: ${failure.requestId}.`;
  reportError(`${failure.code}: ${happened} ${failure.remedy}${requestId}`);
  if (isDebug()) reportStack(failure);
  setOutput('failure-code', failure.code);
  if (hasSummary) await githubRunner.summary(summarise(failure, happened));
}

function reportStack(failure: ActionError): void {
  const stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : undefined];
  for (const line of stacks.join('\n').split('\n')) process.stdout.write(`::debug::${line}\n`);
}

async function hintFromEvent(): Promise<string> {
  try {
    const { whyNoIdentity } = await import('./event.ts');
    return whyNoIdentity();
  } catch {
    return ''; // an unreadable event file must not replace the real failure
  }
}

function summarise({ code, remedy, requestId, facts }: ActionError, happened: string): string {
  const rows = Object.entries({ ...facts, ...(requestId === undefined ? {} : { 'request id': requestId }) });
  return [
    '### Login failed',
    '',
    `**${code}**: ${escapeMarkup(happened)}`,
    '',
    escapeMarkup(remedy),
    '',
    'Likely causes, the most usual first:',
    '',
    ...CATALOGUE[code].causes.map((cause) => `1. ${cause}`),
    '',
    `More: ${linkTo(code)}`,
    '',
    ...tableOf(rows.map(([name, value]) => [name, literal(value)])),
    '',
  ].join('\n');
}

/** To the page as it was when this version of the action was made; the path alone where the runner does not say which. */
function linkTo(code: ErrorCode): string {
  const page = pageOf(code);
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref,
  } = process.env;
  if (!server || !repository || !ref) return `\`${page}\``;
  // A reference may hold what ends a link; of what is legal in one, the encoding leaves only the brackets.
  const parts = `${repository}/blob/${ref}`.split('/').map(encodeURIComponent).join('/');
  return `[${page}](${server}/${parts.replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'))}/${page})`;
}
