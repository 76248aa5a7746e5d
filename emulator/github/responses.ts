// How GitHub's OIDC issuer refuses. The client must not read these texts: GitHub does not publish its own.
import { type EmulatorResponse, json } from '../server/message.ts';
import { invented, type Refusal, RefusedRequest, serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';

export const REFUSALS = {
  noApiVersion: invented(400, '', 'api-version is required exactly once', 'none'),
  repeatedAudience: invented(400, '', 'audience given more than once', 'none'),
  noBearer: invented(401, '', 'a bearer token is required', 'none'),
  wrongBearer: invented(401, '', 'the bearer token is not that of this job', 'none'),
  expiredBearer: invented(401, '', 'the bearer token has expired', 'none'),
  wrongMethod: invented(403, '', 'only GET is supported', 'none'),
  notFound: invented(404, '', 'no such resource', 'none'),
  unavailable: invented(503, '', 'The service is unavailable.', 'none'),
};

export function githubError(refusal: Refusal, world: World): EmulatorResponse {
  const { status, text } = serviceError(new RefusedRequest(refusal), world);
  return { ...json(status, { message: text }), reason: refusal.text };
}
