// Plans the environment of GitHub and its variables. Pure functions.
import { CommandError } from '../failure.ts';
import { setVariable } from './apply-app.ts';
import type { Step } from './part.ts';
import type { Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { keep, refuse, warn } from './steps.ts';

/** What the workflows in `examples/` read. */
export const SECRET = 'OCI_CLIENT_SECRET';
export const VARIABLES = {
  domainUrl: 'OCI_DOMAIN_URL',
  region: 'OCI_REGION',
  audience: 'OCI_AUDIENCE',
  clientId: 'OCI_CLIENT_ID',
};

/** An environment that exists is never changed: its rules serve others, too. */
export function planEnvironment(snapshot: Snapshot, { environment, branch, clientAuth }: Selection): Step[] {
  const { repository, environment: found } = snapshot;
  if (environment === undefined && clientAuth !== 'secret') return [];
  if (environment === undefined) {
    const object = { system: 'github', object: 'repository', name: repository.fullName } as const;
    return [
      warn(object, `every workflow on any branch can read ${SECRET}; only those on ${branch} are admitted`),
    ];
  }
  const object = { system: 'github', object: 'environment', name: environment } as const;
  if (found === undefined) {
    const { defaultBranch } = repository;
    const text = `only ${defaultBranch} may deploy`;
    return [
      {
        action: { ...object, op: 'create', text },
        apply: async ({ github, report }) => {
          // A PUT may reset the rules of one that somebody else has created since the plan.
          if ((await github.environment(environment)) !== undefined)
            throw new CommandError('CONFLICT', `The environment ${environment} was created meanwhile.`);
          await github.createEnvironment(environment, defaultBranch);
          report(`GitHub: created environment ${environment}`);
        },
      },
    ];
  }
  if (found.branches?.length === 0) return [planBranch(environment, snapshot)];
  const spelling =
    found.name === environment
      ? []
      : [
          warn(
            object,
            `GitHub spells it ${found.name}: workflows must spell it ${environment}, as the subject does`,
          ),
        ];
  const open =
    found.branchPolicy === null
      ? [
          warn(
            object,
            'any branch may deploy, so any branch can log in; restrict this in the settings of the environment',
          ),
        ]
      : [];
  const steps = [...spelling, ...open];
  return steps.length > 0
    ? steps
    : [keep(object, found.hasReviewers ? 'branches limited, reviewers' : 'branches limited')];
}

/** An empty environment in which no branch may deploy is one whose creation was interrupted. */
function planBranch(environment: string, { repository, secrets = [], variables }: Snapshot): Step {
  const object = { system: 'github', object: 'environment', name: environment } as const;
  const { defaultBranch } = repository;
  if (secrets.length + Object.keys(variables).length > 0) return warn(object, 'no branch may deploy');
  return {
    action: { ...object, op: 'append', text: `${defaultBranch} may deploy; until now no branch may` },
    apply: async ({ github, report }) => {
      await github.allowBranch(environment, defaultBranch);
      report(`GitHub: ${defaultBranch} may deploy to environment ${environment}`);
    },
  };
}

/** Without the client ID, which is known only after the application. */
export function planVariables(snapshot: Snapshot, selection: Selection): Step[] {
  const { variables, domainUrl, profileRegion, domain } = snapshot;
  const current = variables[VARIABLES.region];
  const region = current ?? selection.region ?? profileRegion ?? domain?.homeRegion;
  return [
    ...planDomainUrl(variables[VARIABLES.domainUrl], domainUrl, selection),
    ...(region === undefined
      ? [refuse(variable(VARIABLES.region), 'the profile names no region; give `--region`')]
      : [planVariable(VARIABLES.region, current, region, selection)]),
    planAudience(snapshot, selection),
  ];
}

/** The jobs request the audience of the variable. With another one in the trust, none of them could log in. */
function planAudience(snapshot: Snapshot, selection: Selection): Step {
  const current = snapshot.variables[VARIABLES.audience];
  const wanted = audienceOf(snapshot, selection);
  if (current === undefined || current === wanted)
    return planVariable(VARIABLES.audience, current, wanted, selection);
  const text = `is ${current}: its jobs request that audience; leave \`--audience\` out, or delete the variable`;
  return refuse(variable(VARIABLES.audience), text);
}

/**
 * The audience that the jobs request: the one given, else that of the variable, else one of the trust, else the URL of the
 * domain. That is the identifier of this recipient alone, so a token for it is useless elsewhere.
 */
export function audienceOf(
  { trust, domainUrl, variables }: Snapshot,
  { audience }: Pick<Selection, 'audience'>,
): string {
  const values = trust?.clientClaimName === 'aud' ? (trust.clientClaimValues ?? []) : [];
  const existing = values.includes(domainUrl) ? domainUrl : values[0];
  return audience ?? variables[VARIABLES.audience] ?? existing ?? domainUrl;
}

const variable = (name: string) => ({ system: 'github', object: 'variable', name }) as const;

function planDomainUrl(current: string | undefined, wanted: string, selection: Selection): Step[] {
  const isSame = current === undefined || (URL.canParse(current) && new URL(current).origin === wanted);
  if (isSame) return [planVariable(VARIABLES.domainUrl, current, wanted, selection)];
  const text = `is ${current}: its jobs log in to another domain; choose another environment, or delete the variable`;
  return [refuse(variable(VARIABLES.domainUrl), text)];
}

/** A variable that exists is kept: the jobs of the environment use it. */
function planVariable(
  name: string,
  current: string | undefined,
  value: string,
  { environment }: Selection,
): Step {
  if (current !== undefined) return keep(variable(name), current);
  return {
    action: { ...variable(name), op: 'create', text: value, after: value },
    apply: (run) => setVariable(run, environment, name, value),
  };
}
