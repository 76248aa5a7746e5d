// Plans the removal of applications, and of their secrets and client IDs in GitHub. Pure functions.
import type { App } from '../domain/objects.ts';
import { setAppActive } from '../setup/apply-app.ts';
import { AWS_TAG } from '../setup/aws/app.ts';
import { AWS_SLOT, ROLE_VARIABLE } from '../setup/aws/selection.ts';
import type { Step } from '../setup/part.ts';
import { SECRET, VARIABLES } from '../setup/plan-github.ts';
import type { Selection } from '../setup/selection.ts';
import { removal, warn } from '../setup/steps.ts';
import { type AppUse, tagOf } from './ownership.ts';
import { deleteApp, deleteSecret, deleteVariable } from './remove-objects.ts';
import type { RemovalSnapshot } from './snapshot.ts';

interface ClientSteps {
  /** The secret first: with it, jobs could still request tokens. */
  before: Step[];
  /** Deleting the application comes last. */
  after: Step[];
}

export function planClients(
  snapshot: RemovalSnapshot,
  selection: Selection,
  uses: readonly AppUse[],
): ClientSteps {
  const all = [...uses, ...awsAppUses(snapshot)];
  const kept = all.flatMap(({ app, use }) =>
    use === undefined ? [] : [warn(objectOf(app), `stays: ${use}`)],
  );
  const unused = all.filter(({ use }) => use === undefined).map(({ app }) => app);
  const active = unused.filter((app) => app.active !== false);
  return {
    before: [
      ...planSecret(
        snapshot,
        selection,
        SECRET,
        VARIABLES.clientId,
        uses.map(({ app }) => app),
      ),
      ...planSecret(snapshot, selection, AWS_SLOT.secret, AWS_SLOT.variable, awsApps(snapshot)),
      ...active.map((app) =>
        removal(objectOf(app), 'is deactivated first', (run) => setAppActive(run, app.id, false), 'change'),
      ),
    ],
    after: [...kept, ...unused.map((app) => removal(objectOf(app), 'deleted', (run) => deleteApp(run, app)))],
  };
}

const objectOf = ({ displayName = '' }: App) =>
  ({ system: 'domain', object: 'app', name: displayName }) as const;

const awsApps = ({ apps, mark, aws }: RemovalSnapshot) =>
  aws === undefined ? [] : apps.filter((app) => tagOf(app, AWS_TAG) === mark);

/** The resource server of other applications stays: they request its scope. */
function awsAppUses(snapshot: RemovalSnapshot): AppUse[] {
  const { apps, mark, aws } = snapshot;
  const own = apps.filter((app) => tagOf(app, AWS_TAG) === mark);
  const notAsked = 'remove it with `--aws-account` and `--aws-role`';
  return own.map((app) => {
    const scopes = app.scopes?.map(({ fqs }) => fqs) ?? [];
    const others = apps.filter(
      (one) => one.id !== app.id && one.allowedScopes?.some(({ fqs }) => scopes.includes(fqs)),
    );
    const use =
      others.length > 0
        ? `it is the resource server of ${others.map(({ displayName }) => displayName).join(', ')}`
        : undefined;
    return { app, use: aws === undefined ? notAsked : use };
  });
}

/** The secret is that of our application if the variable names it: `setup` keeps the two together. */
function planSecret(
  { secrets, variables }: RemovalSnapshot,
  { environment }: Selection,
  secret: string,
  variable: string,
  apps: readonly App[],
): Step[] {
  const isStored = secrets.some(({ name }) => name === secret);
  const isOurs = apps.some(({ name }) => name === variables[variable]);
  if (!isStored || !isOurs) return [];
  const object = { system: 'github', object: 'secret', name: secret } as const;
  return [removal(object, 'deleted', (run) => deleteSecret(run, environment, secret))];
}

/** `OCI_REGION` stays: other steps may read it. */
export function planVariables(
  snapshot: RemovalSnapshot,
  { environment }: Selection,
  uses: readonly AppUse[],
): Step[] {
  const { variables, domainUrl, aws, dynamicGroup } = snapshot;
  const isOf = (apps: readonly App[], variable: string) =>
    apps.some(({ name }) => name !== undefined && name === variables[variable]);
  const isOurs = isOf(
    uses.map(({ app }) => app),
    VARIABLES.clientId,
  );
  const isAws = isOf(awsApps(snapshot), AWS_SLOT.variable);
  const url = variables[VARIABLES.domainUrl] ?? '';
  const isOurDomain = URL.canParse(url) && new URL(url).origin === domainUrl;
  const isOurRole = aws?.role !== undefined && variables[ROLE_VARIABLE] === aws.role.arn;
  // The URL and the client ID come last: after an interruption, the next run needs them to find the other variables.
  const names = [
    ...((isOurs || dynamicGroup !== undefined) && isOurDomain
      ? [VARIABLES.audience, VARIABLES.domainUrl].filter((name) => Object.hasOwn(variables, name))
      : []),
    ...(isAws && isOurRole ? [ROLE_VARIABLE] : []),
    ...(isOurs ? [VARIABLES.clientId] : []),
    ...(isAws ? [AWS_SLOT.variable] : []),
  ];
  return names.map((name) =>
    removal({ system: 'github', object: 'variable', name }, variables[name] ?? '', (run) =>
      deleteVariable(run, environment, name),
    ),
  );
}
