// How a failure is told: one line in the log, the long form in the job summary, the code as an output.
import { setOutput } from '@actions/core';
import type { ActionError, ErrorCode, Snippet } from '../errors/action-error.ts';
import { CATALOGUE, pageOf } from '../errors/codes.ts';
import { githubRunner, isDebug, reportError } from '../github/runner.ts';
import { escapeMarkup, literal, snippetLines, tableOf } from './markdown.ts';

/** A failure as it is told, with what the run's event adds to it. */
interface Account extends Pick<ActionError, 'code' | 'requestId' | 'facts' | 'findings'> {
  happened: string;
  remedy: string;
  snippets: readonly Snippet[];
}

/** Reports a failed main; must not fail itself, or it would hide what it reports. */
export async function reportFailure(failure: ActionError, hasSummary: boolean): Promise<void> {
  const account = await accountOf(failure);
  const requestId = failure.requestId === undefined ? '' : ` Request id: ${failure.requestId}.`;
  reportError(`${account.code}: ${account.happened} ${account.remedy}${requestId}`);
  if (isDebug()) reportStack(failure);
  setOutput('failure-code', failure.code);
  if (hasSummary) githubRunner.summary(longForm(account));
}

export function reportStack(failure: ActionError): void {
  const stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : undefined];
  for (const line of stacks.join('\n').split('\n')) githubRunner.debug(line);
}

async function accountOf(failure: ActionError): Promise<Account> {
  const { code, message, remedy, requestId, facts, findings, snippets } = failure;
  const account = { code, happened: message, remedy, requestId, facts, findings, snippets };
  if (code !== 'GITHUB_OIDC_UNAVAILABLE') return account;
  try {
    const { whyNoIdentity } = await import('../github/missing-id-token.ts');
    const why = whyNoIdentity();
    return {
      ...account,
      happened: [message, why.reason].filter((part) => part !== '').join(' '),
      remedy: why.remedy ?? remedy,
      findings: [...findings, ...why.findings],
      snippets: [...snippets, ...why.snippets],
    };
  } catch {
    return account; // an unreadable event file must not replace the real failure
  }
}

/** What is known of this failure comes before what is known of its kind. */
function longForm({ code, happened, remedy, requestId, facts, findings, snippets }: Account): string {
  const further = findings.filter((finding) => !happened.includes(finding));
  const id = requestId === undefined ? {} : { 'request id': requestId };
  return [
    '### Login failed',
    '',
    `**${code}**: ${escapeMarkup(happened)}`,
    '',
    `**What to do**: ${escapeMarkup(remedy)}`,
    '',
    ...further.map((finding) => `- ${escapeMarkup(finding)}`),
    ...(further.length === 0 ? [] : ['']),
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    'Likely causes, the most usual first:',
    '',
    ...CATALOGUE[code].causes.map((cause) => `1. ${cause}`),
    '',
    `More: ${linkTo(code)}`,
    '',
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    '',
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines),
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
