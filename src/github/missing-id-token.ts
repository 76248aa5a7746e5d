// Why a job cannot request an ID token. A module of its own, because it loads @actions/github.
import { context } from '@actions/github';
import type { ErrorContext, Snippet } from '../errors/action-error.ts';

/** `remedy` is set where the remedy of the error code would mislead. */
export interface MissingIdToken extends Pick<ErrorContext, 'remedy' | 'details' | 'snippets'> {
  /** For the log line; '' when the run shows no reason. */
  reason: string;
}

const env = (name: string): string => process.env[name] ?? '';

/** Explains the missing ID token by the event and the environment of this run. */
export function explainMissingIdToken(): MissingIdToken {
  if (env('ACT') === 'true') {
    return {
      reason: 'The job runs under nektos/act, which issues no ID tokens.',
      remedy: 'Run the workflow on GitHub. With act, run only the steps that need no login.',
    };
  }
  if (isPullRequestFromFork()) return explainFork();
  const present = ['URL', 'TOKEN'].filter((name) => env(`ACTIONS_ID_TOKEN_REQUEST_${name}`) !== '');
  if (present.length > 0) return OVERRIDDEN;
  return context.actor === 'dependabot[bot]' ? explainDependabot() : explainPermission();
}

/** `fork: true` is also set in a repository that is itself a fork, so compare the repository of the head. */
function isPullRequestFromFork(): boolean {
  const { eventName, payload } = context;
  const head: { repo?: { full_name?: unknown } | null } | undefined = payload.pull_request?.['head'];
  if (!/^pull_request(_review|_review_comment)?$/.test(eventName) || head === undefined) return false;
  return head.repo?.full_name !== env('GITHUB_REPOSITORY'); // null after the fork was deleted
}

function explainFork(): MissingIdToken {
  const condition =
    "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";
  return {
    reason: 'GitHub issues no ID token to a pull request from a fork, whatever `permissions` say.',
    remedy:
      'Skip the login for forks, as the job summary shows. Do not use `pull_request_target` instead: code from the fork could use the session.',
    snippets: [yaml('Skip this job for forks', [`    if: ${condition}`, ...PERMISSIONS])],
  };
}

const OVERRIDDEN: MissingIdToken = {
  reason:
    'Something in this job changed one of these variables: the runner sets both, with an https:// address, or none.',
  remedy: 'Remove ACTIONS_ID_TOKEN_REQUEST_… from `env:` and from what earlier steps write to GITHUB_ENV.',
};

function explainDependabot(): MissingIdToken {
  return {
    reason: 'Dependabot started the run, which is read-only unless the workflow itself lists `permissions`.',
    details: ['Such runs get the secrets of Dependabot only: add `client-secret` to them.'],
    snippets: [yaml('Lines for this job', PERMISSIONS)],
  };
}

function explainPermission(): MissingIdToken {
  const file = /^[^/]+\/[^/]+\/(.+)@/.exec(env('GITHUB_WORKFLOW_REF'))?.[1];
  const workflow = file === undefined ? 'the workflow' : `\`${file}\``;
  const callerLines = ['    uses: ./.github/workflows/reusable.yml', ...PERMISSIONS];
  const title = 'Lines for the caller, if the job is in a reusable workflow';
  const caller = yaml(title, callerLines, 'call: # the job with `uses:`');
  return {
    reason: '',
    details: [
      `The run was started from ${workflow}. If this job is in a reusable workflow that it calls, both the job and its caller need the lines; the job cannot see which.`,
      'A list of permissions, of the job or the workflow, sets all others to none. `read-all` does not include `id-token`.',
    ],
    snippets: [yaml('Lines for this job', PERMISSIONS), { ...caller, isFolded: true }],
  };
}

const PERMISSIONS = ['    permissions:', '      id-token: write', '      contents: read'];

function yaml(title: string, lines: readonly string[], job = `${jobName()}:`): Snippet {
  return { title, language: 'yaml', text: ['jobs:', `  ${job}`, ...lines].join('\n'), isFolded: false };
}

function jobName(): string {
  return /^[A-Za-z_][\w-]*$/.test(env('GITHUB_JOB')) ? env('GITHUB_JOB') : 'deploy';
}
