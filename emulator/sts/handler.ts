// AWS STS with two actions: AssumeRoleWithWebIdentity and GetCallerIdentity.
// Source: STS API Reference, version 2011-06-15, "Common Errors".

import { AwsError, type XmlMembers } from '../server/aws-xml.ts';
import { type EmulatorRequest, type EmulatorResponse, isForm, pathOf, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { assumeRole } from './assume-role.ts';
import { stsErrorResponse, stsResult } from './responses.ts';
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
    if (error instanceof AwsError) return stsErrorResponse(error, requestId);
    throw error;
  }
}

function actionOf(request: EmulatorRequest, form: URLSearchParams): string {
  if (pathOf(request) !== '/') {
    throw new AwsError(404, 'InvalidAction', 'There is no such resource.', 'no such path');
  }
  if (request.method !== 'POST') {
    // A choice of the emulator: STS accepts GET too, but proxies log the URL and the token in it.
    throw new AwsError(405, 'InvalidAction', 'Only POST is supported.', 'only POST is supported');
  }
  if (new Set(form.keys()).size < [...form.keys()].length) {
    const message = 'The query string contains a syntax error.';
    throw new AwsError(400, 'MalformedQueryString', message, 'a parameter is repeated');
  }
  const action = form.get('Action');
  if (!action) {
    // STS redirects browsers to the product page; a form without Action gets this code.
    const message = 'The request is missing an action or operation parameter.';
    throw new AwsError(400, 'MissingAction', message);
  }
  const version = form.get('Version') || 'NO_VERSION_SPECIFIED';
  if (!['AssumeRoleWithWebIdentity', 'GetCallerIdentity'].includes(action) || version !== VERSION) {
    const message = `Could not find operation ${action} for version ${version}`;
    throw new AwsError(400, 'InvalidAction', message, 'unknown action or version');
  }
  return action;
}

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const SIGNATURE_ERRORS: Readonly<
  Record<Exclude<SigV4Fault, 'skew'>, readonly [status: number, code: string, message: string]>
> = {
  missing: [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
  malformed: [400, 'IncompleteSignature', 'The request signature does not conform to AWS standards.'],
  scope: [403, 'SignatureDoesNotMatch', 'Credential should be scoped to a valid region.'],
  'unknown-key': [403, 'InvalidClientTokenId', INVALID_TOKEN],
  token: [403, 'InvalidClientTokenId', INVALID_TOKEN],
  expired: [403, 'ExpiredToken', 'The security token included in the request is expired'],
  coverage: [403, 'SignatureDoesNotMatch', MISMATCH],
  signature: [403, 'SignatureDoesNotMatch', MISMATCH],
};

function getCallerIdentity(request: EmulatorRequest, world: World): XmlMembers {
  const scope = { service: 'sts', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hashOf(request.body), world);
  if (!verified.ok) {
    const { fault, reason } = verified;
    // RequestExpired is for presigned requests, which are not emulated.
    const [status, code, message] =
      fault === 'skew'
        ? ([403, 'SignatureDoesNotMatch', skewMessage(request, world)] as const)
        : SIGNATURE_ERRORS[fault];
    throw new AwsError(status, code, message, reason);
  }
  const { arn, userId, account } = verified.session;
  return { Arn: arn, UserId: userId, Account: account };
}

function skewMessage(request: EmulatorRequest, world: World): string {
  const given = single(request, 'x-amz-date') ?? '';
  const now = amzDate(world.now());
  return given < now
    ? `Signature expired: ${given} is now earlier than ${amzDate(world.now() - 300_000)} (${now} - 5 min.)`
    : `Signature not yet current: ${given} is still later than ${amzDate(world.now() + 300_000)} (${now} + 5 min.)`;
}
