// What the run shows about a missing identity. Loaded only when a job has no identity token to ask for.
import { context } from '@actions/github';
import type { Snippet } from '../errors/action-error.ts';

export interface WhyNoIdentity {
  /** For the one line; '' if the run shows nothing. */
  reason: string;
  /** Instead of the general one, which would mislead. */
  remedy?: string;
  findings: readonly string[];
  snippets: readonly Snippet[];
}

const env = (name: string): string => process.env[name] ?? '';

/** Why this run may have no identity, as far as its event and environment show, and the lines that cure it. */
export function whyNoIdentity(): WhyNoIdentity {
  if (env('ACT') === 'true') {
    return {
      reason: 'It runs under nektos/act, which has no identity to give.',
      remedy: 'Run the workflow on GitHub; `act` can only try the steps that need no login.',
      findings: [],
      snippets: [],
    };
  }
  if (isPullRequestFromFork()) return fromFork();
  const present = ['URL', 'TOKEN'].filter((name) => env(`ACTIONS_ID_TOKEN_REQUEST_${name}`) !== '');
  if (present.length > 0) return overridden();
  return context.actor === 'dependabot[bot]' ? fromDependabot() : withoutPermission();
}

/** A fork of one's own has `fork: true` in every pull request, also within it: what counts is where the head lies. */
function isPullRequestFromFork(): boolean {
  const { eventName, payload } = context;
  const head: { repo?: { full_name?: unknown } | null } | undefined = payload.pull_request?.['head'];
  if (!/^pull_request(_review|_review_comment)?$/.test(eventName) || head === undefined) return false;
  return head.repo?.full_name !== env('GITHUB_REPOSITORY'); // null once the fork is deleted
}

function fromFork(): WhyNoIdentity {
  const condition = 'github.event.pull_request.head.repo.full_name == github.repository';
  return {
    reason:
      'It runs for a pull request from a fork, which GitHub gives no identity, whatever `permissions` say.',
    remedy:
      'Skip the login there, as shown in the job summary. Do not move it to `pull_request_target`, where the code of a stranger could use the session.',
    findings: [],
    snippets: [
      yaml('Skip this job for forks', [
        `    if: github.event_name != 'pull_request' || ${condition}`,
        ...PERMISSIONS,
      ]),
    ],
  };
}

function overridden(): WhyNoIdentity {
  return {
    reason:
      'The runner sets both variables or none, and an https:// address: something in this job has changed them.',
    remedy: 'Look for ACTIONS_ID_TOKEN_REQUEST_ in `env:` and in what earlier steps write to GITHUB_ENV.',
    findings: [],
    snippets: [],
  };
}

function fromDependabot(): WhyNoIdentity {
  return {
    reason:
      'Dependabot triggered it: such runs are read-only unless the workflow lists `permissions` itself.',
    findings: ['Such runs see the secrets of Dependabot alone: `client-secret` must be one of them, too.'],
    snippets: [yaml('Lines for this job', PERMISSIONS)],
  };
}

function withoutPermission(): WhyNoIdentity {
  const file = /^[^/]+\/[^/]+\/(.+)@/.exec(env('GITHUB_WORKFLOW_REF'))?.[1];
  const where = file === undefined ? 'the workflow' : `\`${file}\``;
  return {
    reason: '',
    findings: [
      `The run was started from ${where}. Whether this job is written there or in a reusable workflow that it calls cannot be seen from inside the job: in a reusable workflow, both the job and its caller need the lines.`,
      'Naming any permission sets all others to none, on the job as on the workflow; `read-all` does not include `id-token`.',
    ],
    snippets: [
      yaml('Lines for this job', PERMISSIONS),
      {
        title: 'And for its caller, if the job is in a reusable workflow',
        language: 'yaml',
        text: [
          'jobs:',
          '  call: # the job with `uses:`',
          '    uses: ./.github/workflows/reusable.yml',
          ...PERMISSIONS,
        ].join('\n'),
        isFolded: true,
      },
    ],
  };
}

const PERMISSIONS = ['    permissions:', '      id-token: write', '      contents: read'];

function yaml(title: string, lines: readonly string[]): Snippet {
  const job = /^[A-Za-z_][\w-]*$/.test(env('GITHUB_JOB')) ? env('GITHUB_JOB') : 'deploy';
  return { title, language: 'yaml', text: ['jobs:', `  ${job}:`, ...lines].join('\n'), isFolded: false };
}
