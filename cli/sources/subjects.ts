// What the subjects of each system mean for a trust: which part varies from run to run, and which rule fits. Pure functions.
import { adviseOnJob, type Claims, isForgejo } from '../../src/diagnosis/job-claims.ts';
import type { TrustAdvice } from '../../src/oci/id-token.ts';
import { quote } from '../../src/response.ts';
import { CI_SYSTEMS, type SystemId } from '../ci/systems.ts';

interface Subject {
  /** What a rule for `sub` compares, with a star at the end if the rest varies. Undefined if no rule is safe. */
  value: string | undefined;
  /** What the star stands for, with its verb: the beginning of a sentence. */
  varies?: string;
  /** What else the rule accepts, or how the rule differs from one that looks like it. */
  notes?: readonly string[];
}

interface Issuer {
  id?: string;
  /** For messages. */
  name: string;
  /** By issuer and subject. The issuer of GitLab and of Kubernetes can be any host. */
  matches(iss: string, sub: string, claims: Claims): boolean;
  /** Undefined for a subject of another form: then the whole subject is compared. */
  subject?(sub: string): Subject | undefined;
  /** What to know about every token of the issuer. */
  notes?: readonly string[];
  /** Claims that help to compare a token with a trust. */
  claimNames?: readonly string[];
  /** Where the audience is set, if not by `--audience`. */
  audience?: string;
  /** The issuers that all customers share. */
  shared?: readonly string[];
}

const LISTED_AUDIENCE =
  'The claim `aud` is a list. No report shows yet how a domain compares it, so write all of its values into `clientClaimValues`.';

/** @see docs/other-ci.md, which shows the rule of each system */
const ISSUERS: readonly Issuer[] = [
  {
    ...CI_SYSTEMS.gitlab,
    matches: (_, sub) => sub.startsWith('project_path:'),
    subject: (sub) => {
      const [, project, kind] = /^(project_path:[^:]+):ref_type:([^:]+):ref:./.exec(sub) ?? [];
      if (project === undefined) return undefined;
      const note = `The subject names the ${quote(kind ?? '', [])}. For every branch and tag of the project, the rule is \`sub eq ${quote(project, [])}:*\`.`;
      return { value: sub, notes: [note] };
    },
    shared: ['https://gitlab.com'],
    claimNames: ['project_path', 'project_id', 'ref', 'ref_type', 'ref_protected', 'environment'],
  },
  {
    ...CI_SYSTEMS.bitbucket,
    matches: (iss) => /^https:\/\/api\.bitbucket\.org\/.*\/pipelines-config\/identity\/oidc$/.test(iss),
    subject: (sub) => {
      const [, repository, environment, step] =
        /^(\{[^{}:]+\}):(\{[^{}:]+\}:)?(\{[^{}:]+\})$/.exec(sub) ?? [];
      if (step === undefined) return undefined;
      const note =
        environment === undefined
          ? 'The rule accepts every step of every branch of the repository. For fewer steps, use a deployment environment: its UUID then follows that of the repository.'
          : 'The rule accepts every step that deploys to this environment.';
      return {
        value: `${repository}:${environment ?? ''}*`,
        varies: 'The UUID of the step differs',
        notes: [note],
      };
    },
    claimNames: ['repositoryUuid', 'deploymentEnvironmentUuid', 'branchName', 'workspaceUuid'],
  },
  {
    ...CI_SYSTEMS['azure-devops'],
    matches: (iss, _, { aud }) =>
      iss.startsWith('https://vstoken.dev.azure.com/') ||
      (iss.startsWith('https://login.microsoftonline.com/') && aud === 'api://AzureADTokenExchange'),
    subject: (sub) => ({
      value: sub,
      notes: [
        sub.startsWith('p://')
          ? 'The subject names the pipeline: the rule accepts its runs for every branch. A service connection gives a subject that checks and approvals of Azure DevOps protect.'
          : 'Every pipeline that may use the service connection has this subject: limit its pipeline permissions.',
      ],
    }),
    claimNames: ['rpo_uri', 'rpo_ref', 'def_id'],
  },
  {
    ...CI_SYSTEMS.circleci,
    matches: (iss) => /^https:\/\/oidc\.circleci\.com(\/|$)/.test(iss),
    subject: (sub) => {
      const [, project] = /^(org\/[^/]+\/project\/[^/]+\/)user\/./.exec(sub) ?? [];
      if (project === undefined) return undefined;
      const note =
        'The rule accepts every user and every branch of the project. A rule cannot select a branch, because the user comes before it in `sub`.';
      return { value: `${project}*`, varies: 'The user who started the job differs', notes: [note] };
    },
  },
  {
    ...CI_SYSTEMS.buildkite,
    matches: (iss) => iss === 'https://agent.buildkite.com',
    subject: buildkiteSubject,
    shared: ['https://agent.buildkite.com'],
    claimNames: ['organization_slug', 'pipeline_slug', 'build_branch', 'step_key'],
  },
  {
    ...CI_SYSTEMS['hcp-terraform'],
    matches: (_, sub) => /^organization:.+:workspace:.+:run_phase:\w+$/.test(sub),
    subject: (sub) => ({
      value: sub,
      notes: [
        'The subject names the phase: plan and apply need a rule each. Let the plan act as a user that can only read, because a plan runs code that nobody has approved.',
      ],
    }),
    shared: ['https://app.terraform.io', 'https://app.eu.terraform.io'],
    claimNames: ['terraform_organization_name', 'terraform_workspace_name', 'terraform_run_phase'],
  },
  {
    name: 'Kubernetes',
    audience: '`audience:` of the projected `serviceAccountToken`',
    matches: (_, sub) => sub.startsWith('system:serviceaccount:'),
    notes: [
      'The subject names the service account: every pod that runs as it has the same subject.',
      LISTED_AUDIENCE,
    ],
  },
  {
    name: 'Google',
    matches: (iss) => iss === 'https://accounts.google.com',
    shared: ['https://accounts.google.com'],
    claimNames: ['email', 'azp'],
  },
  {
    name: 'AWS',
    matches: (_, sub) => /^arn:aws[\w-]*:(iam|sts)::/.test(sub),
  },
];

/** Anybody can name a branch `main:commit:x`, except in git. A rule with a star would accept it as `main`. */
function buildkiteSubject(sub: string): Subject | undefined {
  if (!sub.startsWith('organization:')) return undefined; // `--subject-claim` replaces the subject by one claim
  const form = /^(organization:[^:]+:pipeline:[^:]+:ref:([^:]+):commit:)[^:]+:step:[^:]*$/;
  const [, prefix, ref] = form.exec(sub) ?? [];
  const note =
    prefix === undefined
      ? 'The branch or the step has a colon in its name, so no rule can tell where the name ends. Rename it.'
      : `The rule accepts every step for ${quote(ref ?? '', [])}, and a branch whose name begins with that and \`:commit:\`. Git forbids such a name, but the API of Buildkite may accept it.`;
  return { value: prefix && `${prefix}*`, varies: 'The commit and the step differ', notes: [note] };
}

/**
 * Names the system that issued a token, for messages: by its host if it is not known here.
 * @param system the one that gave the token, if it is known by other means than the token
 */
export function issuerName(claims: Claims, system?: SystemId): string {
  const { iss = '' } = claims;
  const host = URL.canParse(iss) ? new URL(iss).host : '';
  return knownName(claims, system) ?? (host || 'the issuer');
}

function knownName(claims: Claims, system: SystemId | undefined): string | undefined {
  const { iss = '' } = claims;
  if (isForgejo(claims)) return CI_SYSTEMS.forgejo.name;
  if (/^https:\/\/token\.actions\.|\/_services\/token$/.test(iss)) return CI_SYSTEMS.github.name;
  return issuerOf(claims, system)?.name;
}

function issuerOf(claims: Claims, system: SystemId | undefined): Issuer | undefined {
  const { iss = '', sub = '' } = claims;
  return ISSUERS.find((one) => (system === undefined ? one.matches(iss, sub, claims) : one.id === system));
}

/**
 * What a trust for this token needs. The claims may hold any text.
 * @param system as for `issuerName`
 * @param isRequested whether the token was requested with `--audience`
 */
export function adviseOnToken(claims: Claims, system?: SystemId, isRequested = false): TrustAdvice {
  const name = knownName(claims, system);
  if (name === CI_SYSTEMS.github.name || name === CI_SYSTEMS.forgejo.name) return adviseOnJob(claims);
  const issuer = issuerOf(claims, system);
  const { iss = '', aud = '', sub = '' } = claims;
  const subject = issuer?.subject?.(sub) ?? { value: sub };
  const { value, varies, notes = [] } = subject;
  const isStarred = varies !== undefined && value !== undefined;
  const isLost = value !== undefined && !isLiteral(isStarred ? value.slice(0, -1) : value);
  const { audience = isRequested ? undefined : 'the program that requested it', shared = [] } = issuer ?? {};
  const texts = [
    audience && `\`--audience\` has no effect on this token: its \`aud\` comes from ${audience}.`,
    isStarred && `${varies} from run to run, so the rule ends with \`${value.slice(-2)}\`.`,
    ...notes,
    isLost && NOT_COMPARABLE,
    ...(issuer?.notes ?? []),
    aud.includes(',') && LISTED_AUDIENCE,
    shared.includes(iss) &&
      `All customers of ${name} share this issuer: no rule may have a star before the names that are yours alone.`,
  ];
  return {
    trustName: (name ?? 'ci').toLowerCase().replaceAll(' ', '-'),
    subject: isLost ? undefined : value,
    keysUrl: undefined,
    claimNames: issuer?.claimNames ?? [],
    notes: [...new Set(texts)].filter((text) => typeof text === 'string'),
  };
}

const NOT_COMPARABLE =
  'No rule can accept exactly this subject: a star in a rule accepts any text, and spaces and quotes at its ends may be lost. Rename the branch or environment that has these characters.';

/** Whether a rule compares the text as it stands. */
function isLiteral(text: string): boolean {
  return text !== '' && !/[*\p{Cc}\u2028\u2029\p{Bidi_Control}]|^[\s"'`“”]|[\s"'`“”]$/u.test(text);
}
