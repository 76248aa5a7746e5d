// AWS STS with two actions: AssumeRoleWithWebIdentity and GetCallerIdentity.
// Source: STS API Reference, version 2011-06-15, "Common Errors".

import type { XmlMembers } from '../server/aws-xml.ts';
import { type EmulatorRequest, type EmulatorResponse, isForm, pathOf, single } from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { assumeRole } from './assume-role.ts';
import { type REFUSALS, refuse, stsErrorResponse, stsResult } from './responses.ts';
import { amzDate, hashOf, type SigV4Fault, verifySigV4 } from './sigv4.ts';

const VERSION = '2011-06-15';

export async function handleSts(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  const { requestId } = request;
  try {
    const form = new URLSearchParams(isForm(request) ? request.body.toString('utf8') : '');
    const token = form.get('WebIdentityToken') ?? '';
    if (token !== '') world.secrets.add(token);
    const action = actionOf(request, form);
    const result =
      action === 'GetCallerIdentity'
        ? getCallerIdentity(request, world)
        : await assumeRole(request, form, world);
    return stsResult(action, result, requestId);
  } catch (error) {
    if (error instanceof RefusedRequest) return stsErrorResponse(serviceError(error, world), requestId);
    throw error;
  }
}

function actionOf(request: EmulatorRequest, form: URLSearchParams): string {
  if (pathOf(request) !== '/') {
    throw refuse('noSuchPath', 'no such path');
  }
  if (request.method !== 'POST') {
    throw refuse('wrongMethod', 'only POST is supported');
  }
  if (new Set(form.keys()).size < [...form.keys()].length) {
    throw refuse('repeatedParameter', 'a parameter is repeated');
  }
  const action = form.get('Action');
  if (!action) {
    // STS redirects browsers to the product page; a form without Action gets this code.
    throw refuse('missingAction');
  }
  const version = form.get('Version') || 'NO_VERSION_SPECIFIED';
  if (!['AssumeRoleWithWebIdentity', 'GetCallerIdentity'].includes(action) || version !== VERSION) {
    throw refuse('unknownAction', 'unknown action or version', { action, version });
  }
  return action;
}

/** RequestExpired is for presigned requests, which are not emulated. */
const SIGNATURE_REFUSALS: Readonly<Record<Exclude<SigV4Fault, 'skew'>, keyof typeof REFUSALS>> = {
  missing: 'unsigned',
  malformed: 'malformedSignature',
  scope: 'wrongScope',
  'unknown-key': 'invalidClientToken',
  token: 'invalidClientToken',
  expired: 'expiredSession',
  coverage: 'signatureMismatch',
  signature: 'signatureMismatch',
};

function getCallerIdentity(request: EmulatorRequest, world: World): XmlMembers {
  const scope = { service: 'sts', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hashOf(request.body), world);
  if (!verified.ok) {
    const { fault, reason } = verified;
    throw fault === 'skew' ? skewed(request, reason, world) : refuse(SIGNATURE_REFUSALS[fault], reason);
  }
  const { arn, userId, account } = verified.session;
  return { Arn: arn, UserId: userId, Account: account };
}

function skewed(request: EmulatorRequest, reason: string, world: World): RefusedRequest {
  const given = single(request, 'x-amz-date') ?? '';
  const now = amzDate(world.now());
  return given < now
    ? refuse('signatureTooOld', reason, { given, now, limit: amzDate(world.now() - 300_000) })
    : refuse('signatureTooNew', reason, { given, now, limit: amzDate(world.now() + 300_000) });
}
