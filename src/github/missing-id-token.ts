// Why a job has no ID token, or lacks inputs. A module of its own, because it loads @actions/github.
import { context } from '@actions/github';
import { ActionError, type ErrorCode, type ErrorContext, type Snippet } from '../errors/action-error.ts';

/** What replaces parts of the failure; `whatHappened` and `remedy` where those of the error code would mislead. */
interface Explanation extends Pick<ErrorContext, 'remedy' | 'evidence' | 'logOnly' | 'details' | 'snippets'> {
  code?: ErrorCode;
  whatHappened?: string;
}

const env = (name: string): string => process.env[name] ?? '';

/**
 * Explains a missing ID token, or missing inputs, by the event and the environment of this run.
 * @param failure GITHUB_OIDC_UNAVAILABLE or INPUT_INVALID
 */
export function explainByRun(failure: ActionError): ActionError {
  const isAboutInputs = failure.code === 'INPUT_INVALID';
  const isFork = isPullRequestFromFork();
  const hasVariable = ['URL', 'TOKEN'].some((name) => env(`ACTIONS_ID_TOKEN_REQUEST_${name}`) !== '');
  if (isFork && !(isAboutInputs && hasVariable)) return explain(failure, explainFork());
  if (!isAboutInputs) return explain(failure, explainIdToken(hasVariable));
  if (!/`(aws-)?client-secret` is required/.test(failure.message)) return failure;
  // The owner of a private repository can give forks ID tokens without secrets.
  if (isFork)
    return explain(failure, {
      ...explainFork(),
      code: failure.code,
      whatHappened: `This pull request from a fork lacks inputs. ${failure.message}`,
    });
  return isDependabot() ? explain(failure, explainDependabotInputs(failure)) : failure;
}

function explain(failure: ActionError, explanation: Explanation): ActionError {
  const { code = failure.code, whatHappened = failure.whatHappened, ...others } = explanation;
  return new ActionError(code, whatHappened, { ...failure, ...others });
}

function explainIdToken(hasVariable: boolean): Explanation {
  if (env('ACT') === 'true') {
    return {
      whatHappened: 'The job runs under nektos/act, which issues no ID tokens.',
      remedy: 'Run the workflow on GitHub. With act, run only the steps that need no login.',
    };
  }
  if (hasVariable) return OVERRIDDEN;
  return isDependabot() ? explainDependabot() : explainPermission();
}

/** @see "Restrictions when Dependabot triggers events" (GitHub). In other events, its runs get secrets and permissions as usual. */
const isDependabot = () =>
  context.actor === 'dependabot[bot]' && /^(pull_request|push$|create$|deployment)/.test(context.eventName);

/** `fork: true` is also set in a repository that is itself a fork, so compare the repository of the head. */
function isPullRequestFromFork(): boolean {
  const { eventName, payload } = context;
  const head: { repo?: { full_name?: unknown } | null } | undefined = payload.pull_request?.['head'];
  if (!/^pull_request(_review|_review_comment)?$/.test(eventName) || head === undefined) return false;
  return head.repo?.full_name !== env('GITHUB_REPOSITORY'); // null after the fork was deleted
}

/** A line to paste, in the log and in the summary. */
function skipLine(condition: string) {
  const logOnly = `Add this to the job: \`if: ${condition}\`.`;
  return {
    evidence: logOnly,
    logOnly,
    details: ['If the job has an `if`, write `(…) && (…)` with both conditions.'],
    snippets: [yaml([`    if: ${condition}`])],
  };
}

function explainFork(): Explanation {
  const condition = `github.event_name != '${context.eventName}' || github.event.pull_request.head.repo.full_name == github.repository`;
  const { details, ...line } = skipLine(condition);
  return {
    ...line,
    code: 'GITHUB_OIDC_UNAVAILABLE',
    whatHappened: 'GitHub gives a pull request from a fork neither an ID token nor secrets.',
    remedy: 'Skip this job for forks.',
    details: [
      ...details,
      'Do not use `pull_request_target` instead: code from the fork could use the session.',
    ],
  };
}

const OVERRIDDEN: Explanation = {
  whatHappened: 'A step or `env:` of this job changed ACTIONS_ID_TOKEN_REQUEST_URL or …_TOKEN.',
  remedy: 'Remove these variables from `env:`, and from what earlier steps write to GITHUB_ENV.',
};

function explainDependabotInputs({ message }: ActionError): Explanation {
  const line = skipLine("github.actor != 'dependabot[bot]'");
  return {
    ...line,
    whatHappened: 'Dependabot started this run, which gets only the secrets of Dependabot.',
    remedy: 'Skip this job for Dependabot, or add the same secrets for Dependabot.',
    evidence: `${line.evidence} ${message}`,
  };
}

function explainDependabot(): Explanation {
  return {
    whatHappened:
      'Dependabot started this run, which gets no ID token unless the workflow lists the permission.',
    remedy: 'Add `id-token: write` to the `permissions` of the job.',
    details: ['Such runs get the secrets of Dependabot only: add `client-secret` to them.'],
    evidence: undefined,
    snippets: [yaml(PERMISSIONS)],
  };
}

function explainPermission(): Explanation {
  const file = /^[^/]+\/[^/]+\/(.+)@/.exec(env('GITHUB_WORKFLOW_REF'))?.[1];
  const workflow = file === undefined ? 'the workflow' : `\`${file}\``;
  return {
    evidence: undefined,
    details: [
      `This action cannot see whether ${workflow} calls the job as a reusable workflow: then the caller needs the permission, too.`,
      'Permissions that you do not list become none. `read-all` does not include `id-token`.',
    ],
    snippets: [yaml(PERMISSIONS)],
  };
}

const PERMISSIONS = ['    permissions:', '      id-token: write', '      contents: read'];

function yaml(lines: readonly string[]): Snippet {
  const text = ['jobs:', `  ${jobName()}:`, ...lines].join('\n');
  return { title: 'Add this to the job', language: 'yaml', text, isFolded: false };
}

function jobName(): string {
  return /^[A-Za-z_][\w-]*$/.test(env('GITHUB_JOB')) ? env('GITHUB_JOB') : 'deploy';
}
