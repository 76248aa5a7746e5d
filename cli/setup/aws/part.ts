// The AWS side of `setup`, on request: application, settings of the domain, OIDC provider and role.
import type { Clock, Http } from '../../../src/ports.ts';
import type { AwsIam } from '../../aws/aws.ts';
import { admits } from '../../aws/trust-policy.ts';
import { awsTerraform } from '../../emit/aws.ts';
import { setVariable } from '../apply-app.ts';
import { check } from '../checks.ts';
import { isMark } from '../names.ts';
import type { Check, Made, Part, Run, SetupContext, Step } from '../part.ts';
import { planStoredSecret, type StoredClient } from '../plan-secret.ts';
import type { Selection } from '../selection.ts';
import { expression } from '../snippet.ts';
import { keep, refuse } from '../steps.ts';
import { AWS_TAG, planAwsApp } from './app.ts';
import { awaitDiscovery, discoveryFault } from './discovery.ts';
import { type AwsTools, planProvider, planRole, roleArnOf } from './role.ts';
import { AWS_SLOT, type AwsSelection, ROLE_VARIABLE } from './selection.ts';
import { planSettings } from './settings.ts';
import { type AwsSnapshot, readAwsSide } from './snapshot.ts';

interface AwsServices {
  aws: AwsIam;
  /** Without credentials, as AWS reads the domain. */
  http: Http;
  clock: Clock;
  /** Shows a line that is no change. */
  progress(line: string): void;
}

export function awsPart(wanted: AwsSelection, services: AwsServices): Part {
  const { aws } = services;
  return {
    inputs: {
      'aws-role-arn': expression('vars', ROLE_VARIABLE),
      'aws-region': 'us-east-1 # that of your resources',
      'aws-client-id': expression('vars', AWS_SLOT.variable),
      'aws-client-secret': expression('secrets', AWS_SLOT.secret),
      'aws-allowed-account-ids': `"${wanted.accountId}"`,
    },
    async plan(context, before) {
      const snapshot = await readAwsSide(context, before, wanted, aws);
      return planAwsSide(snapshot, context.selection, wanted, toolsFor(services, snapshot));
    },
    async terraform(context, before) {
      const snapshot = await readAwsSide(context, before, wanted, aws);
      return awsTerraform(snapshot, context.selection, wanted, before.domainUrl);
    },
    async verify(context, after) {
      const snapshot = await readAwsSide(context, after, wanted, aws);
      return checksOf(context, wanted, snapshot, services.http);
    },
  };
}

function planAwsSide(
  snapshot: AwsSnapshot,
  selection: Selection,
  wanted: AwsSelection,
  tools: AwsTools,
): Step[] {
  const { app, secrets, variables, role, providerArn } = snapshot;
  const { audience } = wanted;
  const client = { providerArn, audience, clientId: app?.name ?? '' };
  const stored: StoredClient = {
    app,
    name: wanted.app,
    appOption: '--aws-app',
    slot: AWS_SLOT,
    secrets,
    variables,
    isOurs: app?.tags?.some(({ key, value }) => key === AWS_TAG && isMark(value)) === true,
    isTrusted: role !== undefined && admits(role.trustPolicy, client),
    wantsNewSecret: wanted.wantsNewSecret,
  };
  // The order is that of the dependencies: AWS reads the domain when the provider is created.
  const steps = [
    ...planAwsApp(snapshot, selection, wanted, stored),
    ...planStoredSecret(stored, selection),
    ...planSettings(snapshot, selection),
    ...planProvider(snapshot, wanted, tools),
    ...planRole(snapshot, selection, wanted, tools),
    planRoleVariable(snapshot, selection, wanted),
  ];
  const made: Made = {
    ...(app && { appId: app.id }),
    ...(app?.name !== undefined && { clientId: app.name }),
  };
  return steps.map((step) => withMade(step, made));
}

/** Ids and secret of the application for AWS are not those of the application for OCI. */
function withMade({ apply, ...step }: Step, made: Made): Step {
  return apply === undefined ? step : { ...step, apply: (run) => apply({ ...run, made }) };
}

function planRoleVariable(snapshot: AwsSnapshot, { environment }: Selection, wanted: AwsSelection): Step {
  const object = { system: 'github', object: 'variable', name: ROLE_VARIABLE } as const;
  const current = snapshot.variables[ROLE_VARIABLE];
  const arn = roleArnOf(snapshot, wanted);
  if (current === arn) return keep(object, arn);
  if (current !== undefined)
    return refuse(
      object,
      `is ${current}: its jobs assume another role; choose another environment, or delete the variable`,
    );
  return {
    action: { ...object, op: 'create', text: arn, after: arn },
    apply: (run) => setVariable(run, environment, ROLE_VARIABLE, arn),
  };
}

function toolsFor({ aws, http, clock, progress }: AwsServices, { issuer }: AwsSnapshot): AwsTools {
  let isUsable = false;
  return {
    aws,
    sleep: clock.sleep,
    async awaitDiscovery({ scim }: Run) {
      if (isUsable) return;
      await awaitDiscovery({ http, clock, progress }, issuer, scim.url);
      isUsable = true;
    },
  };
}

async function checksOf(
  { scim }: SetupContext,
  wanted: AwsSelection,
  { issuer, app, provider, providerArn, role }: AwsSnapshot,
  http: Http,
): Promise<Check[]> {
  const fault = await discoveryFault(http, issuer, scim.url);
  const client = { providerArn, audience: wanted.audience, clientId: app?.name ?? '' };
  const isKnown = provider?.clientIds.includes(wanted.audience) === true;
  const isTrusted = role !== undefined && admits(role.trustPolicy, client);
  const { role: name } = wanted;
  return [
    check('discovery for AWS', fault === undefined, `issuer ${issuer}, keys public`, fault ?? ''),
    check('OIDC provider', isKnown, `client ID ${wanted.audience}`, `${providerArn} does not know it`),
    check('role', isTrusted, `${name} admits the application`, `${name} does not admit the application`),
  ];
}
