// AssumeRoleWithWebIdentity: parameters, then the token, then the role's trust, then credentials.
// Source: STS API Reference. Must not know XML.

import type { EmulatorRequest } from '../server/message.ts';
import type { World } from '../server/world.ts';
import { providerArn, rolesOf } from './aws-accounts.ts';
import { openSession } from './aws-session.ts';
import type { StsError } from './responses.ts';
import { trusts } from './role-trust.ts';
import { type AssumeRoleParameters, readParameters } from './web-identity-parameters.ts';
import { identify, type WebIdentity } from './web-identity-token.ts';
import type { XmlMembers } from './xml.ts';

export type ActionResult = { ok: true; members: XmlMembers } | { ok: false; error: StsError };

export async function assumeRole(
  request: EmulatorRequest,
  form: URLSearchParams,
  world: World,
): Promise<ActionResult> {
  if (request.headers['authorization'] !== undefined) {
    // Our choice: what the real one does with a signature it does not ask for is unknown. The model says "none".
    const message = 'AssumeRoleWithWebIdentity takes no Authorization header.';
    const reason = 'the call is to be unsigned';
    return { ok: false, error: { status: 403, code: 'SignatureDoesNotMatch', message, reason } };
  }
  const read = readParameters(form, world);
  if (!read.ok) {
    return read;
  }
  const found = await identify(read.parameters.token, read.parameters.role.account, world);
  if (!found.ok) {
    return found;
  }
  const { parameters } = read;
  const { identity } = found;
  const error = roleFault(parameters, identity, world);
  return error ? { ok: false, error } : { ok: true, members: answer(parameters, identity, world) };
}

/** An unknown role looks like one that does not trust: AWS never says which. */
function roleFault(
  { roleArn, role, sessionName, durationSeconds }: AssumeRoleParameters,
  identity: WebIdentity,
  world: World,
): StsError | undefined {
  const found = rolesOf(world).find(({ arn }) => arn === roleArn);
  if (!found || !trusts(found.trustPolicy, providerArn(role, identity.issuer), identity, sessionName)) {
    return {
      status: 403,
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      reason: found ? 'the trust policy does not allow it' : 'no such role',
    };
  }
  // Only those whom the role trusts learn how long it lasts; where the real one checks this is unknown.
  return durationSeconds <= found.maxSessionDuration
    ? undefined
    : {
        status: 400,
        code: 'ValidationError',
        message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
        reason: 'longer than MaxSessionDuration',
      };
}

function answer(
  { role, sessionName, durationSeconds }: AssumeRoleParameters,
  identity: WebIdentity,
  world: World,
): XmlMembers {
  const session = openSession(world, role, sessionName, durationSeconds);
  return {
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    Credentials: {
      SessionToken: session.sessionToken,
      SecretAccessKey: session.secretAccessKey,
      Expiration: new Date(session.expires).toISOString().replace('.000Z', 'Z'),
      AccessKeyId: session.accessKeyId,
    },
    // The documentation promises `iss`; published answers show the provider's ARN throughout.
    Provider: providerArn(role, identity.issuer),
  };
}
