// AWS IAM with the actions that set up and audit an OIDC provider and roles. What is made here counts in the emulated STS.
// Source: IAM API Reference, version 2010-05-08.
import { type EmulatorRequest, type EmulatorResponse, isForm, pathOf } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import type { RoleSession } from '../sts/role-session.ts';
import { hashOf, type SigV4Fault, verifySigV4 } from '../sts/sigv4.ts';
import type { Action } from './parameters.ts';
import { PROVIDER_ACTIONS } from './providers.ts';
import { awsIamError, awsIamResult, type REFUSALS, refuse } from './responses.ts';
import { ROLE_ACTIONS } from './roles.ts';

const VERSION = '2010-05-08';
/** IAM is one service for all regions of a partition; its requests are signed for this region. */
const SCOPE = { service: 'iam', region: 'us-east-1' };
const ACTIONS: Readonly<Record<string, Action>> = { ...PROVIDER_ACTIONS, ...ROLE_ACTIONS };
const READS = /^(Get|List)/;

const SIGNATURE_REFUSALS: Readonly<Record<SigV4Fault, keyof typeof REFUSALS>> = {
  missing: 'unsigned',
  malformed: 'malformedSignature',
  scope: 'wrongScope',
  skew: 'signatureMismatch',
  'unknown-key': 'invalidClientToken',
  token: 'invalidClientToken',
  expired: 'expiredSession',
  coverage: 'signatureMismatch',
  signature: 'signatureMismatch',
};

export async function handleAwsIam(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const form = new URLSearchParams(isForm(request) ? request.body.toString('utf8') : '');
  const action = form.get('Action') ?? '';
  try {
    return { ...respond(request, action, form, world), action };
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return { ...awsIamError(serviceError(error, world), request.requestId), action };
  }
}

function respond(
  request: EmulatorRequest,
  name: string,
  form: URLSearchParams,
  world: World,
): EmulatorResponse {
  if (pathOf(request) !== '/' || request.method !== 'POST' || name === '') throw refuse('notAForm');
  const session = authenticate(request, world);
  const version = form.get('Version') ?? '';
  const action = Object.hasOwn(ACTIONS, name) && version === VERSION ? ACTIONS[name] : undefined;
  if (!action) throw refuse('unknownAction', name, { action: name, version });
  checkAllowed(name, form, session, world);
  if (!READS.test(name)) {
    world.settings.beforeAwsWrite?.(name);
    simulateConflict(world);
  }
  const result = action({ form, world, account: session.account });
  return awsIamResult(name, result, request.requestId);
}

function authenticate(request: EmulatorRequest, world: World): RoleSession {
  const verified = verifySigV4(request, SCOPE, hashOf(request.body), world);
  if (!verified.ok) throw refuse(SIGNATURE_REFUSALS[verified.fault], verified.reason);
  return verified.session;
}

/** Policies of users are not emulated: everything is allowed, except to sessions of roles and what the settings deny. */
function checkAllowed(
  action: string,
  form: URLSearchParams,
  { arn }: RoleSession,
  { settings }: World,
): void {
  const isUser = arn.includes(':user/');
  if (isUser && !settings.deniedAwsActions.includes(action)) return;
  const resource =
    form.get('OpenIDConnectProviderArn') ?? `arn:aws:iam::*:role/${form.get('RoleName') ?? '*'}`;
  throw refuse('denied', action, { arn, action, resource });
}

function simulateConflict({ settings }: World): void {
  if (settings.concurrentModifications <= 0) return;
  settings.concurrentModifications -= 1;
  throw refuse('concurrent');
}
