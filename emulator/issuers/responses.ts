// How the endpoints of CI systems refuse a job that requests a token.
import { type EmulatorResponse, json, noContent } from '../server/message.ts';
import {
  confirmed,
  invented,
  type Refusal,
  RefusedRequest,
  reported,
  serviceError,
} from '../server/refusal.ts';
import type { World } from '../server/world.ts';

const AGENT = 'text: none; status: the source of buildkite/agent, which does not retry it';

export const FORGEJO_REFUSALS = {
  noBearer: invented(401, '', 'a bearer token is required', 'none'),
  wrongBearer: invented(401, '', 'the bearer token is not that of this job', 'none'),
  wrongMethod: invented(405, '', 'only GET is supported', 'none'),
  notFound: invented(404, '', 'no such resource', 'none'),
};

export const AZURE_DEVOPS_REFUSALS = {
  signIn: confirmed(302, '', '', 'pull request Azure/azure-sdk-for-cpp#6019, and those of four other SDKs'),
  unauthorized: confirmed(401, '', '', 'pull request Azure/azure-sdk-for-net#46135'),
  unknownConnection: reported(404, '', '', 'issue MicrosoftDocs/vsts-rest-api-specs#709'),
  wrongMethod: reported(
    405,
    '',
    "The requested resource does not support http method '{method}'.",
    'issue MicrosoftDocs/azure-devops-docs#13631, for another call',
  ),
  noApiVersion: invented(
    400,
    '',
    'api-version is required',
    'text: none; that it is required: REST API reference',
  ),
};

export const BUILDKITE_REFUSALS = {
  unauthorized: invented(401, '', 'Unauthorized', AGENT),
  invalidLifetime: invented(422, '', 'lifetime is too long', AGENT),
  notFound: invented(404, '', 'no such job', 'none'),
};

export const CIRCLECI_REFUSALS = {
  unauthorized: invented(401, '', 'Unauthorized', 'none'),
  invalidClaims: invented(
    400,
    '',
    'only the claim aud can be customized',
    'text: none; the rule: CircleCI docs',
  ),
  notFound: invented(404, '', 'no such job', 'none'),
};

/** Of an issuer's public documents. */
export const DOCUMENT_REFUSALS = {
  notFound: invented(404, '', 'no such resource', 'none'),
  unavailable: invented(503, '', 'The service is unavailable.', 'none'),
};

const SIGN_IN = 'https://spsprodeus1.vssps.visualstudio.com/_signin';

type Values = Readonly<Record<string, string>>;

/** `{"message": …}`, or an empty body where nobody reports one. */
export function ciError(refusal: Refusal, world: World, values: Values = {}): EmulatorResponse {
  const { status, text } = serviceError(new RefusedRequest(refusal, undefined, values), world);
  const reason = refusal.text || `status ${status}`;
  if (text !== '') return { ...json(status, { message: text }), reason };
  return { ...noContent(status, status === 302 ? { Location: SIGN_IN } : {}), reason };
}
