// GetCallerIdentity: whose credentials signed this request? Source: STS API Reference, "Common Errors".
// Must not know how the credentials came about.
import { type EmulatorRequest, single } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { StsError } from './responses.ts';
import { amzDate, type SigV4Fault, verifySigV4 } from './sigv4.ts';
import { hashOf } from './sigv4-canonical.ts';
import type { ActionResult } from './web-identity.ts';

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const ERRORS: Readonly<Record<SigV4Fault, StsError>> = {
  missing: error(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'),
  malformed: error(400, 'IncompleteSignature', 'The request signature does not conform to AWS standards.'),
  scope: error(403, 'SignatureDoesNotMatch', 'Credential should be scoped to a valid region.'),
  // The text is composed below. RequestExpired is for presigned requests, which are not served here.
  skew: error(403, 'SignatureDoesNotMatch', ''),
  'unknown-key': error(403, 'InvalidClientTokenId', INVALID_TOKEN),
  token: error(403, 'InvalidClientTokenId', INVALID_TOKEN),
  expired: error(403, 'ExpiredToken', 'The security token included in the request is expired'),
  coverage: error(403, 'SignatureDoesNotMatch', MISMATCH),
  signature: error(403, 'SignatureDoesNotMatch', MISMATCH),
};

export function caller(request: EmulatorRequest, world: World): ActionResult {
  const scope = { service: 'sts', region: world.settings.awsRegion };
  const verified = verifySigV4(request, scope, hashOf(request.body), world);
  if (!verified.ok) {
    const { fault, reason } = verified;
    const message = fault === 'skew' ? skewText(request, world) : ERRORS[fault].message;
    return { ok: false, error: { ...ERRORS[fault], message, reason } };
  }
  const { arn, userId, account } = verified.session;
  return { ok: true, members: { Arn: arn, UserId: userId, Account: account } };
}

function skewText(request: EmulatorRequest, world: World): string {
  const given = single(request, 'x-amz-date') ?? '';
  const now = amzDate(world.now());
  return given < now
    ? `Signature expired: ${given} is now earlier than ${amzDate(world.now() - 300_000)} (${now} - 5 min.)`
    : `Signature not yet current: ${given} is still later than ${amzDate(world.now() + 300_000)} (${now} + 5 min.)`;
}

function error(status: number, code: string, message: string): StsError {
  return { status, code, message };
}
